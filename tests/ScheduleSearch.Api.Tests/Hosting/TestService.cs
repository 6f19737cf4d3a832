using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ScheduleSearch.Api.Diagnostics;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Pages;

namespace ScheduleSearch.Api.Tests.Hosting;

/// <summary>The service on a port of its own, with a solver that tests control unless they ask for the real one.</summary>
internal sealed class TestService : WebApplicationFactory<Program>
{
    private static readonly Type[] WarmUps = [typeof(WarmUp), typeof(PageWarmUp)];

    private readonly string _connectionString;
    private readonly ISolver? _solver;
    private readonly (string Name, string Value)[] _settings;

    public TestService(string connectionString, ISolver? solver = null, params (string Name, string Value)[] settings)
    {
        (_connectionString, _solver, _settings) = (connectionString, solver, settings);
        UseKestrel(0);
        StartServer();
        Http = CreateClient();
        Http.Timeout = TimeSpan.FromMinutes(2);
    }

    /// <summary>A client over real sockets.</summary>
    public HttpClient Http { get; }

    public int Port => Http.BaseAddress!.Port;

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Answer> PostAsync(string path, JsonNode body, params (string Name, string Value)[] headers) =>
        PostAsync(path, body.ToJsonString(), headers);

    public Task<Answer> PostAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, Json(Encoding.UTF8.GetBytes(json)), headers);

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Answer.OfAsync(await Http.SendAsync(request));
    }

    /// <summary>Waits for the schema, which on a busy machine may come later than the service.</summary>
    public async Task ReadyAsync()
    {
        for (var attempt = 0; (await GetAsync("/readyz")).Status != 200 && attempt < 600; attempt++) await Task.Delay(50);
    }

    /// <summary>Stops the service as SIGTERM does.</summary>
    public Task StopAsync() => Services.GetRequiredService<IHost>().StopAsync();

    public static ByteArrayContent Json(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    /// <summary>Waits until the schedule of an id has left the given states.</summary>
    public async Task<Answer> WaitWhileAsync(string id, params string[] states)
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = await GetAsync($"/schedules/{id}");
            if (answer.Status != 200 || !states.Contains(answer["status"]!.GetValue<string>()) || attempt == 600) return answer;
            await Task.Delay(50);
        }
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        // As it runs for its users: for its developers ASP.NET Core has endpoints of its own.
        builder.UseEnvironment(Environments.Production);
        builder.UseSetting("ConnectionStrings:Schedules", _connectionString);
        builder.UseSetting("Logging:LogLevel:Default", "None");
        builder.UseSetting("Solver:WarmChildren", "1");
        foreach (var (name, value) in _settings) builder.UseSetting(name, value);
        builder.ConfigureTestServices(Replace);
    }

    private void Replace(IServiceCollection services)
    {
        // The process of the tests is warm after its first service, and each spends a fifth of its start on warming up.
        foreach (var warmUp in services.Where(service => service.ImplementationType is { } type && WarmUps.Contains(type)).ToList()) services.Remove(warmUp);
        // One for all services of the process, unless a test listens: EF Core keeps its model and its queries with the loggers that it is given.
        if (!_settings.Any(setting => setting.Name.StartsWith("Logging:", StringComparison.Ordinal)))
            services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        if (_solver is not null) services.AddSingleton(_solver);
    }
}

/// <summary>An answer read to its end.</summary>
internal sealed record Answer(int Status, HttpResponseMessage Response, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonNode Json => JsonNode.Parse(Bytes)!;

    public string? MediaType => Response.Content.Headers.ContentType?.MediaType;

    public IEnumerable<string> Members => Json["errors"]!.AsObject().Select(member => member.Key);

    public JsonNode? this[string member] => Json[member];

    public static async Task<Answer> OfAsync(HttpResponseMessage response) =>
        new((int)response.StatusCode, response, await response.Content.ReadAsByteArrayAsync());
}
