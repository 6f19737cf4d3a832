using System.Collections.Immutable;
using System.Text.Json;
using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Plans;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Features.Layers;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Tests.Shared;

/// <summary>A plan whose iteration somebody measured on nodes of four GH200, from tests/Oracles/iterations-gh200.json.</summary>
/// <param name="Nodes">Nodes, each of which is a rank of a pipeline.</param>
/// <param name="Layers">Layers of each stage, embedding and head among them.</param>
/// <param name="Replicas">Replicas of the pipeline.</param>
/// <param name="MicrobatchSize">Sequences of a microbatch.</param>
/// <param name="GlobalBatch">Sequences of an iteration.</param>
/// <param name="Seconds">What an iteration took.</param>
/// <param name="Sums">What of it the sums of gradients took.</param>
/// <param name="Update">What updating a layer takes.</param>
/// <param name="Links">GB a second of a device within a node and between nodes.</param>
internal sealed record MeasuredIteration(
    int Nodes, ImmutableArray<int> Layers, int Replicas, int MicrobatchSize, int GlobalBatch, double Seconds, double Sums, double Update,
    (double Inside, decimal Between) Links)
{
    private const int TensorParallel = 4, SingleBytes = 4;

    private const decimal Milliseconds = 1000;

    /// <summary>Microbatches of each pipeline.</summary>
    public int Microbatches => GlobalBatch / (Replicas * MicrobatchSize);

    /// <summary>The plans of the file.</summary>
    public static IReadOnlyList<MeasuredIteration> All()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Oracles", "iterations-gh200.json")));
        var root = document.RootElement;
        return [.. root.GetProperty("plans").EnumerateArray().Select(plan => Of(root, plan))];
    }

    /// <summary>
    /// Seconds of the iteration as they follow from the measured times of layers: stages of 1F1B, replayed with messages of single precision, then the sums of
    /// gradients and the update of the largest stage.
    /// </summary>
    public (PlannedIteration Iteration, double Formula, double Seconds) Predicted()
    {
        var model = MeasuredModel.All()[0];
        var row = model.Rows.Single(row => row.TensorParallel == TensorParallel && row.MicrobatchSize == MicrobatchSize);
        var parameters = model.Estimate(row, efficiency: 1).Layers.SelectMany(layer => Enumerable.Repeat(layer.Parameters, layer.Count)).ToList();
        var ends = Layers.Select((_, stage) => Layers.Take(stage + 1).Sum()).ToList();
        var stages = Problem.Create(Profile(model, row)).Profile;
        var work = new PlannedWork(
            stages, Replicas, (double)MicrobatchSize * model.Sequence * model.Sizes.Hidden * SingleBytes,
            [.. ends.Select((end, stage) => (double)parameters.Take(end).Skip(end - Layers[stage]).Sum() / TensorParallel * SingleBytes)]);
        var pipeline = PlannedPipeline.Of(
            work,
            TensorParallel,
            new()
            {
                Nodes = Nodes,
                DevicesPerNode = TensorParallel,
                LinkInside = new() { Bandwidth = Links.Inside },
                LinkBetween = new() { Bandwidth = Links.Between },
            },
            DeviceCatalogue.Find("GH200")!,
            new() { SplitBackward = false },
            ProblemLimits.Default);
        var order = FamilyCatalogue.Find("1f1b")!.Order(pipeline.Problem);
        var iteration = pipeline.IterationOf(Replay.Run(Schedule.Of(pipeline.Problem, order)));
        var update = Update * Layers.Max();
        return (iteration, pipeline.Milliseconds / (double)Milliseconds + update, iteration.Total / (double)Milliseconds + update);
    }

    private Profile Profile(MeasuredModel model, MeasuredLayers row) => new()
    {
        Pipeline = new()
        {
            Devices = Layers.Length,
            Microbatches = Microbatches,
            Split = StageSplit.Of(Layers),
        },
        Times = new()
        {
            Forward = 0,
            BackwardInput = 0,
            BackwardWeight = 0,
        },
        Layers =
        [
            Layer("embedding", 1, row.Embedding),
            Layer("decoder", model.Sizes.Layers, row.Decoder),
            Layer("head", 1, row.Head),
        ],
    };

    private static ModelLayer Layer(string name, int count, MeasuredSeconds seconds) => new()
    {
        Name = name,
        Count = count,
        Forward = (decimal)seconds.Forward * Milliseconds,
        BackwardInput = (decimal)seconds.Backward * Milliseconds,
        BackwardWeight = 0,
    };

    private static MeasuredIteration Of(JsonElement root, JsonElement plan)
    {
        var microbatchSize = plan.GetProperty("microbatchSize").GetInt32();
        return new(
            plan.GetProperty("nodes").GetInt32(),
            [.. plan.GetProperty("layers").EnumerateArray().Select(layers => layers.GetInt32())],
            plan.GetProperty("replicas").GetInt32(),
            microbatchSize,
            plan.GetProperty("globalBatch").GetInt32(),
            plan.GetProperty("iteration").GetDouble(),
            plan.GetProperty("sums").GetDouble(),
            root.GetProperty("updates").GetProperty($"{microbatchSize}").GetDouble(),
            (root.GetProperty("bandwidthInside").GetDouble(), root.GetProperty("bandwidthBetween").GetDecimal()));
    }
}
