using System.Globalization;

namespace ScheduleSearch.Core.Instructions.PyTorch;

/// <summary>What the actions of a PyTorch release can say.</summary>
/// <param name="Minor">The release 2.x.</param>
public readonly record struct PyTorchVersion(int Minor)
{
    private const int Oldest = 8;
    private const int NewestMinor = 14;

    /// <summary>The newest release that was looked at.</summary>
    public static PyTorchVersion Newest { get; } = new(NewestMinor);

    /// <summary>The names of all releases, oldest first.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Enumerable.Range(Oldest, NewestMinor - Oldest + 1).Select(minor => new PyTorchVersion(minor).ToString())];

    /// <summary>Whether a forward and a backward can be told to run as one.</summary>
    public bool HasPairs => Minor >= 9;

    /// <summary>Whether gradients are scaled and reduced by an action of its own, which a full stream then must have.</summary>
    public bool HasReduceGrad => Minor >= 10;

    /// <summary>The release of a name; null when it is not one of <see cref="Names"/>.</summary>
    public static PyTorchVersion? Find(string name)
    {
        foreach (var known in Names)
        {
            if (known == name) return new PyTorchVersion(int.Parse(name.AsSpan(2), CultureInfo.InvariantCulture));
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"2.{Minor}");
}
