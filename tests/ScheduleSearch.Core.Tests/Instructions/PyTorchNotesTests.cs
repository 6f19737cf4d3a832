using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

/// <summary>What goes with a CSV about the runtime that reads it.</summary>
public class PyTorchNotesTests
{
    [Theory]
    [InlineData("pytorch")]
    [InlineData("pytorch-comms")]
    public void Split_backwards_are_told_of_and_those_of_the_first_stage(string format)
    {
        NotesOn(format, Worked.Of("1f1b")).Select(note => note[..20]).ShouldBe(["Stage 3 receives no ", "Parameters that stag"]);
        NotesOn(format, Apart()).Select(note => note[..20]).ShouldBe(
            ["Stage 1 receives no ", "Backwards are split ", "Stage 0 gets no grad", "Parameters that stag"]);
    }

    /// <summary>Both gradients of each stage with another operation between them.</summary>
    private static Timeline Apart() => Replay.Run(Schedule.Of(
        Problem.Create(Shape.Profile(devices: 2, microbatches: 2)),
        [.. Enumerable.Range(0, 2).Select(stage => (IReadOnlyList<Operation>)
        [
            Operation.Forward(stage, 0), Operation.Forward(stage, 1), Operation.BackwardInput(stage, 0), Operation.BackwardInput(stage, 1),
            Operation.BackwardWeight(stage, 0), Operation.BackwardWeight(stage, 1),
        ])]));

    private static IReadOnlyList<string> NotesOn(string format, Timeline timeline) => InstructionFormatCatalogue.Find(format)!.NotesFor(timeline);
}
