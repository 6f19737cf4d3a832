using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;

namespace ScheduleSearch.Api.Agents;

/// <summary>The tools as the protocol has them. They are described when they are first asked for: most services never are.</summary>
internal sealed class ToolCatalogue(
    IEnumerable<IAgentTool> tools, ToolSchemas schemas, IAuthorizationService authorization, ProblemExceptionHandler problems)
{
    private readonly Dictionary<string, IAgentTool> _tools = tools.ToDictionary(tool => tool.Description.Name);
    private readonly Lazy<List<Tool>> _described = new(() => [.. tools.Select(tool => Describe(tool.Description, schemas))]);

    /// <summary>All tools.</summary>
    public ListToolsResult List() => new() { Tools = _described.Value };

    /// <summary>Has a tool called. What is wrong with the arguments or cannot be had is told as the service's problems are.</summary>
    /// <param name="message">The HTTP request that brought the call.</param>
    /// <param name="request">The call.</param>
    /// <param name="cancellation">Canceled when nobody waits for the answer any longer.</param>
    /// <exception cref="McpProtocolException">There is no such tool.</exception>
    public async ValueTask<CallToolResult> CallAsync(HttpContext message, RequestContext<CallToolRequestParams> request, CancellationToken cancellation)
    {
        if (!_tools.TryGetValue(request.Params.Name, out var tool))
        {
            throw new McpProtocolException(
                $"There is no tool '{request.Params.Name}'; the tools are {string.Join(", ", _tools.Keys)}.", McpErrorCode.InvalidParams);
        }

        try
        {
            var call = new ToolCall(message, request, cancellation);
            await CheckRoleAsync(call, tool.Description.Policy);
            var answer = JsonSerializer.SerializeToElement(await tool.RunAsync(call), AnswerJson.Options);
            return new CallToolResult { StructuredContent = answer, Content = [Text(answer.GetRawText())] };
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            return Refused(exception);
        }
    }

    private static Tool Describe(ToolDescription description, ToolSchemas schemas) => new()
    {
        Name = description.Name,
        Title = description.Title,
        Description = $"{description.Text}\n\nExample of arguments: {description.Example.ToJsonString()}",
        InputSchema = schemas.Of(description.Arguments),
        OutputSchema = schemas.Of(description.Answer),
        // A search changes nothing that anybody has: results only ever improve.
        Annotations = new ToolAnnotations
        {
            ReadOnlyHint = description.Policy == AccessPolicies.Read,
            DestructiveHint = false,
            IdempotentHint = true,
            OpenWorldHint = false,
        },
    };

    private async Task CheckRoleAsync(ToolCall call, string policy)
    {
        if ((await authorization.AuthorizeAsync(call.Context.User, call.Context, policy)).Succeeded) return;
        throw new RequestFault(StatusCodes.Status403Forbidden, KeyAuthentication.LacksRole(policy));
    }

    private CallToolResult Refused(Exception exception)
    {
        var (problem, retryAfter) = problems.Report(exception);
        var text = JsonSerializer.SerializeToNode(problem, AnswerJson.Options)!.AsObject();
        if (retryAfter is { } seconds) text["retryAfterSeconds"] = seconds;
        return new CallToolResult { IsError = true, Content = [Text(text.ToJsonString(AnswerJson.Options))] };
    }

    private static TextContentBlock Text(string text) => new() { Text = text };
}
