using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Fill;

/// <summary>
/// Work of no microbatch that devices do in bubbles: each piece of an item waits for the one before it, and the first for the items before it.
/// </summary>
/// <remarks>
/// Nothing waits for a piece but other pieces. So with its operations left out, a schedule is one of the problem without it and no longer: what is proved
/// of all of those holds. And every order remains one with the pieces after all else, or where they have deadlines before it.
/// </remarks>
public sealed class FillFeature : IOperationFeature, IRuledFeature, IOrderedFeature, ICarriedFeature, IRestrictingFeature, IDemandingFeature
{
    /// <summary>The name of the feature.</summary>
    public const string Id = "fill";

    /// <inheritdoc/>
    public string Name => Id;

    /// <inheritdoc/>
    public string Member => "profile.fill";

    /// <inheritdoc/>
    public IProfileSection Section { get; } = new FillSection();

    /// <inheritdoc/>
    public bool TakesEveryOrder => true;

    /// <inheritdoc/>
    public bool IsUsedBy(Problem problem) => !problem.Fill.IsEmpty;

    /// <summary>What stages hand each other stays as it is.</summary>
    public void Attach(OperationGraphBuilder builder)
    {
    }

    /// <inheritdoc/>
    public void Finish(OperationGraphBuilder builder)
    {
        var problem = builder.Problem;
        var last = new int[problem.Fill.Length];
        foreach (var (place, item) in problem.Fill.Index())
        {
            var first = builder.Operations.Count;
            foreach (var piece in item.Pieces(problem))
            {
                last[place] = builder.Add(piece, item.Device, item.Duration);
                if (last[place] > first) builder.Depend(last[place], last[place] - 1);
                if (!problem.FillDates.IsUrgent(place)) continue;
                var deadline = piece.Microbatch == item.Last ? item.Deadline : null;
                builder.Date(new DueDate(last[place], deadline ?? long.MaxValue, problem.FillDates.LatestStart(place, piece.Microbatch)));
            }

            foreach (var before in item.After) builder.Depend(first, last[before], problem.Lag(problem.Fill[before].Device, item.Device));
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<Operation>> Complete(Problem problem, IReadOnlyList<IReadOnlyList<Operation>> orders) =>
        FillOrder.Complete(problem, orders);

    /// <summary>Keeps the deadlines, where pieces in the gaps of an order come too late: that may take longer.</summary>
    public IReadOnlyList<IReadOnlyList<Operation>> Improve(Problem problem, IReadOnlyList<IReadOnlyList<Operation>> orders) =>
        FillDeadlines.Keep(problem, orders);

    /// <inheritdoc/>
    public IEnumerable<ProfileError> Faults(Problem problem) => FillDeadlines.Faults(problem);

    /// <inheritdoc/>
    public FormatRefusal WhyNotCarried(string part) => new(
        $"$.{Member}", $"{part} cannot be told of work beside the microbatches.", "Leave profile.fill out, or use the format native.");

    /// <inheritdoc/>
    public ScheduleRules? RulesOf(Problem problem) => IsUsedBy(problem) ? new FillRules(problem) : null;
}
