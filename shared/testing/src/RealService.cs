using NUnit.Framework;

namespace Tributary.Testing;

/// <summary>Where an integration test finds a real server. Absent: skipped on a laptop, failed in CI.</summary>
public static class RealService
{
    public static string Address(string variable)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } address) return address;

        var reason = $"{variable} is not set";
        if (Environment.GetEnvironmentVariable("CI") is not null) Assert.Fail(reason);
        Assert.Ignore(reason);
        throw new InvalidOperationException(reason);
    }
}
