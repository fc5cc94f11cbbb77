using System.Collections.Frozen;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Polly;
using Polly.Retry;

namespace Tributary.Hosting.Grpc;

/// <summary>Gives calls with one response a deadline, and repeats them while it lasts and where it is safe.</summary>
internal sealed class CallDefaults : Interceptor
{
    private readonly ServiceClientOptions _options;
    private readonly FrozenSet<string> _repeatable;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _anyUnavailable;
    private readonly ResiliencePipeline _onlyUnsent;

    public CallDefaults(ServiceClientOptions options, FrozenSet<string> repeatable, TimeProvider time)
    {
        (_options, _repeatable, _time) = (options, repeatable, time);
        _anyUnavailable = Pipeline(fault => fault.StatusCode is StatusCode.Unavailable);
        _onlyUnsent = Pipeline(WasNotSent);
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        BlockingUnaryCallContinuation<TRequest, TResponse> continuation) =>
        PipelineOf(context.Method).Execute(() => continuation(request, WithDeadline(context)));

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var bounded = WithDeadline(context);
        var attempts = new Attempts<TResponse>(
            () => continuation(request, bounded), PipelineOf(context.Method), context.Options.CancellationToken);
        var response = attempts.RunAsync();
        return new(
            response,
            attempts.HeadersAsync(response),
            attempts.Status,
            attempts.Trailers,
            attempts.Dispose);
    }

    private ResiliencePipeline PipelineOf(IMethod method) =>
        _repeatable.Contains(method.FullName) ? _anyUnavailable : _onlyUnsent;

    private ClientInterceptorContext<TRequest, TResponse> WithDeadline<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context)
        where TRequest : class
        where TResponse : class
    {
        var deadline = context.Options.Deadline ?? (_time.GetUtcNow() + _options.Deadline).UtcDateTime;
        return new(context.Method, context.Host, context.Options.WithDeadline(deadline));
    }

    private ResiliencePipeline Pipeline(Func<RpcException, bool> isSafe) => _options.AttemptsMax == 1
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle(isSafe),
                MaxRetryAttempts = _options.AttemptsMax - 1,
                BackoffType = DelayBackoffType.Exponential,
                Delay = _options.Backoff,
                MaxDelay = TimeSpan.FromSeconds(2),
                UseJitter = true,
            })
            .Build();

    private static bool WasNotSent(RpcException fault) => fault.StatusCode is StatusCode.Unavailable
        && fault.Status.DebugException is SocketException
            or HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
        };

    /// <summary>One call to its caller, however many were made. The last one speaks for all.</summary>
    private sealed class Attempts<TResponse>(
        Func<AsyncUnaryCall<TResponse>> start, ResiliencePipeline pipeline, CancellationToken cancellationToken)
    {
        private readonly CancellationTokenSource _ended =
            CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        private AsyncUnaryCall<TResponse>? _last;

        public async Task<TResponse> RunAsync()
        {
            try
            {
                return await pipeline.ExecuteAsync(AttemptAsync, _ended.Token);
            }
            catch (OperationCanceledException) when (_ended.IsCancellationRequested)
            {
                throw new RpcException(new Status(StatusCode.Cancelled, "Cancelled by its caller between attempts."));
            }
        }

        public async Task<Metadata> HeadersAsync(Task<TResponse> response)
        {
            await ((Task)response).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return _last is { } call ? await call.ResponseHeadersAsync : Metadata.Empty;
        }

        public Status Status() =>
            _last?.GetStatus() ?? throw new InvalidOperationException("The call has not ended.");

        public Metadata Trailers() =>
            _last?.GetTrailers() ?? throw new InvalidOperationException("The call has not ended.");

        public void Dispose()
        {
            _ended.Cancel();
            _last?.Dispose();
        }

        private async ValueTask<TResponse> AttemptAsync(CancellationToken attemptCancelled)
        {
            attemptCancelled.ThrowIfCancellationRequested();
            _last?.Dispose();
            _last = start();
            return await _last.ResponseAsync;
        }
    }
}
