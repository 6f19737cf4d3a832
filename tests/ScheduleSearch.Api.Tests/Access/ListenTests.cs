using Microsoft.Extensions.Configuration;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Access;

/// <summary>A service that other machines reach starts with keys, or because somebody says that it may without.</summary>
public sealed class ListenTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(null, "urls=http://127.0.0.1:5080")]
    [InlineData(null, "urls=http://localhost:5080;https://LOCALHOST:5081;http://[::1]:80;http://127.8.8.8:80")]
    [InlineData(null, "urls=http://unix:/run/schedulesearch.sock")]
    [InlineData(null, "Kestrel:Endpoints:Http:Url=http://127.0.0.1:5080", "urls=http://+:8080")]
    [InlineData(null, "urls=http://127.0.0.1:5080", "http_ports=8080")]
    [InlineData("http://+:8080", "urls=http://+:8080")]
    [InlineData("http://*:8080", "urls=http://*:8080")]
    [InlineData("http://0.0.0.0:8080", "urls=http://127.0.0.1:5080; http://0.0.0.0:8080")]
    [InlineData("http://[::]:8080", "urls=http://[::]:8080")]
    [InlineData("http://10.0.0.7", "urls=http://10.0.0.7")]
    [InlineData("https://schedules.example:443", "urls=https://schedules.example:443")]
    [InlineData("http://localhost.example:80", "urls=http://localhost.example:80")]
    [InlineData("http_ports 8080", "http_ports=8080;8081")]
    [InlineData("https_ports 8443", "https_ports=8443")]
    [InlineData("http://*:80", "Kestrel:Endpoints:A:Url=http://127.0.0.1:5080", "Kestrel:Endpoints:B:Url=http://*:80")]
    [InlineData("http://+:8080", "Kestrel:Endpoints:Http:Url=http://127.0.0.1:5080", "urls=http://+:8080", "preferHostingUrls=true")]
    public void Addresses_that_other_machines_reach_are_told(string? expected, params string[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(setting => setting.Split('=', 2)).Select(pair => KeyValuePair.Create<string, string?>(pair[0], pair[1]))).Build();
        ListenAddresses.BeyondLoopback(configuration).ShouldBe(expected);
    }

    [Theory]
    [InlineData("--urls", "http://0.0.0.0:0")]
    [InlineData("--http_ports", "0")]
    [InlineData("--Kestrel:Endpoints:Http:Url=http://+:0")]
    public async Task A_service_that_others_reach_does_not_start_without_keys(params string[] args)
    {
        await using var database = await TestDatabase.CreateAsync();
        var refused = await CommandProcess.RunAsync(database.ConnectionString, args);
        (refused.ExitCode, refused.Output).ShouldBe((1, ""), refused.Error);
        refused.Error.ShouldStartWith("Refusing to listen on");
        refused.Error.ShouldContain("Access__RequireKeys=true");
        refused.Error.ShouldContain("Access__AllowOpen=true");
        refused.Error.TrimEnd('\n').ShouldNotContain('\n');
    }

    [Theory]
    [InlineData("Access__RequireKeys", 401)]
    [InlineData("Access__AllowOpen", 200)]
    public async Task It_starts_with_keys_or_when_it_is_told_to_do_without(string setting, int status)
    {
        var folder = Directory.CreateTempSubdirectory("schedulesearch-");
        using (var service = await ServiceProcess.StartAsync(folder.FullName, ("Kestrel__Endpoints__Http__Url", "http://0.0.0.0:0"), (setting, "true")))
        {
            service.Swagger.ShouldStartWith("http://0.0.0.0:");
            ((int)(await service.Http.GetAsync("/families")).StatusCode).ShouldBe(status);
        }

        folder.Delete(recursive: true);
    }
}
