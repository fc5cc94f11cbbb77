using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Tributary.Contracts.V1;

namespace Tributary.Authorisation.Testing;

/// <summary>
/// Accounts for tests and benches of what authorises: keys in clear, and the states that accounts would publish.
/// </summary>
public static class SampleAccounts
{
    public static ByteString Bytes(Guid id) => ByteString.CopyFrom(id.ToByteArray(bigEndian: true));

    public static ByteString HashOf(string key) => ByteString.CopyFrom(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    public static AccountState Organisation(Guid organisation, long version) =>
        new() { Organisation = Bytes(organisation), Version = version, Name = "Sample", Limits = new() };

    extension(AccountState state)
    {
        public AccountState WithSource(Guid source, string writeKey)
        {
            state.Sources.Add(new SourceState
            {
                Source = Bytes(source),
                App = Bytes(Guid.NewGuid()),
                Name = "Shop",
                Kind = "web",
                Enabled = true,
                WriteKeyHashes = { HashOf(writeKey) },
            });
            return state;
        }

        public AccountState WithKey(Guid key, string apiKey, params IEnumerable<string> permissions)
        {
            state.ApiKeys.Add(new ApiKeyState
            {
                Key = Bytes(key),
                Hash = HashOf(apiKey),
                Name = "Robot",
                Permissions = { permissions },
            });
            return state;
        }
    }

    /// <summary>
    /// A directory that knows these and follows nothing: register it before <c>AddAccountDirectory</c>.
    /// </summary>
    public static AccountDirectory Directory(TimeProvider time, params IEnumerable<AccountState> states)
    {
        var directory = new AccountDirectory(time);
        foreach (var state in states) directory.Learn(state);
        directory.Show();
        return directory;
    }
}
