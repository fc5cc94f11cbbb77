using Grpc.Core;
using Grpc.Health.V1;
using Tributary.Hosting.Health;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Tributary.Hosting.Grpc;

/// <summary>Readiness in gRPC's own protocol (grpc.health.v1), as balancers and Kubernetes ask for it.</summary>
internal sealed class HealthService(HealthReporter reporter, ServedDescriptors served, TimeProvider time)
    : global::Grpc.Health.V1.Health.HealthBase
{
    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(1);

    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        if (!IsKnown(request.Service))
            throw new RpcException(new Status(StatusCode.NotFound, "No such service here."));
        return new HealthCheckResponse { Status = await StatusAsync(request.Service, context.CancellationToken) };
    }

    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        var told = ServingStatus.Unknown;
        while (!context.CancellationToken.IsCancellationRequested)
        {
            var status = await StatusAsync(request.Service, context.CancellationToken);
            if (status != told)
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, context.CancellationToken);
            told = status;
            await Task.Delay(WatchEvery, time, context.CancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<ServingStatus> StatusAsync(string service, CancellationToken cancellationToken)
    {
        if (!IsKnown(service)) return ServingStatus.ServiceUnknown;
        var answer = await reporter.ReportAsync(cancellationToken);
        return answer.IsReady ? ServingStatus.Serving : ServingStatus.NotServing;
    }

    private bool IsKnown(string service) => service.Length == 0 || served.Services.Contains(service);
}
