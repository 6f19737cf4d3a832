using System.Text.Json;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Overlap;

/// <summary>
/// A number of each pair: one of all, one of each stage of the forward, or a matrix. The id and the scale of times have what the numbers come to, whichever
/// member states them and in whatever form.
/// </summary>
internal sealed class PairMember(string name, Quantity quantity, Func<OverlapTimes, PairValues?> get, Func<OverlapTimes, PairValues, OverlapTimes> set)
    : SectionMember<OverlapTimes>(name)
{
    public override Quantity Quantity => quantity;

    /// <summary>The name of the number of a pair.</summary>
    public string NameOf(PairValues values, int forward, int backward) =>
        values.ByForward is { } byForward ? SectionCheck.Indexed(Name, byForward, forward) : $"{Name}[{forward}][{backward}]";

    internal override bool Read(JsonMembers members, ref OverlapTimes section)
    {
        if (members.Optional(Name) is { } given && ReadValue(given) is { } values) section = set(section, values);
        return true;
    }

    internal override void Write(Utf8JsonWriter writer, OverlapTimes section)
    {
        if (get(section) is not { } values) return;
        writer.WritePropertyName(Name);
        if (values.ByForward is { } byForward)
        {
            writer.WriteStageValues(byForward);
            return;
        }

        writer.WriteStartArray();
        foreach (var row in values.Matrix) writer.WriteNumbers(row);
        writer.WriteEndArray();
    }

    internal override void Check(SectionCheck check, OverlapTimes section)
    {
        if (get(section) is not { } values) return;
        var (stages, matrix) = (check.Stages, values.Matrix);
        var isWhole = values.ByForward is { } byForward
            ? byForward.IsScalar || byForward.Numbers.Length == stages
            : matrix.Length == stages && matrix.All(row => row.Length == stages);
        if (!isWhole)
        {
            check.Malformed(
                Name,
                $"Give one number, or {stages}, one for each stage of the forward, or {stages} rows of {stages} numbers, one for each stage of the backward.");
            return;
        }

        foreach (var (member, value) in Named(values))
        {
            if (Quantity == Quantity.Time) check.Number(member, value);
            else if (value is < 0 or > 1) check.Malformed(member, $"Is {SectionCheck.Text(value)}; must be from 0 to 1, a share of the shorter of the two.");
        }
    }

    internal override void Count(ScaleNumbers numbers, OverlapTimes section, int parts)
    {
        if (numbers.Quantity != Quantity.Time || get(section) is not { } values) return;
        var times = new PairTimes(numbers.Profile, section);
        numbers.Add(times.Pairs.Select(pair => (NameOf(values, pair.Forward, pair.Backward), times.Of(pair.Forward, pair.Backward))));
    }

    internal override void Identify(IdentityText text, string member, Problem problem, OverlapTimes section)
    {
        if (get(section) is not null) new PairTimes(problem.Profile, section).Identify(text, member);
    }

    /// <summary>Each number with its name.</summary>
    private IEnumerable<(string Member, decimal Value)> Named(PairValues values) => values.ByForward is { } byForward
        ? SectionCheck.Named(Name, byForward)
        : values.Matrix.SelectMany((row, forward) => row.Select((value, backward) => (NameOf(values, forward, backward), value)));

    private static PairValues? ReadValue(JsonValue value)
    {
        if (!value.IsArrayOfArrays) return value.StageValues() is { } byForward ? PairValues.Of(byForward) : null;
        return value.Each(row => row.Each(number => number.Number())) is { } matrix ? PairValues.Each(matrix.Select(row => row.AsEnumerable())) : null;
    }
}
