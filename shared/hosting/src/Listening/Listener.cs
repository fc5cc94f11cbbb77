namespace Tributary.Hosting.Listening;

/// <summary>The three doors of a service. Each connection carries the one it came in by.</summary>
internal enum Listener
{
    Http,
    Grpc,
    Operations,
}

/// <summary>Set on a connection, and readable as a feature of each of its requests.</summary>
internal sealed record ListenerFeature(Listener Listener);

/// <summary>On an endpoint: the doors by which it can be reached. Without it: every door but operations.</summary>
internal sealed record ReachableBy(params Listener[] Listeners);
