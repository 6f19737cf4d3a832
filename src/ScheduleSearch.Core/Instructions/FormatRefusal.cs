using ScheduleSearch.Core.Features;

namespace ScheduleSearch.Core.Instructions;

/// <summary>Why a format cannot carry a schedule, and what would make it possible.</summary>
/// <param name="Member">
/// JSON path of the request's member that decides it, such as <c>$.options.splitBackward</c>; the parameter <c>format</c> when none does.
/// </param>
/// <param name="Reason">What the runtime cannot do, in one sentence.</param>
/// <param name="Fix">What to change, in one sentence.</param>
public sealed record FormatRefusal(string Member, string Reason, string Fix)
{
    /// <summary>The refusal of a feature that the format does not cover, in words that fit every feature.</summary>
    public static FormatRefusal Of(IFeature feature, string part) =>
        new($"$.{feature.Member}", $"{part} says nothing of {feature.Member}.", $"Leave {feature.Member} out, or use the format native.");
}
