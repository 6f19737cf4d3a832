using ScheduleSearch.Core.Evaluation;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Evaluation;

public class HistogramTests
{
    [Fact]
    public void Every_length_is_in_one_part_the_longest_in_the_last()
    {
        var histogram = Histogram.Of([10, 20, 10.9, 11, 50]);
        (histogram.Least, histogram.Most, histogram.Counts.Length).ShouldBe((10, 50, 40));
        histogram.Counts.Sum().ShouldBe(5);
        (histogram.Counts[0], histogram.Counts[1], histogram.Counts[10], histogram.Counts[39]).ShouldBe((2, 1, 1, 1));
    }

    [Fact]
    public void Lengths_that_do_not_differ_are_one_part() => Histogram.Of([7, 7, 7]).Counts.ShouldBe([3]);
}
