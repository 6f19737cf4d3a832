using System.Collections.Frozen;
using System.Security.Cryptography;

namespace ScheduleSearch.Api.Access;

/// <summary>
/// Tells whether the text of a key is right. All keys are read at once and no more often than <see cref="MostAge"/> says, so that requests with
/// wrong keys cost the database nothing and an unknown id the same work as a known one.
/// </summary>
internal sealed class KeyRing(KeyStore store, TimeProvider time) : IDisposable
{
    /// <summary>How old the keys may be that a request is judged by: a new key is taken, and a revoked one refused, by every process from then on.</summary>
    public static readonly TimeSpan MostAge = TimeSpan.FromSeconds(1);

    // What an unknown id is compared with.
    private readonly byte[] _nobody = RandomNumberGenerator.GetBytes(ApiKey.HashLength);
    private readonly SemaphoreSlim _reading = new(1);
    private Known? _known;

    /// <summary>The key of a text; null when the text is no key, or its key is revoked. How long that takes does not depend on how much is right.</summary>
    public async ValueTask<ActiveKey?> FindAsync(string text, CancellationToken cancellation)
    {
        var hash = ApiKey.HashOf(text);
        var keys = await CurrentAsync(cancellation);
        var key = keys.GetValueOrDefault(ApiKey.IdOf(text));
        return CryptographicOperations.FixedTimeEquals(hash, key?.Hash ?? _nobody) ? key : null;
    }

    /// <summary>The key of an id; null when there is none, or it is revoked.</summary>
    public async ValueTask<ActiveKey?> OfIdAsync(string id, CancellationToken cancellation) => (await CurrentAsync(cancellation)).GetValueOrDefault(id);

    public void Dispose() => _reading.Dispose();

    private async ValueTask<FrozenDictionary<string, ActiveKey>> CurrentAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _known) is { } known && IsFresh(known)) return known.Keys;
        await _reading.WaitAsync(cancellation);
        try
        {
            if (_known is { } meanwhile && IsFresh(meanwhile)) return meanwhile.Keys;
            // What is read may be as old as the beginning of the reading.
            var start = time.GetTimestamp();
            var read = new Known((await store.ActiveAsync(cancellation)).ToFrozenDictionary(), start);
            Volatile.Write(ref _known, read);
            return read.Keys;
        }
        finally
        {
            _reading.Release();
        }
    }

    private bool IsFresh(Known known) => time.GetElapsedTime(known.ReadAt) < MostAge;

    private sealed record Known(FrozenDictionary<string, ActiveKey> Keys, long ReadAt);
}
