using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Profiles;

public class AskedScheduleTests
{
    private static readonly Profile Plain = Shape.Profile(devices: 4, microbatches: 8) with { Memory = null };

    [Fact]
    public void The_best_schedule_has_the_id_of_its_problem()
    {
        var asked = AskedSchedule.Create(Plain, new SolveOptions(), ProblemLimits.Default);
        asked.Family.ShouldBeNull();
        asked.Id.ShouldBe(Problem.Create(Plain).Id);
    }

    [Fact]
    public void Whatever_changes_what_is_asked_changes_the_id()
    {
        SolveOptions[] options =
        [
            new(), new() { Family = "1f1b" }, new() { Family = "gpipe" }, new() { Family = "gis-6" }, new() { Family = "gis-06" },
            new() { Family = "1f1b", Objective = Objective.Span }, new() { Family = "1f1b", SplitBackward = false },
        ];
        options.Select(wanted => AskedSchedule.Create(Plain, wanted, ProblemLimits.Default).Id)
            .Append(new AskedSchedule(Problem.Create(Plain with { Times = Plain.Times with { Forward = 2 } }), "1f1b").Id).ShouldBeUnique();
    }

    [Fact]
    public void The_problem_is_the_same_whatever_is_asked_of_it()
    {
        var asked = AskedSchedule.Create(Plain, new SolveOptions { Family = "1f1b", Objective = Objective.Span, SplitBackward = false }, ProblemLimits.Default);
        asked.Family.ShouldBe("1f1b");
        asked.Problem.Id.ShouldBe(Problem.Create(Plain, Objective.Span, splitBackward: false).Id);
    }

    [Fact]
    public void An_id_never_changes_from_version_to_version() =>
        new AskedSchedule(Problem.Create(Plain), "1f1b").Id.ShouldBe("8e0d6dc795871e130f93a8a7b08059466a7d4eeecfa5b4c3148a1823548c10fc");
}
