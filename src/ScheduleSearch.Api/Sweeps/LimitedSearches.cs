using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Sweeps;

/// <summary>A profile whose limit is looked for, at any limit.</summary>
/// <param name="profile">The profile, which has none.</param>
/// <param name="options">As solve's, without a family.</param>
internal sealed class LimitedSearches(Profile profile, SolveOptions options)
{
    /// <summary>What is said of memory beside the limit: layers may have all of it.</summary>
    private readonly ActivationMemory _memory = profile.Memory ?? new();

    /// <summary>What is searched with unlimited memory.</summary>
    /// <param name="limits">How large it may be.</param>
    /// <exception cref="InvalidProfileException">The profile or the options are wrong; all members are named.</exception>
    public LimitedSearch Unlimited(ProblemLimits limits) => Of(_memory, limits);

    /// <summary>What is searched at a limit; null when nothing that would be searched fits.</summary>
    public LimitedSearch? At(decimal limit)
    {
        try
        {
            return Of(_memory with { Limit = limit }, ProblemLimits.None);
        }
        catch (InvalidProfileException)
        {
            return null;
        }
    }

    private LimitedSearch Of(ActivationMemory memory, ProblemLimits limits)
    {
        var (asked, narrowed) = (profile with { Memory = memory }, CarriedChoice.Narrowed(options));
        if (PlacementChoice.IsOne(asked)) return LimitedSearch.Of(CarriedChoice.Create(asked, narrowed, limits));
        var problem = Problem.Create(asked, narrowed.Objective, narrowed.SplitBackward, limits);
        CarriedChoice.Check(problem, options);
        return LimitedSearch.Of(problem);
    }
}
