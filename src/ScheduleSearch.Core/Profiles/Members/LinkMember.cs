using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>One time for every pair of devices, or one for each pair. Each stage sends a message up and one down for each microbatch.</summary>
/// <typeparam name="T">The record that holds the section.</typeparam>
/// <param name="name">The name in JSON.</param>
/// <param name="get">The times in a section.</param>
/// <param name="set">The section with other times.</param>
public sealed class LinkMember<T>(string name, Func<T, LinkValues?> get, Func<T, LinkValues, T> set) : ValueMember<T, LinkValues>(name, get, set)
    where T : class
{
    private const int MessagesOfStage = 2;

    /// <inheritdoc/>
    public override Quantity Quantity => Quantity.Time;

    /// <summary>Whether each is above 0.</summary>
    public bool IsAboveZero { get; init; }

    internal override void Check(SectionCheck check, T section) => Check(check, section, Name);

    /// <summary>Finds what is wrong with it under another name than its own.</summary>
    internal void Check(SectionCheck check, T section, string name)
    {
        if (Of(section) is not { } links) return;
        var devices = check.Devices;
        if (!links.IsScalar && (links.Matrix.Length != devices || links.Matrix.Any(row => row.Length != devices)))
        {
            check.Malformed(
                name, $"Give one number, or {devices} rows of {devices} numbers, {(IsAboveZero ? "that" : "the latency")} from each device to each other.");
            return;
        }

        if (links.Scalar is { } scalar) check.Number(name, scalar, IsAboveZero);
        for (var from = 0; !links.IsScalar && from < devices; from++)
        {
            for (var to = 0; to < devices; to++) check.Number($"{name}[{from}][{to}]", links.Matrix[from][to], IsAboveZero && from != to);
        }
    }

    internal override void Count(ScaleNumbers numbers, T section, int parts)
    {
        if (numbers.Quantity != Quantity || Of(section) is not { } links) return;
        var each = Named(Name, links).ToList();
        numbers.Add(each);
        numbers.AddOnEveryStage(MessagesOfStage * each.Max(number => number.Value));
    }

    /// <summary>Each number that counts with its name: one, or those of all pairs, 0 on one and the same device.</summary>
    internal static IEnumerable<(string Member, decimal Value)> Named(string name, LinkValues links) => links.Scalar is { } scalar
        ? [(name, scalar)]
        : links.Matrix.SelectMany((row, from) => row.Select((value, to) => ($"{name}[{from}][{to}]", from == to ? 0 : value)));

    private protected override LinkValues? ReadValue(JsonValue value) => value.LinkValues();

    private protected override void WriteValue(Utf8JsonWriter writer, LinkValues value) => writer.WriteLinkValues(value);

    private protected override IEnumerable<string> Text(LinkValues value, Problem problem) =>
        Enumerable.Range(0, problem.Devices * problem.Devices).Select(link => IdentityText.Of(value[link / problem.Devices, link % problem.Devices]));
}
