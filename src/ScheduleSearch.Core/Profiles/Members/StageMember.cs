using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>One number, or one for each stage or device. Where stages are merged, theirs are added up.</summary>
/// <typeparam name="T">The record that holds the section.</typeparam>
public sealed class StageMember<T> : ValueMember<T, StageValues>
    where T : class
{
    /// <summary>States the member.</summary>
    /// <param name="name">The name in JSON.</param>
    /// <param name="quantity">What the numbers are amounts of.</param>
    /// <param name="get">The numbers in a section; null when they are absent.</param>
    /// <param name="set">The section with other numbers.</param>
    public StageMember(string name, Quantity quantity, Func<T, StageValues?> get, Func<T, StageValues, T> set)
        : base(name, get, set) => Quantity = quantity;

    /// <inheritdoc/>
    public override Quantity Quantity { get; }

    /// <summary>Whether there is one for each device instead of each stage.</summary>
    public bool IsPerDevice { get; init; }

    /// <inheritdoc/>
    public override bool IsOfStages => !IsPerDevice;

    /// <summary>Whether each is above 0.</summary>
    public bool IsAboveZero { get; init; }

    /// <summary>Whether each is a part of the stage's activation.</summary>
    public bool IsPartOfActivation { get; init; }

    /// <summary>How often the largest sum over a schedule adds each.</summary>
    public Added Added { get; init; }

    /// <summary>Whether the number of a stage takes part in anything; null when those of all stages do.</summary>
    public Func<T, int, bool>? CountsOn { get; init; }

    /// <summary>What stands for it when it is absent; where that is nothing, an absent member is no part of the id.</summary>
    public Func<Profile, T, StageValues>? Otherwise { get; init; }

    /// <summary>What is wrong beside its numbers, of it or of its absence.</summary>
    public Func<T, string?>? Fault { get; init; }

    /// <summary>Each of its numbers with its name.</summary>
    internal IEnumerable<(string Member, decimal Value)> Named(T section) =>
        Of(section) is { } values ? SectionCheck.Named(Name, values) : [];

    internal override void Check(SectionCheck check, T section)
    {
        if (Of(section) is { } values)
            check.Each(Name, values, IsPerDevice ? check.Devices : check.Stages, IsPerDevice ? "device" : "stage", IsAboveZero);
        if (check.StagesAreStated && IsOfStages) return;
        if (Fault?.Invoke(section) is { } fault) check.Malformed(Name, fault);
    }

    internal override void CheckParts(SectionCheck check, T section)
    {
        if (IsPartOfActivation && Of(section) is { } values) check.PartOfActivation(Name, values);
    }

    internal override void Count(ScaleNumbers numbers, T section, int parts)
    {
        if (numbers.Quantity != Quantity || ValuesOf(numbers.Profile, section) is not { } values) return;
        if (IsPerDevice && Added == Added.ByMicrobatch)
        {
            numbers.AddOnDevices(Name, values);
            return;
        }

        var stages = Enumerable.Range(0, numbers.Placement.Stages);
        if (CountsOn is { } counts && !stages.All(stage => counts(section, stage)))
            values = StageValues.Each(stages.Select(stage => counts(section, stage) ? values[stage] : 0));
        numbers.Add(Name, values, Added, parts);
    }

    internal override void Identify(IdentityText text, string member, Problem problem, T section)
    {
        if (ValuesOf(problem.Profile, section) is { } values) text.Line(member, Text(values, problem));
    }

    internal override T Merge(MergedStages merging, T section) =>
        !IsPerDevice && Of(section) is { } values ? With(section, merging.Sum(values)) : section;

    internal override T Paced(Func<StageValues, StageValues> pace, T section) =>
        Quantity == Quantity.Time && IsOfStages && Of(section) is { } values ? With(section, pace(values)) : section;

    private StageValues? ValuesOf(Profile profile, T section) => Of(section) ?? Otherwise?.Invoke(profile, section);

    private protected override StageValues? ReadValue(JsonValue value) => value.StageValues();

    private protected override void WriteValue(Utf8JsonWriter writer, StageValues value) => writer.WriteStageValues(value);

    private protected override IEnumerable<string> Text(StageValues value, Problem problem) =>
        Enumerable.Range(0, IsPerDevice ? problem.Devices : problem.Stages).Select(index => IdentityText.Of(value[index]));
}
