using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Tributary.Console.Sessions;

/// <summary>
/// Seals what browsers keep for us (AES-256-GCM), under keys that come from the installation's secret and the purpose:
/// every instance opens what another sealed, a restart signs nobody out, and no folder of keys is kept.
/// </summary>
internal sealed class Sealing : IDataProtectionProvider
{
    private readonly byte[] _secret;

    public Sealing(IOptions<SealingOptions> options)
        : this(options.Value.Key is { Length: > 0 } key
            ? Encoding.UTF8.GetBytes(key) : RandomNumberGenerator.GetBytes(32))
    {
    }

    private Sealing(byte[] secret) => _secret = secret;

    public IDataProtector CreateProtector(string purpose) => new Seal(_secret, purpose);

    private sealed class Seal(byte[] secret, string purpose) : IDataProtector
    {
        private const byte Format = 1;
        private const int NonceBytes = 12;
        private const int TagBytes = 16;
        private const int HeadBytes = 1 + NonceBytes + TagBytes;

        private readonly byte[] _key = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, secret, outputLength: 32, info: Encoding.UTF8.GetBytes(purpose));

        public IDataProtector CreateProtector(string purpose) => new Seal(_key, purpose);

        public byte[] Protect(byte[] plaintext)
        {
            var whole = new byte[HeadBytes + plaintext.Length];
            whole[0] = Format;
            var nonce = whole.AsSpan(1, NonceBytes);
            RandomNumberGenerator.Fill(nonce);
            using var cipher = new AesGcm(_key, TagBytes);
            cipher.Encrypt(nonce, plaintext, whole.AsSpan(HeadBytes), whole.AsSpan(1 + NonceBytes, TagBytes));
            return whole;
        }

        /// <exception cref="CryptographicException">Not sealed by us for this purpose, or changed since.</exception>
        public byte[] Unprotect(byte[] protectedData)
        {
            if (protectedData.Length < HeadBytes || protectedData[0] != Format)
                throw new CryptographicException("It was not sealed here.");

            var plain = new byte[protectedData.Length - HeadBytes];
            using var cipher = new AesGcm(_key, TagBytes);
            cipher.Decrypt(
                protectedData.AsSpan(1, NonceBytes), protectedData.AsSpan(HeadBytes),
                protectedData.AsSpan(1 + NonceBytes, TagBytes), plain);
            return plain;
        }
    }
}
