using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Optimizer;
using ScheduleSearch.Core.Features.Overlap;
using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Features.Vocabulary;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Bounds;

/// <summary>What is proved of the gradients alone, without other work, and the optimizer's steps after them.</summary>
/// <remarks>
/// A schedule without its steps is one of the problem without them, so some device ends it no sooner than what is proved of that problem, and for the span
/// no sooner after its own start. What it ends with is a gradient, where no device has work that nothing waits for. The step of that gradient's stage comes
/// after it; and where every stage waits for the gradients of all, so do all steps of the device, and for the makespan those of every device.
/// </remarks>
internal sealed class OptimizerStepBound : ILowerBound
{
    public string Name => "optimizer-step";

    public FeatureSet Covers { get; } = [OptimizerFeature.Id, VocabularyFeature.Id, RecomputeFeature.Id, OverlapFeature.Id, SlicesFeature.Id];

    public long? Prove(Problem problem)
    {
        var devices = Enumerable.Range(0, problem.Devices).ToList();
        if (problem.Profile.Optimizer is null || devices.Exists(device => problem.LateWork(device) > 0)) return null;
        var gradients = new Problem(problem.Profile with { Optimizer = null, Fill = null }, problem.Objective, problem.SplitBackward, problem.Catalogue);
        var proved = problem.TimeScale.ToTicksBelow(gradients.TimeScale.FromTicks(BoundCatalogue.Best(gradients).Ticks));
        if (problem.ValidatesAfterwards) return proved + problem.OptimizerStep.Min();
        var steps = devices.ConvertAll(device => problem.Placement.StagesOn(device).Sum(place => problem.OptimizerStep[place.Stage]));
        return proved + (problem.Objective == Objective.Span ? steps.Min() : steps.Max());
    }
}
