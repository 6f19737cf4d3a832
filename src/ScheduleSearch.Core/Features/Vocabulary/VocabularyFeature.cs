using System.Text.Json;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Vocabulary;

/// <summary>
/// The output layer and the input embedding in shards: every device passes over its own for every microbatch. Its passes are known by the number of
/// the first stage on the device.
/// </summary>
public sealed class VocabularyFeature : IOperationFeature, IRuledFeature, IOrderedFeature, ICarriedFeature, ICostedFeature, IOpenFeature
{
    /// <summary>The name of the feature.</summary>
    public const string Id = "vocabulary";

    /// <inheritdoc/>
    public string Name => Id;

    /// <inheritdoc/>
    public string Member => "profile.vocabulary";

    /// <inheritdoc/>
    public string OpenMember => "vocabulary.parallel";

    /// <inheritdoc/>
    public IProfileSection Section { get; } = new VocabularySection();

    /// <inheritdoc/>
    public bool TakesEveryOrder => true;

    /// <inheritdoc/>
    public bool IsUsedBy(Problem problem) => problem.VocabularyBarriers > 0;

    /// <inheritdoc/>
    public string ClosedWords => $"one of {string.Join(", ", Closed.Select(VocabularySection.NameOf))}";

    private static IEnumerable<VocabularyParallel> Closed =>
        Enum.GetValues<VocabularyParallel>().Where(parallel => parallel != VocabularyParallel.Search);

    /// <inheritdoc/>
    public bool IsLeftOpen(Profile profile) => profile.Vocabulary is { Parallel: VocabularyParallel.Search };

    /// <inheritdoc/>
    public OpenWays WaysOf(Profile profile, AskedWays asked) => new(
        [.. Closed.Select(parallel => new ClosedWay(
            OpenMember,
            JsonSerializer.SerializeToElement(VocabularySection.NameOf(parallel)),
            profile with { Vocabulary = profile.Vocabulary! with { Parallel = parallel } }))]);

    /// <inheritdoc/>
    public void Attach(OperationGraphBuilder builder)
    {
        var (problem, last) = (builder.Problem, builder.Problem.Stages - 1);
        var devices = Enumerable.Range(0, problem.Devices).ToArray();
        if (problem.EmbedsInShards)
        {
            builder.Provide(Port.Input, cell => Joined(
                [.. devices.Select(device => builder.Add(Pass(OperationKind.VocabularyInput, device, cell), device, problem.VocabularyInput[device]))]));
        }

        builder.Provide(Port.OutputGradient, cell =>
        {
            var output = builder.SourceOf(Port.Output, cell);
            var before = Array.ConvertAll(devices, device => PassBefore(output, cell, device));
            var after = Array.ConvertAll(devices, device => PassAfter(before, cell, device));
            return Joined(problem.VocabularyBarriers == 1 ? before : after);
        });

        int PassBefore(Source output, Cell cell, int device)
        {
            var pass = builder.Add(Pass(OperationKind.VocabularyForward, device, cell), device, problem.VocabularyForward[device]);
            builder.Depend(pass, output.Operation, output.Lag + problem.Lag(problem.Placement.DeviceOf(cell.Pipe, last), device));
            return pass;
        }

        int PassAfter(int[] before, Cell cell, int device)
        {
            var pass = builder.Add(Pass(OperationKind.VocabularyBackward, device, cell), device, problem.VocabularyBackward[device]);
            builder.Depend(pass, Joined(before));
            builder.Hold(before[device], pass, problem.VocabularyActivation[device]);
            return pass;
        }

        Operation Pass(OperationKind kind, int device, Cell cell) => (cell with { Stage = problem.VocabularyStageOn(device) }).Of(kind);

        Source Joined(int[] passes) =>
            new(passes[0], problem.VocabularyBarrier) { Others = [.. passes.Skip(1).Select(pass => new Source(pass, problem.VocabularyBarrier))] };
    }

    /// <summary>An order that speaks of the passes is complete.</summary>
    public IReadOnlyList<IReadOnlyList<Operation>> Complete(Problem problem, IReadOnlyList<IReadOnlyList<Operation>> orders) =>
        orders[0].Any(operation => operation.Facts.Role == OperationRole.Shard) ? orders : new VocabularyOrder(problem, orders).Complete();

    /// <inheritdoc/>
    public FormatRefusal WhyNotCarried(string part) => new(
        $"$.{Member}.parallel",
        $"{part} cannot be told when a device passes over its shard of the output layer.",
        "Set vocabulary.parallel to none, or use the format native.");

    /// <summary>The work of a device's passes counts on the stage by whose number they are known.</summary>
    public long AddedWork(Problem problem, int stage)
    {
        if (!IsUsedBy(problem)) return 0;
        var device = problem.Placement.DeviceOf(0, stage);
        return problem.VocabularyStageOn(device) == stage
            ? problem.VocabularyInput[device] + problem.VocabularyForward[device] + problem.VocabularyBackward[device]
            : 0;
    }

    /// <inheritdoc/>
    public long EarlyWork(Problem problem, int device) => IsUsedBy(problem) ? problem.VocabularyInput[device] : 0;

    /// <summary>With one barrier nothing waits for the passes after it.</summary>
    public long WorkAtTurn(Problem problem, int device) => problem.VocabularyBarriers switch
    {
        0 => 0,
        1 => problem.VocabularyForward[device],
        _ => problem.VocabularyForward[device] + problem.VocabularyBackward[device],
    };

    /// <inheritdoc/>
    public long LateWork(Problem problem, int device) => problem.VocabularyBarriers == 1 ? problem.VocabularyBackward[device] : 0;

    /// <summary>The last device to have the output passes over its shard; with two barriers the slowest pass after the first follows.</summary>
    public long TurnDelay(Problem problem)
    {
        if (!IsUsedBy(problem)) return 0;
        var last = problem.Placement.DeviceOf(0, problem.Stages - 1);
        var passed = Enumerable.Range(0, problem.Devices).Max(device => problem.Lag(last, device) + problem.VocabularyForward[device]);
        return passed + problem.VocabularyBarrier
            + (problem.VocabularyBarriers == 1 ? 0 : problem.VocabularyBackward.Max() + problem.VocabularyBarrier);
    }

    /// <inheritdoc/>
    public long HeldAtTurn(Problem problem, int device) => IsUsedBy(problem) ? problem.VocabularyActivation[device] : 0;

    /// <summary>Whole, the output layer is a part of the last stage, and the input embedding one of the first.</summary>
    public OperationTimes TimesOf(Profile profile, OperationTimes times)
    {
        if (profile.Vocabulary is not { Parallel: VocabularyParallel.None } layer) return times;
        var shards = VocabularyShards.Of(profile, layer);
        var (stages, devices) = ((int)profile.Pipeline.Stages, profile.Pipeline.Devices);
        return times with
        {
            Forward = With(With(times.Forward, stages - 1, Sum(shards.Forward)), 0, Sum(shards.Input)),
            BackwardInput = With(times.BackwardInput, stages - 1, Sum(shards.Backward) / 2),
            BackwardWeight = With(times.BackwardWeight, stages - 1, Sum(shards.Backward) / 2),
        };

        decimal Sum(StageValues values) => Enumerable.Range(0, devices).Sum(device => values[device]);

        StageValues With(StageValues values, int stage, decimal added) =>
            StageValues.Each(Enumerable.Range(0, stages).Select(each => values[each] + (each == stage ? added : 0)));
    }

    /// <inheritdoc/>
    public ScheduleRules? RulesOf(Problem problem) => IsUsedBy(problem) ? new VocabularyRules(problem) : null;
}
