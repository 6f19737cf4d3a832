using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Telemetry;

public sealed class MetricsAccessTests
{
    [Theory]
    [InlineData(false, false, 200)]
    [InlineData(true, false, 401)]
    [InlineData(true, true, 200)]
    public async Task Metrics_are_for_administrators_where_keys_are_required_unless_they_are_open(bool keys, bool open, int status)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(
            database.ConnectionString, new StubSolver(), ("Access:RequireKeys", $"{keys}"), ("Telemetry:OpenMetrics", $"{open}"));
        (await service.GetAsync("/metrics")).Status.ShouldBe(status);
    }
}
