using ModelContextProtocol.AspNetCore;
using ScheduleSearch.Api.Access;

namespace ScheduleSearch.Api.Agents;

internal static class AgentExtensions
{
    private const string Path = "/mcp";

    private const string Instructions =
        """
        ScheduleSearch finds the order in which the devices of pipeline-parallel training run forwards and backwards, with a proved lower bound.
        A run is planned so: measure forward, backwardInput and backwardWeight of each stage on one microbatch; `compare` shows what published schedules
        reach beside the searched one; `solve` searches ("placement": "best" tries every placement); `explain` says what holds a schedule up and what would
        help; `instructions` has the stream that a runtime executes, rank by rank; `verify` checks an order of your own.
        Times and amounts of memory in answers have the units of the profile (ms and MiB unless it says otherwise), ratios are from 0 to 1. Errors name the
        wrong member by its JSON path and say what to change.
        """;

    /// <summary>Tools for agents, by the Model Context Protocol.</summary>
    public static IServiceCollection AddAgents(this IServiceCollection services)
    {
        services.AddSingleton<AgentGate>();
        services.AddSingleton<ToolSchemas>();
        services.AddSingleton<ToolCatalogue>();
        services.AddSingleton<IAgentTool, SolveTool>();
        services.AddSingleton<IAgentTool, CompareTool>();
        services.AddSingleton<IAgentTool, VerifyTool>();
        services.AddSingleton<IAgentTool, ExplainTool>();
        services.AddSingleton<IAgentTool, InstructionsTool>();
        services.AddMcpServer(server =>
        {
            server.ServerInfo = new() { Name = "ScheduleSearch", Version = typeof(AgentExtensions).Assembly.GetName().Version!.ToString() };
            server.ServerInstructions = Instructions;
            server.ScopeRequests = false;
        }).WithHttpTransport(transport =>
        {
            // What one process has begun another can go on with.
            transport.SessionMode = HttpServerSessionMode.Stateless;
            transport.ConfigureSessionOptions = (context, server, _) =>
            {
                var tools = context.RequestServices.GetRequiredService<ToolCatalogue>();
                server.Handlers.ListToolsHandler = (_, _) => ValueTask.FromResult(tools.List());
                server.Handlers.CallToolHandler = (request, cancellation) => tools.CallAsync(context, request, cancellation);
                return Task.CompletedTask;
            };
        });
        return services;
    }

    /// <summary>Where agents call the tools.</summary>
    public static IEndpointRouteBuilder MapAgents(this IEndpointRouteBuilder routes)
    {
        var gate = routes.ServiceProvider.GetRequiredService<AgentGate>();
        routes.MapMcp(Path).RequireAuthorization(AccessPolicies.Read).ExcludeFromDescription().Add(endpoint =>
        {
            var handle = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context => gate.HandleAsync(context, handle);
        });
        return routes;
    }
}
