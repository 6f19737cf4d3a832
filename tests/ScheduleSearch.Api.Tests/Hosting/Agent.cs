using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Shouldly;

namespace ScheduleSearch.Api.Tests.Hosting;

/// <summary>An agent that is connected to a service, as clients of the protocol are.</summary>
internal sealed class Agent : IAsyncDisposable
{
    private Agent(McpClient client) => Client = client;

    public McpClient Client { get; }

    public static async Task<Agent> ConnectAsync(Uri service, params (string Name, string Value)[] headers)
    {
        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(service, "/mcp"),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = headers.ToDictionary(header => header.Name, header => header.Value),
        });
        return new Agent(await McpClient.CreateAsync(transport));
    }

    /// <summary>Calls a tool that answers.</summary>
    public async Task<JsonObject> CallAsync(string tool, JsonNode arguments, IProgress<ProgressNotificationValue>? progress = null)
    {
        var result = await SendAsync(tool, arguments, progress);
        (result.IsError ?? false).ShouldBeFalse(TextOf(result));
        var answer = JsonObject.Create(result.StructuredContent!.Value)!;
        // Clients that know no structured content read the same.
        JsonNode.DeepEquals(JsonNode.Parse(TextOf(result)), answer).ShouldBeTrue();
        return answer;
    }

    /// <summary>Calls a tool that refuses, with the problem that it tells.</summary>
    public async Task<JsonObject> RefusedAsync(string tool, JsonNode arguments)
    {
        var result = await SendAsync(tool, arguments);
        (result.IsError ?? false).ShouldBeTrue(TextOf(result));
        return JsonNode.Parse(TextOf(result))!.AsObject();
    }

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    private async Task<CallToolResult> SendAsync(string tool, JsonNode arguments, IProgress<ProgressNotificationValue>? progress = null) =>
        await Client.CallToolAsync(
            tool, arguments.AsObject().ToDictionary(member => member.Key, member => (object?)JsonSerializer.SerializeToElement(member.Value)), progress);

    private static string TextOf(CallToolResult result) => result.Content.OfType<TextContentBlock>().Single().Text;
}
