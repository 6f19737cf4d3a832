using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

/// <summary>The table of operations.</summary>
public class CsvFormatTests
{
    [Fact]
    public void Each_operation_has_a_row_with_its_times()
    {
        var timeline = Worked.Of("1f1b", Problem.Create(Shape.Profile(devices: 2, microbatches: 2, forward: 1.5m)));
        Streams.Text("csv", timeline).Split('\n').Take(6).ShouldBe(
        [
            "device,lane,op,pipe,stage,microbatch,slice,start,end",
            "0,,forward,0,0,0,0,0,1.5",
            "0,,forward,0,0,1,0,1.5,3",
            "0,,backward,0,0,0,0,5,7",
            "0,,backward,0,0,1,0,8.5,10.5",
            "1,,forward,0,1,0,0,1.5,3",
        ]);
        Streams.Text("csv", timeline, rank: 1).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(5);
    }

    [Fact]
    public void The_two_of_a_pair_are_two_rows_and_other_lanes_have_names()
    {
        var pairs = Shape.Profile(devices: 2, microbatches: 6, chunks: 2, "v") with { Overlap = new() { Duration = 2.5m } };
        var rows = Streams.Text("csv", Worked.Of("dualpipe-v", Problem.Create(pairs))).Split('\n');
        var first = Array.FindIndex(rows, row => row.Contains("overlappedForward", StringComparison.Ordinal));
        rows[first + 1].ShouldContain("overlappedBackward");

        var links = Shape.Profile(devices: 2, microbatches: 2);
        links = links with { Times = links.Times with { Communication = new() { Latency = 1, Exclusive = Exclusivity.Link } } };
        Streams.Text("csv", Worked.Of("1f1b", Problem.Create(links))).ShouldContain("0,link to 1,send,0,0,0,0,1,2");
    }
}
