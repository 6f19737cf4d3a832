using System.IO.Compression;
using FsCheck;
using FsCheck.Xunit;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Tests.Hosting;
using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Storage;

public sealed class OrderCodecTests
{
    [Property(MaxTest = 200)]
    public void An_order_reads_back_as_it_was_written(DoNotSize<int> seed)
    {
        var random = new System.Random(seed.Item);
        var problem = RandomProblems.Next(random);
        var schedule = Mixed(random, QuickPass.Solve(problem).Timeline.Schedule);
        ShouldReadBack(schedule);
    }

    [Property(MaxTest = 200)]
    public void Broken_bytes_are_told_as_such(DoNotSize<int> seed)
    {
        var random = new System.Random(seed.Item);
        var problem = RandomProblems.Next(random);
        var bytes = OrderCodec.Encode(QuickPass.Solve(problem).Timeline.Schedule);
        if (random.Next(2) == 0) bytes = bytes[..random.Next(bytes.Length)];
        else bytes[random.Next(bytes.Length)] ^= (byte)(1 + random.Next(255));
        try
        {
            OrderCodec.Decode(problem, bytes);
        }
        catch (Exception exception)
        {
            exception.ShouldBeOfType<InvalidDataException>();
        }
    }

    [Fact]
    public void An_order_of_slices_pipes_and_pairs_reads_back_as_it_was_written()
    {
        var pipeline = new PipelineShape { Devices = 2, Placement = "bidirectional", Microbatches = 3 };
        var times = new OperationTimes { Forward = 1, BackwardInput = 1, BackwardWeight = 1 };
        var sliced = Problem.Create(new Profile { Pipeline = pipeline, Times = times, Slices = new SequenceSlices { Count = 3 } });
        var recomputed = Problem.Create(new Profile { Pipeline = pipeline, Times = times, Recompute = new ActivationRecompute { Kept = 0 } });
        foreach (var schedule in new[] { StubSolver.Sequential(sliced), StubSolver.Sequential(recomputed) }.Select(solution => solution.Timeline.Schedule))
            ShouldReadBack(schedule);

        var single = Problem.Create(new Profile { Pipeline = new PipelineShape { Devices = 1, Microbatches = 2 }, Times = times });
        ShouldReadBack(Schedule.Of(single, [
            [
                Operation.Forward(0, 0), Operation.Forward(0, 1) with { Kind = OperationKind.OverlappedForward },
                Operation.Backward(0, 0) with { Kind = OperationKind.OverlappedBackward }, Operation.Backward(0, 1),
            ],
        ]));
    }

    [Fact]
    public void An_order_of_version_1_which_knew_four_kinds_still_reads()
    {
        var problem = Problem.Create(new Profile
        {
            Pipeline = new PipelineShape { Devices = 2, Microbatches = 1 },
            Times = new OperationTimes { Forward = 1, BackwardInput = 1, BackwardWeight = 1 },
        });
        // For each device: how many; then kind + 4 x stage, and the microbatch.
        byte[] plain = [2, 0, 0, 3, 0, 3, 4, 0, 5, 0, 6, 0];
        using var bytes = new MemoryStream();
        bytes.WriteByte(1);
        using (var compressed = new BrotliStream(bytes, CompressionLevel.Fastest, leaveOpen: true)) compressed.Write(plain);
        var schedule = OrderCodec.Decode(problem, bytes.ToArray());
        schedule.OperationsOn(0).ShouldBe([Operation.Forward(0, 0), Operation.Backward(0, 0)]);
        schedule.OperationsOn(1).ShouldBe([Operation.Forward(1, 0), Operation.BackwardInput(1, 0), Operation.BackwardWeight(1, 0)]);
    }

    private static void ShouldReadBack(Schedule schedule)
    {
        var again = OrderCodec.Decode(schedule.Problem, OrderCodec.Encode(schedule));
        for (var device = 0; device < schedule.Problem.Devices; device++) again.OperationsOn(device).ShouldBe(schedule.OperationsOn(device));
    }

    /// <summary>Some of the split backwards fused where their halves stand one after the other.</summary>
    private static Schedule Mixed(System.Random random, Schedule schedule) => Schedule.Of(
        schedule.Problem, [.. Enumerable.Range(0, schedule.Problem.Devices).Select(device => Fused(random, [.. schedule.OperationsOn(device)]))]);

    private static List<Operation> Fused(System.Random random, Operation[] order)
    {
        var fused = new List<Operation>();
        foreach (var operation in order)
        {
            if (operation.Kind == OperationKind.BackwardWeight && fused[^1] == operation with { Kind = OperationKind.BackwardInput } && random.Next(2) == 0)
                fused[^1] = operation with { Kind = OperationKind.Backward };
            else fused.Add(operation);
        }

        return fused;
    }
}
