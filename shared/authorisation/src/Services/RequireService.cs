using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Tributary.Hosting.Grpc;

namespace Tributary.Authorisation;

/// <summary>Calls between services.</summary>
public static class RequireServices
{
    /// <summary>Only services of this installation, by the key that they share.</summary>
    public static TBuilder RequireService<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(builder => builder.Metadata.Add(Services.ServiceAsked.Instance));
        return endpoint;
    }

    extension(ServerCallContext context)
    {
        /// <summary>The service that calls, by its own word and the shared key.</summary>
        public string CallingService() => context.RequestHeaders.GetValue(CallIdentity.Service) ?? "";

        /// <summary>The organisation that the caller acts for.</summary>
        /// <exception cref="RpcException">It names none: InvalidArgument.</exception>
        public Guid ActingOrganisation() =>
            Guid.TryParseExact(context.RequestHeaders.GetValue(CallIdentity.Organisation), "D", out var organisation)
                ? organisation
                : throw new RpcException(new(StatusCode.InvalidArgument, "The call names no acting organisation."));
    }
}
