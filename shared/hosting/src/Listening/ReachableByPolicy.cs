using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Tributary.Hosting.Listening;

/// <summary>
/// Keeps what is for operators off the public ports, and what is public off the operators' port. A request over no
/// listener of ours (a test server in memory) reaches everything.
/// </summary>
internal sealed class ReachableByPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    private static readonly ReachableBy Public = new(Listener.Http, Listener.Grpc);

    public override int Order => 0;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => true;

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        if (httpContext.Features.Get<ListenerFeature>() is not { } came) return Task.CompletedTask;

        for (var index = 0; index < candidates.Count; index++)
        {
            var reachable = candidates[index].Endpoint.Metadata.GetMetadata<ReachableBy>() ?? Public;
            if (!reachable.Listeners.Contains(came.Listener)) candidates.SetValidity(index, value: false);
        }
        return Task.CompletedTask;
    }
}
