using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Microbatches;

/// <summary>
/// Microbatches that take different times and memory. Whatever an operation of a stage is, it takes and holds its microbatch's share more or less: so the
/// feature comes last, when the operations of all others are there. An order that is valid for equal microbatches is so for these but for its memory.
/// </summary>
public sealed class MicrobatchesFeature : IOperationFeature, IRuledFeature, IOrderedFeature, ICanonicalFeature
{
    /// <summary>The name of the feature.</summary>
    public const string Id = "microbatches";

    /// <inheritdoc/>
    public string Name => Id;

    /// <inheritdoc/>
    public string Member => "profile.microbatchScale";

    /// <inheritdoc/>
    public IProfileSection Section => Sections[0];

    /// <summary>The factors of all microbatches, and the microbatches one by one.</summary>
    public IReadOnlyList<IProfileSection> Sections { get; } = SectionsOf(new MicrobatchScaleSection());

    /// <inheritdoc/>
    public bool TakesEveryOrder => true;

    /// <inheritdoc/>
    public bool IsUsedBy(Problem problem) => problem.HasUnequalMicrobatches;

    /// <summary>As factors of all microbatches; as none where those are all alike and the times may be multiplied instead.</summary>
    public Profile Canonical(Profile profile) => EqualMicrobatches.MultipliedOut(
        profile.Microbatches is { } microbatches ? profile with { Microbatches = null, MicrobatchScale = microbatches.AsScale() } : profile);

    /// <summary>The stages hand over what they did without it.</summary>
    public void Attach(OperationGraphBuilder builder)
    {
    }

    /// <inheritdoc/>
    public void Finish(OperationGraphBuilder builder)
    {
        var (problem, operations) = (builder.Problem, builder.OperationList);
        for (var index = 0; index < operations.Count; index++) builder.Durations[index] = problem.ScaledTicks(operations[index], builder.Durations[index]);
        for (var index = 0; index < builder.Holdings.Count; index++)
        {
            var holding = builder.Holdings[index];
            builder.Holdings[index] = holding with { Units = problem.ScaledUnits(operations[holding.From].Microbatch, holding.Units) };
        }
    }

    /// <inheritdoc/>
    public ScheduleRules? RulesOf(Problem problem) => IsUsedBy(problem) ? new MicrobatchRules(problem) : null;

    private static IReadOnlyList<IProfileSection> SectionsOf(MicrobatchScaleSection scale) => [scale, new MicrobatchListSection(scale)];
}
