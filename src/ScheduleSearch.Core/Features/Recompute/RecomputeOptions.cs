using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Recompute;

/// <summary>
/// The options of each stage, the quickest first, of which each keeps less than those before it: a level that another one beats in time and in memory is
/// none, nor is one that drops nothing. A selection is the place of an option for each stage.
/// </summary>
internal sealed class RecomputeOptions
{
    private readonly ImmutableArray<ImmutableArray<RecomputeOption>> _ofStage;

    /// <param name="problem">The problem of a profile that leaves its recomputation open.</param>
    public RecomputeOptions(Problem problem) =>
        (Profile, _ofStage) = (problem.Profile, [.. Enumerable.Range(0, problem.Stages).Select(stage => Of(problem, stage))]);

    /// <summary>The profile that leaves it open.</summary>
    public Profile Profile { get; }

    /// <summary>Stages.</summary>
    public int Stages => _ofStage.Length;

    /// <summary>The most options that a stage has.</summary>
    public int MostOfStage => _ofStage.Max(options => options.Length);

    /// <summary>The options of a stage; at least one, which keeps everything.</summary>
    public ImmutableArray<RecomputeOption> this[int stage] => _ofStage[stage];

    /// <summary>The selection that keeps everything.</summary>
    public ImmutableArray<int> None => [.. _ofStage.Select(_ => 0)];

    /// <summary>The selection that keeps least everywhere.</summary>
    public ImmutableArray<int> All => [.. _ofStage.Select(options => options.Length - 1)];

    /// <summary>The number of selections of some stages, or a number above a limit where there are more.</summary>
    public int Count(IEnumerable<int> stages, int limit) => stages.Aggregate(1, (count, stage) => Math.Min(count * _ofStage[stage].Length, limit + 1));

    /// <summary>Every selection of some stages, with the first option for the others.</summary>
    public IEnumerable<ImmutableArray<int>> Every(IReadOnlyList<int> stages) => stages.Aggregate(
        (IEnumerable<ImmutableArray<int>>)[None],
        (selections, stage) => selections.SelectMany(
            selection => Enumerable.Range(0, _ofStage[stage].Length).Select(option => selection.SetItem(stage, option))));

    /// <summary>The option of a selection on a stage.</summary>
    public RecomputeOption Of(ImmutableArray<int> selection, int stage) => _ofStage[stage][selection[stage]];

    private static ImmutableArray<RecomputeOption> Of(Problem problem, int stage)
    {
        var profile = problem.Profile;
        List<RecomputeOption> options = [new(profile.Memory?.Activation?[stage] ?? 0, 0, Recomputes: false)];
        if (!problem.HasBackward(stage)) return [.. options];
        foreach (var level in profile.Recompute!.AllLevels
            .Select(level => new RecomputeOption(level.Kept[stage], RecomputeLevelsMember.TimeOf(profile, level)[stage], Recomputes: true))
            .OrderBy(level => level.Time).ThenBy(level => level.Kept))
        {
            if (level.Kept < options[^1].Kept) options.Add(level);
        }

        return [.. options];
    }
}
