using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>One of some words.</summary>
/// <typeparam name="T">The record that holds the section.</typeparam>
/// <typeparam name="TWord">The type whose values the words name.</typeparam>
/// <param name="name">The name in JSON.</param>
/// <param name="wordOf">The word of a value.</param>
/// <param name="get">The value in a section.</param>
/// <param name="set">The section with another value.</param>
public sealed class WordMember<T, TWord>(string name, Func<TWord, string> wordOf, Func<T, TWord?> get, Func<T, TWord, T> set)
    : ValueMember<T, TWord?>(name, get, (section, word) => set(section, word!.Value))
    where T : class
    where TWord : struct, Enum
{
    /// <inheritdoc/>
    public override Type? WordType => typeof(TWord);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Words { get; } = [.. Enum.GetValues<TWord>().Select(wordOf)];

    /// <summary>What is said of a text that is none of the words, in sentences of its own; null for nothing but the words.</summary>
    public Func<string, string?>? Explain { get; init; }

    private protected override TWord? ReadValue(JsonValue value) => value.OneOf(Enum.GetValues<TWord>(), wordOf, Explain);

    private protected override void WriteValue(Utf8JsonWriter writer, TWord? value) => writer.WriteStringValue(wordOf(value!.Value));

    private protected override IEnumerable<string> Text(TWord? value, Problem problem) => [wordOf(value!.Value)];
}
