using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

/// <summary>What a request lets a choice take, because its caller's runtime carries nothing else.</summary>
public class CarriedChoiceTests
{
    [Fact]
    public void What_no_format_carries_is_no_problem_and_says_why()
    {
        var choice = Create(new SolveOptions { Formats = ["pytorch", "jaxpp"] });
        Admitted(choice).ShouldBe(["linear 1", "interleaved 2", "v 2"]);
        var refused = choice.Alternatives.Where(alternative => alternative.Problem is null).ToList();
        refused.Select(alternative => alternative.Placement).ShouldBe(["bidirectional", "bidirectional"]);
        refused.ShouldAllBe(alternative => alternative.Reason!.Contains("torch.distributed.pipelining") && alternative.Reason.Contains("JaxPP"));
        Admitted(Create(new SolveOptions { Formats = ["deepspeed"] })).ShouldBe(["linear 1"]);
        Admitted(Create(new SolveOptions { Formats = ["megatron-zb"] })).ShouldBe(["linear 1", "interleaved 2", "v 2"]);
    }

    [Fact]
    public void One_format_that_carries_it_is_enough() =>
        Admitted(Create(new SolveOptions { Formats = ["pytorch", "native"] })).ShouldBe(Admitted(Create(new SolveOptions())));

    [Fact]
    public void Placements_that_are_not_named_are_not_tried()
    {
        Create(new SolveOptions { Placements = ["v", "linear", "wave"] }).Alternatives.Select(alternative => alternative.Placement).ShouldBe(["linear", "v"]);
        Admitted(Create(new SolveOptions { Placements = ["bidirectional", "v"], Formats = ["pytorch"] })).ShouldBe(["v 2"]);
    }

    [Fact]
    public void Another_scope_is_another_choice_and_the_turn_of_names_is_none()
    {
        var open = Create(new SolveOptions()).Id;
        var narrow = Create(new SolveOptions { Formats = ["pytorch", "jaxpp"], Placements = ["v", "linear"] });
        narrow.Id.ShouldBe(Create(new SolveOptions { Formats = ["jaxpp", "pytorch", "jaxpp"], Placements = ["linear", "v"] }).Id);
        string[] ids =
        [
            open, narrow.Id, Create(new SolveOptions { Formats = ["pytorch"] }).Id, Create(new SolveOptions { Placements = ["linear", "v"] }).Id,
            Create(new SolveOptions { Formats = ["pytorch"], Placements = ["linear", "v"] }).Id,
        ];
        ids.ShouldBeUnique();
        open.ShouldBe(PlacementChoice.Create(Open(), Objective.Makespan, splitBackward: true).Id, "without these options the id is what it was");
    }

    [Fact]
    public void What_recomputes_is_left_out_where_the_runtime_cannot_be_told()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 3, limit: 2) with { Recompute = new() { Kept = 0, IsLeftOpen = true } };
        var all = CarriedChoice.Create(profile, new SolveOptions(), ProblemLimits.Default);
        var carried = CarriedChoice.Create(profile, new SolveOptions { Formats = ["jaxpp"] }, ProblemLimits.Default);
        carried.Problems.ShouldAllBe(problem => !problem.Recomputes(0) && !problem.Recomputes(1));
        (carried.Alternatives.Count, carried.Id == all.Id).ShouldBe((all.Alternatives.Count, false));
    }

    [Fact]
    public void Names_that_are_none_are_told_with_those_that_are()
    {
        var errors = Refused(new SolveOptions { Formats = ["native", "pytorhc"], Placements = [] });
        errors.Select(error => (error.Path, error.Kind)).ShouldBe(
            [("$.options.placements", ProfileErrorKind.Malformed), ("$.options.formats[1]", ProfileErrorKind.Malformed)]);
        errors[1].Message.ShouldEndWith(" Did you mean pytorch?");
        Refused(new SolveOptions { Formats = [.. Enumerable.Repeat("native", 33)] }).Single().Message.ShouldContain("1 to 32");
    }

    [Fact]
    public void Where_nothing_is_left_it_says_what_there_is()
    {
        Refused(new SolveOptions { Placements = ["explicit"] }).Single().Message.ShouldBe(
            "Names none of those that 2 chunks allow: linear, bidirectional, interleaved, v.");
        var errors = Refused(new SolveOptions { Placements = ["bidirectional"], Formats = ["pytorch"] });
        errors.Select(error => (error.Path, error.Kind)).Distinct().ShouldBe([("$.options.formats", ProfileErrorKind.Impossible)]);
        errors.ShouldAllBe(error => error.Message.StartsWith("With bidirectional, ", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_stated_must_be_among_them()
    {
        var linear = Problem.Create(Shape.Profile(devices: 2, microbatches: 2));
        CarriedChoice.Check(linear, new SolveOptions { Formats = ["pytorch"], Placements = ["linear"] });
        Should.Throw<InvalidProfileException>(() => CarriedChoice.Check(linear, new SolveOptions { Placements = ["v"] }))
            .Errors.Single().Path.ShouldBe("$.options.placements");
        var pipes = Problem.Create(Shape.Profile(devices: 2, microbatches: 2, placement: "bidirectional"));
        var error = Should.Throw<InvalidProfileException>(() => CarriedChoice.Check(pipes, new SolveOptions { Formats = ["pytorch"] })).Errors.Single();
        (error.Path, error.Kind).ShouldBe(("$.options.formats", ProfileErrorKind.Impossible));
    }

    private static IEnumerable<string> Admitted(PlacementChoice choice) =>
        choice.Alternatives.Where(alternative => alternative.Problem is not null).Select(alternative => $"{alternative.Placement} {alternative.Chunks}");

    private static IReadOnlyList<ProfileError> Refused(SolveOptions options) => Should.Throw<InvalidProfileException>(() => Create(options)).Errors;

    private static PlacementChoice Create(SolveOptions options) => CarriedChoice.Create(Open(), options, ProblemLimits.Default);

    private static Profile Open() => Shape.Profile(devices: 3, microbatches: 4, chunks: 2, placement: PlacementChoice.Name);
}
