using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Faults;

/// <summary>The service as a process, on a search that nobody ends in time.</summary>
public sealed class EndedProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("schedulesearch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_killed_service_goes_on_with_its_searches_and_keeps_its_results()
    {
        string id;
        decimal found;
        using (var service = await ServiceProcess.StartAsync(_folder))
        {
            service.Swagger.ShouldEndWith("/swagger");
            id = (await service.PostAsync(Requests.Open(), "respond-async"))["id"]!.GetValue<string>();
            found = (await WaitForAsync(service, id, answer => answer["status"]!.GetValue<string>() == "running"))["makespan"]!.GetValue<decimal>();
            await service.KillAsync();
        }

        File.Exists(Path.Combine(_folder, "data", "schedulesearch.db")).ShouldBeTrue();
        using var restarted = await ServiceProcess.StartAsync(_folder);
        var running = await WaitForAsync(restarted, id, answer => answer["status"]!.GetValue<string>() == "running");
        running["makespan"]!.GetValue<decimal>().ShouldBeLessThanOrEqualTo(found);
    }

    [Fact]
    public async Task A_terminated_service_leaves_its_searches_queued_within_the_time_it_is_given()
    {
        string id;
        using (var service = await ServiceProcess.StartAsync(_folder))
        {
            id = (await service.PostAsync(Requests.Open(), "respond-async"))["id"]!.GetValue<string>();
            await WaitForAsync(service, id, answer => answer["status"]!.GetValue<string>() == "running");
            // The drain is a promise to orchestrators, which kill what takes longer.
            (await service.TerminateAsync()).ShouldBeLessThan(TimeSpan.FromSeconds(15));
        }

        using var restarted = await ServiceProcess.StartAsync(_folder);
        var again = await restarted.GetAsync(id);
        again["status"]!.GetValue<string>().ShouldBeOneOf("queued", "running");
        again["devices"]!.AsArray().Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_killed_service_leaves_no_child_behind()
    {
        using var service = await ServiceProcess.StartAsync(_folder);
        var id = (await service.PostAsync(Requests.Open(), "respond-async"))["id"]!.GetValue<string>();
        await WaitForAsync(service, id, answer => answer["status"]!.GetValue<string>() == "running");
        var children = service.Children();
        children.ShouldNotBeEmpty();
        await service.KillAsync();
        foreach (var child in children) await child.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_terminated_service_leaves_no_child_behind()
    {
        using var service = await ServiceProcess.StartAsync(_folder);
        var id = (await service.PostAsync(Requests.Open(), "respond-async"))["id"]!.GetValue<string>();
        await WaitForAsync(service, id, answer => answer["status"]!.GetValue<string>() == "running");
        var children = service.Children();
        children.ShouldNotBeEmpty();
        await service.TerminateAsync();
        foreach (var child in children) await child.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
    }

    private static async Task<JsonNode> WaitForAsync(ServiceProcess service, string id, Func<JsonNode, bool> condition)
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = await service.GetAsync(id);
            if (condition(answer)) return answer;
            attempt.ShouldBeLessThan(400, answer["status"]!.GetValue<string>());
            await Task.Delay(50);
        }
    }
}
