using FsCheck;
using FsCheck.Xunit;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver;
using ScheduleSearch.Tests.Shared;
using Shouldly;

namespace ScheduleSearch.Api.Tests.Storage;

public sealed class OrderCodecTests
{
    [Property(MaxTest = 200)]
    public void An_order_reads_back_as_it_was_written(DoNotSize<int> seed)
    {
        var random = new System.Random(seed.Item);
        var problem = RandomProblems.Next(random);
        var schedule = Mixed(random, QuickPass.Solve(problem).Timeline.Schedule);
        var again = OrderCodec.Decode(problem, OrderCodec.Encode(schedule));
        for (var device = 0; device < problem.Devices; device++) again.OperationsOn(device).ShouldBe(schedule.OperationsOn(device));
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
