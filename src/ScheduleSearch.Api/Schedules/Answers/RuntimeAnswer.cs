namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>What goes with an instruction stream. JSON streams begin with the same members.</summary>
/// <param name="Format">The format of the stream.</param>
/// <param name="Version">The version of this layout.</param>
/// <param name="RuntimeVersion">The runtime's release that the stream is for, where its releases read different ones.</param>
/// <param name="Id">The schedule.</param>
/// <param name="TimeUnit">The unit of all times.</param>
/// <param name="MemoryUnit">The unit of all amounts of memory.</param>
/// <param name="Microbatches">m: microbatches an iteration.</param>
/// <param name="Placement">Where each stage stands.</param>
/// <param name="Settings">The runtime's settings that must agree with the stream, by name.</param>
/// <param name="Objective">What the schedule is judged by.</param>
/// <param name="Makespan">Last end minus first start over all devices.</param>
/// <param name="Span">The longest device span.</param>
/// <param name="PeakMemory">The most that each device holds at once.</param>
/// <param name="WeightMemory">The memory of the weights on each device, where the profile states it.</param>
/// <param name="Notes">What a user of the runtime has to see to with this stream; absent when there is nothing.</param>
internal sealed record RuntimeAnswer(
    string Format, int Version, string? RuntimeVersion, string Id, string TimeUnit, string MemoryUnit, int Microbatches, RuntimePlacement Placement,
    IReadOnlyDictionary<string, string>? Settings, string Objective, decimal Makespan, decimal Span, IReadOnlyList<decimal> PeakMemory,
    IReadOnlyList<decimal>? WeightMemory, IReadOnlyList<string>? Notes);
