using System.Text.RegularExpressions;

namespace Tributary.Postgres;

/// <summary>A service's schema and its roles. Their names are made of safe characters.</summary>
internal sealed partial record ServiceRoles
{
    public ServiceRoles(string prefix, string service)
    {
        if (!Name().IsMatch(service)) throw new ArgumentException("a service is named in lower case", nameof(service));
        Service = service;
        Start = $"{prefix}_{service}_";
    }

    public string Service { get; }
    public string Owner => Start + "owner";
    public string Request => Start + "request";
    public string Consumer => Start + "consumer";
    public string Relay => Start + "relay";
    public string Lookup => Start + "lookup";

    public IReadOnlyList<string> All => [Owner, Request, Consumer, Relay, Lookup];

    /// <summary>Those that connections take; <see cref="Lookup"/> only owns functions.</summary>
    public IReadOnlyList<string> Taken => [Owner, Request, Consumer, Relay];

    private string Start { get; }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,29}$")]
    private static partial Regex Name();
}
