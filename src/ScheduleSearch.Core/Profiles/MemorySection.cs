using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Profiles;

/// <summary>The members of <c>memory</c>.</summary>
internal sealed class MemorySection : ProfileSection<ActivationMemory>
{
    private static readonly StageMember<ActivationMemory> Weights =
        new("weights", Quantity.Memory, memory => memory.Weights, (memory, weights) => memory with { Weights = weights })
        {
            Added = Added.ByPipe,
            NameInId = "weights",
        };

    public override string Name => "memory";

    public override IReadOnlyList<SectionMember<ActivationMemory>> Table { get; } =
    [
        new WordMember<ActivationMemory, MemoryUnit>("unit", unit => unit.ToString(), memory => memory.Unit, (memory, unit) => memory with { Unit = unit })
        {
            Explain = UnitWords.ExplainMemory,
        },
        new StageMember<ActivationMemory>("limit", Quantity.Memory, memory => memory.Limit, (memory, limit) => memory with { Limit = limit })
        {
            IsPerDevice = true, IsAboveZero = true, NameInId = "limit",
        },
        new StageMember<ActivationMemory>("activation", Quantity.Memory, memory => memory.Activation, (memory, taken) => memory with { Activation = taken })
        {
            Added = Added.ByMicrobatch, NameInId = "activation", Otherwise = (_, _) => 0, Fault = WhyActivationIsRequired,
        },
        new StageMember<ActivationMemory>("retained", Quantity.Memory, memory => memory.Retained, (memory, retained) => memory with { Retained = retained })
        {
            Added = Added.BeyondActivation, Turn = CheckTurn.Last, NameInId = "retained", Otherwise = (_, memory) => memory.Activation ?? 0,
        },
        Weights,
        new StageMember<ActivationMemory>("total", Quantity.Memory, memory => memory.Total, (memory, total) => memory with { Total = total })
        {
            IsPerDevice = true, IsAboveZero = true, NameInId = "total",
            Fault = memory => memory is { Total: not null, Limit: not null } ? "Stands in the place of memory.limit: give one of them." : null,
        },
    ];

    protected override ActivationMemory Blank { get; } = new();

    public override ActivationMemory? FoundIn(Profile profile) => profile.Memory;

    protected override Profile PutIn(Profile profile, ActivationMemory section) => profile with { Memory = section };

    /// <summary>A profile without memory is one whose forwards take none. The weights come last, where ids have had them since they were added.</summary>
    public override void Identify(IdentityText text, Problem problem)
    {
        var memory = problem.Profile.Memory ?? Blank;
        foreach (var member in Table.Where(member => member != Weights).Append(Weights)) Identify(member, text, problem, memory);
    }

    private static string? WhyActivationIsRequired(ActivationMemory memory) => memory switch
    {
        { Activation: not null } => null,
        { Limit: not null } => "Is required when memory.limit is given.",
        { Total: not null } => "Is required when memory.total is given.",
        _ => null,
    };
}
