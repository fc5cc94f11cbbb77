using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Tributary.Authorisation;
using Tributary.Contracts.V1;

namespace Tributary.Console.Tests;

/// <summary>An organisation with two sources and three keys, as accounts.v1 would tell it.</summary>
internal static class Shop
{
    public const string Key = "trib_reader";
    public const string WeakKey = "trib_writer";
    public static readonly Guid Web = Guid.Parse("0192f0c4-0000-7000-8000-000000000011");
    public static readonly Guid Server = Guid.Parse("0192f0c4-0000-7000-8000-000000000012");
    private static readonly Guid Organisation = Guid.Parse("0192f0c4-0000-7000-8000-000000000001");

    public static AccountDirectory Directory()
    {
        var directory = new AccountDirectory(TimeProvider.System);
        directory.Learn(State(version: 1, isRevoked: false));
        directory.Show();
        return directory;
    }

    public static void Revoke(AccountDirectory directory)
    {
        directory.Learn(State(version: 2, isRevoked: true));
        directory.Show();
    }

    private static AccountState State(long version, bool isRevoked) => new()
    {
        Organisation = Bytes(Organisation),
        Version = version,
        Name = "Northwind Shop",
        Sources =
        {
            new SourceState { Source = Bytes(Web), Name = "Web shop", Kind = "web", Enabled = true },
            new SourceState { Source = Bytes(Server), Name = "Order server", Kind = "server", Enabled = true },
        },
        ApiKeys =
        {
            KeyOf(Key, "events:read", isRevoked),
            KeyOf(WeakKey, "sources:read", isRevoked: false),
        },
    };

    private static ApiKeyState KeyOf(string key, string permission, bool isRevoked) => new()
    {
        Key = Bytes(Guid.NewGuid()),
        Hash = ByteString.CopyFrom(SHA256.HashData(Encoding.UTF8.GetBytes(key))),
        Permissions = { permission },
        Revoked = isRevoked,
        Name = "A person's",
    };

    private static ByteString Bytes(Guid id) => ByteString.CopyFrom(id.ToByteArray(bigEndian: true));
}
