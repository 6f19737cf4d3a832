using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Recompute;

/// <summary>The forward keeps only part of its activation; the rest is recomputed when the backward asks for it.</summary>
public sealed class RecomputeFeature : IOperationFeature, IRuledFeature, IOrderedFeature, ICarriedFeature, ICostedFeature, IOpenFeature
{
    /// <summary>The name of the feature.</summary>
    public const string Id = "recompute";

    /// <summary>The member that says which stages recompute, within the profile.</summary>
    internal const string ChooseMember = "recompute.choose";

    /// <inheritdoc/>
    public string Name => Id;

    /// <inheritdoc/>
    public string Member => "profile.recompute";

    /// <inheritdoc/>
    public string OpenMember => ChooseMember;

    /// <inheritdoc/>
    public string ClosedWords => "all, none or a list of stages, with time and kept in the place of levels";

    /// <inheritdoc/>
    public bool TriesAll => false;

    /// <inheritdoc/>
    public IProfileSection Section { get; } = new RecomputeSection();

    /// <inheritdoc/>
    public bool IsLeftOpen(Profile profile) => profile.Recompute is { IsLeftOpen: true };

    /// <summary>Where memory has room for everything at once, nothing is gained by recomputing; else the candidates are tried.</summary>
    public OpenWays WaysOf(Profile profile, AskedWays asked)
    {
        var problem = new Problem(profile, Objective.Makespan, splitBackward: true, asked.Features);
        var options = new RecomputeOptions(problem);
        if (problem.HasRoomForAll) return new([ClosedRecompute.Of(options, options.None)]);
        var candidates = new RecomputeCandidates(problem, options);
        return new([.. candidates.Selections().Select(selection => ClosedRecompute.Of(options, selection))])
        {
            Relaxed = candidates.AreAll ? null : new RecomputeRelaxation(problem, options).Groups(),
        };
    }

    /// <inheritdoc/>
    public bool IsUsedBy(Problem problem) => Enumerable.Range(0, problem.Stages).Any(problem.Recomputes);

    /// <inheritdoc/>
    public void Attach(OperationGraphBuilder builder)
    {
        var problem = builder.Problem;
        builder.Wrap(Port.Activation, (cell, activation) =>
        {
            var stage = cell.Stage;
            if (!problem.Recomputes(stage)) return activation;
            var (forward, dropped) = (activation.Operation, problem.Activation[stage] - problem.Kept[stage]);
            builder.Hold(forward, forward, dropped);
            var again = builder.Add(cell.Of(OperationKind.Recompute), problem.Placement.DeviceOf(cell.Pipe, stage), problem.RecomputeTime[stage]);
            builder.Depend(again, activation);
            return new Source(again) { Held = [new HeldPart(again, dropped), new HeldPart(forward, problem.Kept[stage])] };
        });
    }

    /// <summary>Every activation that must be recomputed is so directly before its backward, or before the pair that its backward is in.</summary>
    public IReadOnlyList<IReadOnlyList<Operation>> Complete(Problem problem, IReadOnlyList<IReadOnlyList<Operation>> orders) =>
        [.. orders.Select(order => Complete(problem, order))];

    private static List<Operation> Complete(Problem problem, IReadOnlyList<Operation> order)
    {
        List<Operation> complete = [];
        for (var place = 0; place < order.Count; place++)
        {
            Operation? backward = order[place] switch
            {
                { Kind: OperationKind.Backward or OperationKind.BackwardInput } alone => alone,
                { BeginsPair: true } => order[place + 1],
                _ => null,
            };
            if (backward is { } next && problem.Recomputes(next.Stage)) complete.Add(next with { Kind = OperationKind.Recompute });
            complete.Add(order[place]);
        }

        return complete;
    }

    /// <inheritdoc/>
    public FormatRefusal WhyNotCarried(string part) => new(
        $"$.{Member}", $"{part} cannot be told when to recompute an activation.", "Leave profile.recompute out, or use the format native.");

    /// <inheritdoc/>
    public long AddedWork(Problem problem, int stage) => problem.Recomputes(stage) ? problem.RecomputeTime[stage] : 0;

    /// <summary>On the last stage nothing else comes between.</summary>
    public long TurnDelay(Problem problem) => AddedWork(problem, problem.Stages - 1);

    /// <inheritdoc/>
    public long DroppedAfterForward(Problem problem, int stage) => problem.Recomputes(stage) ? problem.Activation[stage] - problem.Kept[stage] : 0;

    /// <inheritdoc/>
    public long RegainWork(Problem problem, int stage) => AddedWork(problem, stage);

    /// <inheritdoc/>
    public ScheduleRules? RulesOf(Problem problem) => IsUsedBy(problem) ? new RecomputeRules(problem) : null;
}
