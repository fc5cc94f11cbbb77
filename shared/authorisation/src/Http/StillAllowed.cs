using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Authorisation.Http;

namespace Tributary.Authorisation;

/// <summary>For answers that last: whether their caller would be let in now.</summary>
public static class StillAllowed
{
    extension(HttpContext context)
    {
        /// <summary>Whether the key that the request showed is still good for this permission.</summary>
        public bool MayStill(string permission)
        {
            if (Credential.Of(context.Request) is not { } key) return false;

            Span<byte> buffer = stackalloc byte[1024];
            var directory = context.RequestServices.GetRequiredService<AccountDirectory>();
            return directory.FindKey(Credential.BytesOf(key, buffer)) is { } caller && caller.May(permission);
        }
    }
}
