using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.TwoPipes;

/// <summary>Microbatches run down one of several routes, each through a replica of the weights of its own.</summary>
public sealed class TwoPipesFeature : IRuledFeature, ICarriedFeature
{
    /// <summary>The name of the feature.</summary>
    public const string Id = "two-pipes";

    /// <inheritdoc/>
    public string Name => Id;

    /// <inheritdoc/>
    public string Member => "profile.pipeline.placement";

    /// <inheritdoc/>
    public bool IsUsedBy(Problem problem) => problem.Placement.Pipes > 1;

    /// <inheritdoc/>
    public FormatRefusal WhyNotCarried(string part) => new(
        $"$.{Member}",
        $"{part} names a stage and no pipe, so a schedule of two pipes cannot be told to it.",
        "Use a placement of one pipe, or the format native.");

    /// <inheritdoc/>
    public ScheduleRules? RulesOf(Problem problem) => IsUsedBy(problem) ? new TwoPipesRules(problem) : null;
}
