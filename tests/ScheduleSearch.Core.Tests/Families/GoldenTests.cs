using System.Text.Json;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Families;

/// <summary>The worked schedules for p=4, m=8 and unit times, made by an independent simulator.</summary>
public class GoldenTests
{
    private static readonly JsonElement Oracle =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Oracles", "golden_p4_m8.json"))).RootElement;

    [Theory]
    [InlineData("gpipe", "gpipe", "linear", 1)]
    [InlineData("1f1b", "1f1b", "linear", 1)]
    [InlineData("eager-1f1b", "eager-1f1b", "linear", 1)]
    [InlineData("2bp-gpipe", "2bp-gpipe", "linear", 1)]
    [InlineData("2bp-1f1b", "2bp-1f1b", "linear", 1)]
    [InlineData("breadth-first", "breadth-first-v2", "interleaved", 2)]
    [InlineData("interleaved-1f1b", "interleaved-v2", "interleaved", 2)]
    [InlineData("zb-h1", "zb-h1", "linear", 1)]
    [InlineData("zb-h2", "zb-h2", "linear", 1)]
    [InlineData("zb-v", "zb-v", "v", 2)]
    [InlineData("chimera", "chimera", "bidirectional", 1)]
    [InlineData("bitpipe", "bitpipe", "bidirectional", 2)]
    [InlineData("dualpipe", "dualpipe", "bidirectional", 1)]
    [InlineData("dualpipe-v", "dualpipev", "v", 2)]
    public void Every_family_gives_the_worked_schedule(string name, string oracle, string placement, int chunks)
    {
        var golden = Oracle.GetProperty(oracle);
        var family = FamilyCatalogue.All.Single(family => family.Name == name);
        var problem = Problem.Create(Shape.Profile(devices: 4, microbatches: 8, chunks, placement));
        FamilyCatalogue.WhyNot(family, problem).ShouldBeNull();

        var timeline = Replay.Run(Schedule.Of(problem, family.Order(problem)));

        for (var device = 0; device < 4; device++)
        {
            var expected = golden.GetProperty("devices")[device].EnumerateArray().SelectMany(ReadAll).ToList();
            TimedOperation.DevicesOf(timeline)[device].Select(timed => (timed.Operation, timed.Start)).ShouldBe(expected);
        }

        var metrics = ScheduleMetrics.Of(timeline);
        metrics.Makespan.ShouldBe(golden.GetProperty("makespan").GetInt64());
        metrics.Span.ShouldBe(golden.GetProperty("maxSpan").GetInt64());
        metrics.PeakMemory.ShouldBe(golden.GetProperty("peakChunks").EnumerateArray().Select(peak => peak.GetInt64()));
        metrics.Busy.Select(busy => metrics.Makespan - busy).ShouldBe(golden.GetProperty("bubble").EnumerateArray().Select(idle => idle.GetInt64()));
    }

    internal static (Operation Operation, long Start) Read(JsonElement entry)
    {
        var kind = entry[0].GetString() switch
        {
            "F" => OperationKind.Forward,
            "B" => OperationKind.BackwardInput,
            "W" => OperationKind.BackwardWeight,
            "BW" => OperationKind.Backward,
            var other => throw new InvalidDataException($"Unknown operation {other}."),
        };
        return (At(kind, entry, 1), entry[4].GetInt64());
    }

    /// <summary>The operation of an entry, or the two of an overlapped pair, which takes 3.</summary>
    private static IEnumerable<(Operation Operation, long Start)> ReadAll(JsonElement entry) => entry[0].GetString() == "FB"
        ? [(At(OperationKind.OverlappedForward, entry, 1), entry[7].GetInt64()), (At(OperationKind.OverlappedBackward, entry, 4), entry[7].GetInt64() + 3)]
        : [Read(entry)];

    /// <summary>Microbatches of the second pipe, which entries count from 0, are 4 to 7.</summary>
    private static Operation At(OperationKind kind, JsonElement entry, int place)
    {
        var pipe = entry[place].GetInt32();
        return new Operation(kind, pipe, entry[place + 1].GetInt32(), entry[place + 2].GetInt32() + 4 * pipe);
    }
}
