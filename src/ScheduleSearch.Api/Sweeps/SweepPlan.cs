using System.Text.Json;
using ScheduleSearch.Api.Http;

namespace ScheduleSearch.Api.Sweeps;

/// <summary>What a sweep consists of, as it is stored.</summary>
/// <param name="Axes">The paths of the members that vary.</param>
/// <param name="Points">The points, the last axis varying fastest.</param>
/// <param name="Tokens">Tokens of a microbatch; null when nobody said.</param>
/// <param name="Price">What an hour of a device costs; null when nobody said.</param>
internal sealed record SweepPlan(IReadOnlyList<string> Axes, IReadOnlyList<SweepPoint> Points, double? Tokens, double? Price)
{
    public string Write() => JsonSerializer.Serialize(this, AnswerJson.Options);

    /// <exception cref="InvalidDataException">The text holds no plan.</exception>
    public static SweepPlan Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<SweepPlan>(text, AnswerJson.Options) ?? throw new InvalidDataException("The sweep's plan is missing.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("The sweep's plan cannot be read.", exception);
        }
    }
}
