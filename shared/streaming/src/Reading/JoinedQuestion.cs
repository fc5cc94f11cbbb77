namespace Tributary.Streaming.Reading;

/// <summary>
/// A question that many ask at once and that is put once at a time. Each gets an answer to a question put after it
/// asked, so that an answer never is older than the need for it.
/// </summary>
internal sealed class JoinedQuestion<TAnswer>(Func<Task<TAnswer>> put)
{
    private readonly Lock _lock = new();
    private Task<TAnswer>? _running;
    private Task<TAnswer>? _next;

    public Task<TAnswer> AskAsync()
    {
        lock (_lock)
        {
            if (_next is not null) return _next;
            if (_running is { IsCompleted: false }) return _next = PutAfterAsync(_running);
            return _running = put();
        }
    }

    private async Task<TAnswer> PutAfterAsync(Task running)
    {
        await Task.WhenAny(running); // Its failure is for those who asked it.
        Task<TAnswer> mine;
        lock (_lock)
        {
            _next = null;
            mine = _running = put();
        }
        return await mine;
    }
}
