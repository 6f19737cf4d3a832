using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Profiles;

public class UnitWarningTests
{
    [Theory]
    [InlineData("ms", 1, null)]
    [InlineData("ms", 0.05, null)]
    [InlineData("ms", 0.018522, "$.profile.times.unit")]
    [InlineData("ms", 10_000, null)]
    [InlineData("ms", 18_522, "$.profile.times.forward")]
    [InlineData("s", 0.018522, null)]
    [InlineData("s", 18.522, "$.profile.times.forward")]
    [InlineData("us", 18_522, null)]
    [InlineData("us", 18.522, "$.profile.times.unit")]
    public void Times_are_odd_below_50_us_and_above_10_s(string unit, double time, string? path)
    {
        var profile = Shape.Profile(devices: 4, microbatches: 8);
        profile = profile with
        {
            Times = new() { Unit = Enum.Parse<TimeUnit>(unit), Forward = new[] { 0, 0, (decimal)time, 0 }, BackwardInput = 0, BackwardWeight = 0 },
        };
        UnitWarnings.Of(profile).Select(warning => warning.Path).ShouldBe(path is null ? [] : [path]);
    }

    [Theory]
    [InlineData("MiB", 4, false)]
    [InlineData("MiB", 81_920, false)]
    [InlineData("MiB", 83_886_080, true)]
    [InlineData("MiB", 85_899_345_920, true)]
    [InlineData("GiB", 80, false)]
    [InlineData("GiB", 81_920, true)]
    [InlineData("B", 85_899_345_920, false)]
    [InlineData("B", 80, true)]
    [InlineData("KiB", 1024, false)]
    public void Sizes_are_odd_above_8_TiB_and_limits_below_1_MiB(string unit, long limit, bool isOdd)
    {
        var profile = Shape.Profile(devices: 4, microbatches: 8) with
        {
            Memory = new() { Unit = Enum.Parse<MemoryUnit>(unit), Limit = limit, Activation = 1 },
        };
        UnitWarnings.Of(profile).Select(warning => warning.Path).ShouldBe(isOdd ? ["$.profile.memory.limit"] : []);
    }

    [Fact]
    public void Latencies_are_odd_above_10_s()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 2);
        profile = profile with { Times = profile.Times with { Communication = LinkValues.Each([[0m, 20_000m], [0.1m, 0m]]) } };
        UnitWarnings.Of(profile).Single().Path.ShouldBe("$.profile.times.communication");
    }
}
