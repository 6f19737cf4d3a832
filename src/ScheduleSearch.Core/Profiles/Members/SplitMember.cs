using System.Text.Json;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>How layers are dealt out to stages: a word, or the layers of each stage.</summary>
/// <typeparam name="T">The record that holds the section.</typeparam>
/// <param name="name">The name in JSON.</param>
/// <param name="get">The split in a section; null when it is absent.</param>
/// <param name="set">The section with another split.</param>
public sealed class SplitMember<T>(string name, Func<T, StageSplit?> get, Func<T, StageSplit, T> set) : ValueMember<T, StageSplit>(name, get, set)
    where T : class
{
    private static readonly StageSplit[] Named = [StageSplit.Search, StageSplit.Even];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Words { get; } = [.. StageSplit.Words];

    private protected override StageSplit? ReadValue(JsonValue value) =>
        !value.IsArray ? value.OneOf([.. Named.Index()], named => named.Item.Word) is { } named ? named.Item : null
        : value.Each(layers => layers.Whole()) is { } layers ? StageSplit.Of(layers)
        : null;

    private protected override void WriteValue(Utf8JsonWriter writer, StageSplit value)
    {
        if (value.Layers is not { } layers)
        {
            writer.WriteStringValue(value.Word);
            return;
        }

        writer.WriteStartArray();
        foreach (var count in layers) writer.WriteNumberValue(count);
        writer.WriteEndArray();
    }

    private protected override IEnumerable<string> Text(StageSplit value, Problem problem) =>
        value.Layers is { } layers ? layers.Select(IdentityText.Of) : [value.Word];
}
