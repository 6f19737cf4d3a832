using System.Text.Json;
using System.Text.Json.Serialization;

namespace ScheduleSearch.Api.Transfer;

/// <summary>A stored schedule in a file, one on each line.</summary>
internal sealed record TransferLine
{
    /// <summary>The version of the form.</summary>
    public const int Present = 1;

    /// <summary>Unknown members and wrong types are refused. What a member of a null value says is that it is missing.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 16,
    };

    public required int Version { get; init; }

    public required string Id { get; init; }

    /// <summary>What was submitted: a body that solve takes, without a budget.</summary>
    public required JsonElement Request { get; init; }

    /// <summary>The order, as the table has it; null for a choice, which has none of its own.</summary>
    public byte[]? Order { get; init; }

    public string? Method { get; init; }

    /// <summary>Whether it is an order that somebody sent, of what was submitted; null when it is not.</summary>
    public bool? IsOwn { get; init; }

    /// <summary>The lower bound in ticks of the problem.</summary>
    public long? BoundTicks { get; init; }

    public string? BoundName { get; init; }

    public double SpentSeconds { get; init; }

    public long SpentWork { get; init; }

    public double SolveSeconds { get; init; }
}
