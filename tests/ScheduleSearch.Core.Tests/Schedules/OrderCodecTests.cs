using System.IO.Compression;
using FsCheck;
using FsCheck.Xunit;
using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Schedules;

public sealed class OrderCodecTests
{
    [Property(MaxTest = 200)]
    public void An_order_reads_back_as_it_was_written(DoNotSize<int> seed)
    {
        var random = new System.Random(seed.Item);
        ShouldReadBack(RandomOrders.Next(RandomProblems.Next(random), random));
        ShouldReadBack(RandomOrders.Next(RandomProblems.NextFeatured(random), random));
    }

    [Property(MaxTest = 200)]
    public void Broken_bytes_are_told_as_such(DoNotSize<int> seed)
    {
        var random = new System.Random(seed.Item);
        var problem = RandomProblems.Next(random);
        var bytes = OrderCodec.Encode(RandomOrders.Next(problem, random));
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
        foreach (var schedule in new[] { Sequential(sliced), Sequential(recomputed) })
            ShouldReadBack(schedule);

        var single = Problem.Create(new Profile { Pipeline = new PipelineShape { Devices = 1, Microbatches = 2 }, Times = times });
        ShouldReadBack(Schedule.Of(single, [
            [
                Operation.Forward(0, 0), Operation.Forward(0, 1) with { Kind = OperationKind.OverlappedForward },
                Operation.Backward(0, 0) with { Kind = OperationKind.OverlappedBackward }, Operation.Backward(0, 1),
            ],
        ]));
    }

    /// <summary>Rows as each version wrote them: of two devices, one microbatch, unit times.</summary>
    [Theory]
    [InlineData("010B0080030000080000000800000008010000080000000802000008000000080300000804000008000000080500000800000008060000080003", 1)]
    [InlineData("020B0080030000080000000800000008010000080000000802000008000000080300000807000008000000080800000800000008090000080003", 2)]
    [InlineData("038B0680030000010002000340004100420003", 3)]
    public void A_row_of_every_version_reads(string row, byte version)
    {
        var bytes = Convert.FromHexString(row);
        bytes[0].ShouldBe(version);
        var schedule = OrderCodec.Decode(TwoDevices(), bytes);
        schedule.OperationsOn(0).ShouldBe([Operation.Forward(0, 0), Operation.BackwardInput(0, 0), Operation.BackwardWeight(0, 0)]);
        schedule.OperationsOn(1).ShouldBe([Operation.Forward(1, 0), Operation.BackwardInput(1, 0), Operation.BackwardWeight(1, 0)]);
    }

    [Theory]
    [InlineData(1, new byte[] { 2, 0, 0, 3, 0, 3, 4, 0, 5, 0, 6, 0 })]
    [InlineData(2, new byte[] { 2, 0, 0, 3, 0, 3, 7, 0, 8, 0, 9, 0 })]
    [InlineData(3, new byte[] { 2, 0, 0, 3, 0, 3, 64, 0, 65, 0, 66, 0 })]
    public void Each_version_has_a_radix_of_its_own(byte version, byte[] plain)
    {
        var schedule = OrderCodec.Decode(TwoDevices(), Compressed(version, plain));
        schedule.OperationsOn(0).ShouldBe([Operation.Forward(0, 0), Operation.Backward(0, 0)]);
        schedule.OperationsOn(1).ShouldBe([Operation.Forward(1, 0), Operation.BackwardInput(1, 0), Operation.BackwardWeight(1, 0)]);
    }

    [Fact]
    public void A_row_of_version_2_with_recomputes_reads()
    {
        var row = "020B00800400000800000008000000080400000800000008010000080000000802000008000000080400000807000008000000080B000008000000080800000800"
            + "000008090000080003";
        var schedule = OrderCodec.Decode(TwoDevices(new ActivationRecompute { Kept = 0 }), Convert.FromHexString(row));
        foreach (var device in new[] { 0, 1 })
        {
            schedule.OperationsOn(device).ShouldBe(
            [
                Operation.Forward(device, 0), new(OperationKind.Recompute, 0, device, 0),
                Operation.BackwardInput(device, 0), Operation.BackwardWeight(device, 0),
            ]);
        }
    }

    [Fact]
    public void What_is_written_is_of_version_3()
    {
        var problem = Problem.Create(new Profile
        {
            Pipeline = new PipelineShape { Devices = 2, Placement = "bidirectional", Microbatches = 2 },
            Times = new OperationTimes { Forward = 1, BackwardInput = 1, BackwardWeight = 1 },
            Recompute = new ActivationRecompute { Kept = 0 },
        });
        var bytes = OrderCodec.Encode(Sequential(problem));
        bytes[0].ShouldBe((byte)3);
        string.Join(' ', Plain(bytes))
            .ShouldBe("8 0 0 4 0 1 0 2 0 192 1 1 196 1 1 193 1 1 194 1 1 8 64 0 68 0 65 0 66 0 128 1 1 132 1 1 129 1 1 130 1 1");
    }

    [Fact]
    public void The_codes_of_kinds_never_change_and_stay_below_the_radix()
    {
        OperationKinds.All.ToDictionary(facts => facts.Name, facts => facts.Code).ShouldBe(
            new Dictionary<string, int>
            {
                ["forward"] = 0,
                ["backwardInput"] = 1,
                ["backwardWeight"] = 2,
                ["backward"] = 3,
                ["recompute"] = 4,
                ["overlappedForward"] = 5,
                ["overlappedBackward"] = 6,
                ["send"] = 7,
                ["sendGradient"] = 8,
                ["vocabularyInput"] = 9,
                ["vocabularyForward"] = 10,
                ["vocabularyBackward"] = 11,
                ["optimizerStep"] = 12,
                ["postValidation"] = 13,
                ["fill"] = 14,
            },
            ignoreOrder: true);
        OperationKinds.All.ShouldAllBe(facts => facts.Code >= 0 && facts.Code < 64);
    }

    [Fact]
    public void A_version_or_a_kind_that_is_not_known_is_refused()
    {
        byte[] unknownKind = [2, 63, 0, 3, 0, 3, 64, 0, 65, 0, 66, 0];
        foreach (var bytes in new[] { [], [0], Compressed(4, []), Compressed(3, unknownKind) })
            Should.Throw<InvalidDataException>(() => OrderCodec.Decode(TwoDevices(), bytes));
    }

    /// <summary>A count is read before the order: one that cannot be is refused before room is made for it.</summary>
    [Theory]
    // As many as all kinds of all stages: 15 x 2, with nothing after it.
    [InlineData(new byte[] { 30 }, "The order is not one of this problem.")]
    [InlineData(new byte[] { 31 }, "The order of a device is longer than all operations.")]
    [InlineData(new byte[] { 255, 255, 255, 255, 7 }, "The order of a device is longer than all operations.")]
    [InlineData(new byte[] { 255, 255, 255, 255, 15 }, "The order of a device is longer than all operations.")]
    // No operations are an order as little as others.
    [InlineData(new byte[] { 0, 0 }, "The order is not one of this problem.")]
    [InlineData(new byte[] { 1, 63, 0, 0 }, "There is no kind of operation of the code 63.")]
    public void An_order_that_cannot_be_is_told_by_what_is_wrong(byte[] plain, string message) =>
        Should.Throw<InvalidDataException>(() => OrderCodec.Decode(TwoDevices(), Compressed(3, plain))).Message.ShouldBe(message);

    [Fact]
    public void An_unknown_version_is_told_as_such() =>
        Should.Throw<InvalidDataException>(() => OrderCodec.Decode(TwoDevices(), [9])).Message.ShouldBe("The order is of an unknown version.");

    private static Problem TwoDevices(ActivationRecompute? recompute = null) => Problem.Create(new Profile
    {
        Pipeline = new PipelineShape { Devices = 2, Microbatches = 1 },
        Times = new OperationTimes { Forward = 1, BackwardInput = 1, BackwardWeight = 1 },
        Recompute = recompute,
    });

    private static byte[] Compressed(byte version, byte[] plain)
    {
        using var bytes = new MemoryStream();
        bytes.WriteByte(version);
        using (var compressed = new BrotliStream(bytes, CompressionLevel.Fastest, leaveOpen: true)) compressed.Write(plain);
        return bytes.ToArray();
    }

    private static byte[] Plain(byte[] row)
    {
        using var plain = new MemoryStream();
        using (var compressed = new BrotliStream(new MemoryStream(row, 1, row.Length - 1), CompressionMode.Decompress)) compressed.CopyTo(plain);
        return plain.ToArray();
    }

    private static void ShouldReadBack(Schedule schedule)
    {
        var again = OrderCodec.Decode(schedule.Problem, OrderCodec.Encode(schedule));
        for (var device = 0; device < schedule.Problem.Devices; device++) again.AllOn(device).ShouldBe(schedule.AllOn(device));
        again.Graph.Selection.ShouldBe(schedule.Graph.Selection);
    }

    private static Schedule Sequential(Problem problem)
    {
        var graph = OperationGraph.Build(problem);
        var orders = graph.Lanes.Select((_, lane) => Enumerable.Range(0, graph.Count).Where(operation => graph.LaneOf[operation] == lane).ToArray());
        return new Schedule(graph, [.. orders]);
    }
}
