using System.Text.Json.Nodes;

namespace ScheduleSearch.Api.Agents;

/// <summary>What agents are told of a tool.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Text">What it does, with units.</param>
/// <param name="Policy">The policy of who may call it, one of <see cref="Access.AccessPolicies"/>.</param>
/// <param name="Arguments">The type that states its arguments.</param>
/// <param name="Answer">The type that states what it answers.</param>
/// <param name="Example">Arguments to start from.</param>
internal sealed record ToolDescription(string Name, string Title, string Text, string Policy, Type Arguments, Type Answer, JsonNode Example);
