using System.Text.Json.Nodes;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Sweeps;

/// <summary>A point of a sweep, as it is stored.</summary>
/// <param name="Values">The value of each axis, in their order.</param>
/// <param name="Id">The id of its schedule; null where its request is wrong.</param>
/// <param name="Problem">What is wrong with its request; null where nothing is.</param>
internal sealed record SweepPoint(IReadOnlyList<JsonNode?> Values, string? Id, HttpProblem? Problem)
{
    public int Devices { get; init; }

    public int Microbatches { get; init; }

    public TimeUnit TimeUnit { get; init; }

    public MemoryUnit MemoryUnit { get; init; }

    /// <summary>Seconds of a time in the unit of its profile.</summary>
    public double Seconds(decimal time) => (double)time * TimeUnit switch
    {
        TimeUnit.us => 1e-6,
        TimeUnit.ms => 1e-3,
        _ => 1,
    };

    /// <summary>Bytes of an amount in the unit of its profile.</summary>
    public double Bytes(decimal memory) => (double)memory * Math.Pow(1024, (int)MemoryUnit);
}
