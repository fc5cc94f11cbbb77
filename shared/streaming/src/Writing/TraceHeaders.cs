using System.Diagnostics;
using System.Text;

namespace Tributary.Streaming.Writing;

/// <summary>W3C trace context in record headers, so that a trace goes on where the record is read.</summary>
internal static class TraceHeaders
{
    public static readonly ActivitySource Activities = new("Tributary.Streaming");
    private const string Parent = "traceparent";
    private const string State = "tracestate";

    public static void Add(Activity? activity, ICollection<RecordHeader> headers)
    {
        if (activity is not { IdFormat: ActivityIdFormat.W3C, Id: { } id }) return;
        if (headers.Any(header => header.Name == Parent)) return; // A record passed on keeps the trace it came with.
        headers.Add(new RecordHeader(Parent, Encoding.ASCII.GetBytes(id)));
        if (activity.TraceStateString is { Length: > 0 } state)
            headers.Add(new RecordHeader(State, Encoding.ASCII.GetBytes(state)));
    }

    public static ActivityContext? Of(IReadOnlyList<RecordHeader> headers)
    {
        string? parent = null, state = null;
        foreach (var header in headers)
        {
            if (header.Name == Parent) parent = Encoding.ASCII.GetString(header.Value.Span);
            if (header.Name == State) state = Encoding.ASCII.GetString(header.Value.Span);
        }
        return parent is not null && ActivityContext.TryParse(parent, state, isRemote: true, out var context)
            ? context
            : null;
    }
}
