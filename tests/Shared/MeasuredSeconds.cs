using System.Text.Json;

namespace ScheduleSearch.Tests.Shared;

/// <summary>Seconds of a forward and of a whole backward.</summary>
internal readonly record struct MeasuredSeconds(double Forward, double Backward)
{
    /// <summary>A pair of the file.</summary>
    public static MeasuredSeconds Of(JsonElement pair) => new(pair[0].GetDouble(), pair[1].GetDouble());
}
