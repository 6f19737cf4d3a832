using System.Globalization;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Optimizer;

/// <summary>The members of <c>optimizer</c>.</summary>
internal sealed class OptimizerSection : ProfileSection<OptimizerSteps>
{
    /// <summary>Each stage may wait for every other one on each microbatch: so many waits a problem may have.</summary>
    private const long MostWaits = 5_000_000;

    private const string PostValidation = "postValidation";

    public override string Name => "optimizer";

    public override IReadOnlyList<SectionMember<OptimizerSteps>> Table { get; } =
    [
        new StageMember<OptimizerSteps>("step", Quantity.Time, optimizer => optimizer.Step, (optimizer, step) => optimizer with { Step = step })
        {
            IsRequired = true, Added = Added.ByPipe,
        },
        new FlagMember<OptimizerSteps>(
            PostValidation, optimizer => optimizer.PostValidation, (optimizer, isAfter) => optimizer with { PostValidation = isAfter }),
    ];

    protected override OptimizerSteps Blank { get; } = new() { Step = 0 };

    protected override void CheckAgainstProfile(SectionCheck check, OptimizerSteps section)
    {
        if (Problem.PlacementOf(check.Profile).Pipes > 1)
            check.Malformed("Does not go with two pipes, whose replicas sum their gradients before a step: use a placement of one pipe, or leave it out.");
        var waits = (long)check.Stages * check.Profile.Pipeline.Microbatches * (section.PostValidation ? 1 : check.Stages);
        if (waits > MostWaits)
        {
            check.Impossible(
                PostValidation,
                $"Without it each of {check.Stages} stages waits for all others on each of {check.Profile.Pipeline.Microbatches} microbatches: stages x "
                + $"stages x microbatches must be at most {MostWaits.ToString(CultureInfo.InvariantCulture)}.");
        }
    }
}
