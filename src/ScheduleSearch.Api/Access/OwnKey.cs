using System.Security.Cryptography;

namespace ScheduleSearch.Api.Access;

/// <summary>
/// The key by which this process sends itself its first requests. It is drawn at each start and stands in memory alone; what is sent with it is neither
/// counted nor told of.
/// </summary>
internal sealed class OwnKey
{
    public OwnKey()
    {
        var (id, text) = ApiKey.Create();
        (Text, Key) = (text, new ActiveKey(id, AccessRole.Admin, ApiKey.HashOf(text), default) { IsOwn = true });
    }

    /// <summary>What is sent.</summary>
    public string Text { get; }

    /// <summary>What it is taken for.</summary>
    public ActiveKey Key { get; }

    /// <summary>Whether a text is this key's. How long that takes does not depend on how much of it is right.</summary>
    public bool Is(string text) => CryptographicOperations.FixedTimeEquals(ApiKey.HashOf(text), Key.Hash);
}
