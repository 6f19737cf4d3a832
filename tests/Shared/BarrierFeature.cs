using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Tests.Shared;

/// <summary>A feature of the tests alone: no stage begins the second microbatch until some time after all stages have finished the first one's forward.</summary>
/// <param name="ticks">Ticks of the barrier, which is on no lane.</param>
internal sealed class BarrierFeature(long ticks) : IOperationFeature
{
    /// <summary>The barrier: a kind that the problems of these tests have no operation of.</summary>
    public static Operation Barrier => new(OperationKind.Recompute, 0, 0, 0);

    public string Name => "barrier";

    public string Member => "profile.barrier";

    public bool IsUsedBy(Problem problem) => problem.Microbatches > 1;

    public void Attach(OperationGraphBuilder builder)
    {
    }

    public void Finish(OperationGraphBuilder builder)
    {
        var barrier = builder.Add(Barrier, OperationGraph.NoLane, ticks);
        for (var stage = 0; stage < builder.Problem.Stages; stage++)
        {
            builder.Depend(barrier, builder.IndexOf(Operation.Forward(stage, 0)));
            builder.Depend(builder.IndexOf(Operation.Forward(stage, 1)), barrier);
        }

        builder.Sort();
    }
}
