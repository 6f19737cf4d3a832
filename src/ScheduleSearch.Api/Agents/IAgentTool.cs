namespace ScheduleSearch.Api.Agents;

/// <summary>Something that agents have this service do: a new one is a class, and a line in <see cref="AgentExtensions"/>.</summary>
internal interface IAgentTool
{
    /// <summary>What agents are told of it.</summary>
    ToolDescription Description { get; }

    /// <summary>Does it.</summary>
    /// <param name="call">What is asked, and by whom.</param>
    /// <returns>What is answered: an object of the type that the description names, or its JSON.</returns>
    Task<object> RunAsync(ToolCall call);
}
