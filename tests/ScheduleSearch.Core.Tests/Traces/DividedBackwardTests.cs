using System.Collections.Immutable;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Traces;
using ScheduleSearch.Core.Traces.Runs;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Traces;

/// <summary>Whole backwards that a run has among split ones of the same stage.</summary>
public class DividedBackwardTests
{
    [Fact]
    public void They_take_the_weight_gradient_of_the_others_at_their_end()
    {
        ImmutableArray<TracedOperation> recorded =
        [
            Of(OperationKind.BackwardInput, 0, 0, 4), Of(OperationKind.BackwardWeight, 0, 4, 2),
            Of(OperationKind.Backward, 1, 6, 7), Of(OperationKind.Backward, 2, 13, 1.5),
            Of(OperationKind.Backward, 0, 20, 3, stage: 1),
        ];
        DividedBackwards.Of(recorded, [true, false]).ShouldBe(
        [
            recorded[0], recorded[1],
            Of(OperationKind.BackwardInput, 1, 6, 5), Of(OperationKind.BackwardWeight, 1, 11, 2),
            // One that is shorter than a weight gradient has halves.
            Of(OperationKind.BackwardInput, 2, 13, 0.75), Of(OperationKind.BackwardWeight, 2, 13.75, 0.75),
            recorded[4],
        ]);
    }

    [Fact]
    public void Where_all_of_a_stage_are_of_one_kind_nothing_is_divided()
    {
        ImmutableArray<TracedOperation> recorded = [Of(OperationKind.Backward, 0, 0, 4), Of(OperationKind.BackwardInput, 0, 4, 1, stage: 1)];
        DividedBackwards.Of(recorded, [false, true]).ShouldBe(recorded);
    }

    private static TracedOperation Of(OperationKind kind, int microbatch, double start, double duration, int stage = 0) =>
        new(Replica: 0, Step: 0, Rank: stage, stage, kind, microbatch, start, duration);
}
