using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Optimizer;

/// <summary>
/// Each stage that is trained ends the iteration with the optimizer's step, after its own last gradient or after those of all stages; and with
/// post-validation each device begins it with word of the last one, which comes from the last device on. Steps are known by their stage and the last
/// microbatch, words by the device's first stage and the first microbatch.
/// </summary>
/// <remarks>
/// With its operations left out, a schedule is one of the problem without it and no longer: what is proved of all of those holds. Every order remains one
/// with steps after all else and words before all else.
/// </remarks>
public sealed class OptimizerFeature : IOperationFeature, IRuledFeature, IOrderedFeature, ICarriedFeature, IRestrictingFeature
{
    /// <summary>The name of the feature.</summary>
    public const string Id = "optimizer";

    /// <inheritdoc/>
    public string Name => Id;

    /// <inheritdoc/>
    public string Member => "profile.optimizer";

    /// <inheritdoc/>
    public IProfileSection Section { get; } = new OptimizerSection();

    /// <inheritdoc/>
    public bool TakesEveryOrder => true;

    /// <inheritdoc/>
    public bool IsUsedBy(Problem problem) => problem.Profile.Optimizer is not null;

    /// <inheritdoc/>
    public void Attach(OperationGraphBuilder builder)
    {
        var problem = builder.Problem;
        if (!problem.ValidatesAfterwards) return;
        var words = new int[problem.Devices];
        for (var device = problem.Devices - 1; device >= 0; device--)
        {
            words[device] = builder.Add(WordOn(problem, device), device, 0);
            if (device + 1 < problem.Devices) builder.Depend(words[device], words[device + 1], problem.Lag(device + 1, device));
        }

        builder.Wrap(Port.Activation, (cell, activation) => Awaited(cell, cell.Stage, activation));
        builder.Wrap(Port.Output, (cell, output) =>
            problem.Placement.Routes[cell.Pipe].Neighbour(cell.Stage, up: true) is { } reader && problem.WaitsForValidation(cell.Pipe, reader, isForward: true)
                ? Awaited(cell, reader, output)
                : output);

        Source Awaited(Cell cell, int reader, Source source) =>
            source with { Others = source.Others.Add(new Source(words[problem.Placement.DeviceOf(cell.Pipe, reader)])) };
    }

    /// <inheritdoc/>
    public void Finish(OperationGraphBuilder builder)
    {
        var problem = builder.Problem;
        var last = new List<int>[problem.Stages];
        for (var stage = 0; stage < last.Length; stage++) last[stage] = [];
        for (var index = 0; index < builder.Operations.Count; index++)
        {
            var operation = builder.Operations[index];
            if (operation.Facts.Role is OperationRole.WeightGradient or OperationRole.WholeBackward) last[operation.Stage].Add(index);
        }

        for (var stage = problem.FrozenStages; stage < problem.Stages; stage++)
        {
            var step = builder.Add(StepOf(problem, stage), problem.Placement.DeviceOf(0, stage), problem.OptimizerStep[stage]);
            foreach (var gradient in problem.ValidatesAfterwards ? last[stage] : last.SelectMany(gradients => gradients)) builder.Depend(step, gradient);
        }
    }

    /// <summary>
    /// Steps after all else; word just before the first operation that waits for it, so that a device need not begin with it, or before all else where
    /// that would deadlock.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<Operation>> Complete(Problem problem, IReadOnlyList<IReadOnlyList<Operation>> orders)
    {
        if (!problem.ValidatesAfterwards) return Completed(_ => 0);
        var late = Completed(order => order.TakeWhile(operation => !problem.WaitsForValidation(operation.Pipe, operation.Stage, operation.IsForward)).Count());
        try
        {
            _ = Replay.Run(Schedule.Of(problem.Through(Id), late));
            return late;
        }
        catch (DeadlockException)
        {
            return Completed(_ => 0);
        }

        IReadOnlyList<IReadOnlyList<Operation>> Completed(Func<IReadOnlyList<Operation>, int> placeOfWord) =>
            [.. orders.Select((order, device) => OnDevice(problem, order, device, placeOfWord(order)))];
    }

    /// <inheritdoc/>
    public FormatRefusal WhyNotCarried(string part) => new(
        $"$.{Member}", $"{part} cannot be told of the optimizer's step.", "Leave profile.optimizer out, or use the format native.");

    /// <inheritdoc/>
    public ScheduleRules? RulesOf(Problem problem) => IsUsedBy(problem) ? new OptimizerRules(problem) : null;

    private static Operation[] OnDevice(Problem problem, IReadOnlyList<Operation> order, int device, int placeOfWord) =>
    [
        .. order.Take(placeOfWord),
        .. problem.ValidatesAfterwards ? [WordOn(problem, device)] : Array.Empty<Operation>(),
        .. order.Skip(placeOfWord),
        .. problem.Placement.StagesOn(device).Where(place => problem.HasBackward(place.Stage)).Select(place => StepOf(problem, place.Stage)),
    ];

    private static Operation StepOf(Problem problem, int stage) => new(OperationKind.OptimizerStep, 0, stage, problem.Microbatches - 1);

    private static Operation WordOn(Problem problem, int device) => new(OperationKind.PostValidation, 0, problem.Placement.StagesOn(device)[0].Stage, 0);
}
