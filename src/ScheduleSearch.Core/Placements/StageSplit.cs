using System.Collections.Immutable;

namespace ScheduleSearch.Core.Placements;

/// <summary>How the layers of a model are dealt out to the stages of a pipe.</summary>
public sealed class StageSplit
{
    private StageSplit(string word, ImmutableArray<int>? layers) => (Word, Layers) = (word, layers);

    /// <summary>The splits are tried, and the best schedule of any of them is the answer.</summary>
    public static StageSplit Search { get; } = new("search", null);

    /// <summary>Every stage has as many layers, or where that leaves some over, the first ones one more.</summary>
    public static StageSplit Even { get; } = new("even", null);

    /// <summary>The words that requests may give in the place of numbers.</summary>
    public static IEnumerable<string> Words => [Search.Word, Even.Word];

    /// <summary>The word that requests give it; empty where they give numbers.</summary>
    public string Word { get; }

    /// <summary>The layers of each stage, 0 or more; null where they do not stand in the request.</summary>
    public ImmutableArray<int>? Layers { get; }

    /// <summary>The layers of each stage by numbers.</summary>
    public static StageSplit Of(ImmutableArray<int> layers) => new("", layers);
}
