using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Instructions.Runtimes;

/// <summary>Every runtime that a request may name: a new one is an entry here.</summary>
public static class RuntimeCatalogue
{
    /// <summary>The runtimes, in the order in which they are listed.</summary>
    public static IReadOnlyList<TrainingRuntime> All { get; } =
    [
        new()
        {
            Name = "pytorch",
            Formats = ["pytorch", "pytorch-comms"],
        },
        new()
        {
            Name = "torchtitan",
            Formats = ["pytorch"],
            WhyNone = WhyNotTorchtitan,
        },
        new()
        {
            Name = "deepspeed",
            Formats = ["deepspeed"],
            SplitsBackward = false,
        },
        new()
        {
            Name = "megatron-zb",
            Formats = ["megatron-zb"],
        },
        new()
        {
            Name = "jaxpp",
            Formats = ["jaxpp"],
        },
        new()
        {
            Name = "nnscaler",
            Formats = ["nnscaler"],
            SplitsBackward = false,
        },
    ];

    /// <summary>The runtime of a name; null when there is none.</summary>
    public static TrainingRuntime? Find(string name) => All.FirstOrDefault(runtime => runtime.Name == name);

    /// <summary>torchtitan builds its stages itself, in a loop or in a V, and pipelines nothing on one rank.</summary>
    private static FormatRefusal? WhyNotTorchtitan(Problem problem) =>
        problem.Devices == 1 ? new(
            "$.profile.pipeline.devices", "torchtitan runs no pipeline where parallelism.pipeline_parallel_degree is 1.", "Use two devices or more.")
        : Carriage.IsLoop(problem.Placement) || Carriage.IsV(problem.Placement) ? null
        : new(
            "$.profile.pipeline.placement", "torchtitan builds its stages itself, in a loop or with two on each rank in a V.",
            "Use the placement linear, interleaved or v, or the runtime pytorch with stages of your own.");
}
