using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Instructions.Runtimes;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

/// <summary>A request may name the runtime that is to run the schedule: nothing else is chosen than what that runs.</summary>
public class RuntimeCatalogueTests
{
    [Fact]
    public void Every_runtime_reads_formats_that_there_are()
    {
        RuntimeCatalogue.All.Select(runtime => runtime.Name).ShouldBe(["pytorch", "torchtitan", "deepspeed", "megatron-zb", "jaxpp", "nnscaler"]);
        foreach (var runtime in RuntimeCatalogue.All) runtime.Formats.ShouldAllBe(format => InstructionFormatCatalogue.Find(format) != null);
    }

    [Fact]
    public void Backwards_are_whole_where_the_runtime_has_no_others() =>
        RuntimeCatalogue.All.Where(runtime => !CarriedChoice.Narrowed(new SolveOptions { Runtime = runtime.Name }).SplitBackward)
            .Select(runtime => runtime.Name).ShouldBe(["deepspeed", "nnscaler"]);

    [Theory]
    [InlineData("pytorch", "linear 1, interleaved 2, v 2")]
    [InlineData("torchtitan", "linear 1, interleaved 2, v 2")]
    [InlineData("deepspeed", "linear 1")]
    [InlineData("nnscaler", "linear 1, interleaved 2, v 2")]
    public void Best_chooses_among_what_the_runtime_runs(string runtime, string admitted)
    {
        var choice = Create(new SolveOptions { Runtime = runtime });
        var taken = choice.Alternatives.Where(alternative => alternative.Problem is not null);
        string.Join(", ", taken.Select(alternative => $"{alternative.Placement} {alternative.Chunks}")).ShouldBe(admitted);
        choice.Id.ShouldNotBe(Create(new SolveOptions()).Id);
        choice.Scope.Runtime.ShouldBe(runtime);
    }

    [Fact]
    public void A_runtime_and_formats_meet_in_what_both_name()
    {
        Create(new SolveOptions { Runtime = "pytorch", Formats = ["pytorch-comms", "jaxpp"] }).Scope.Formats.ShouldBe(["pytorch-comms"]);
        Refused(new SolveOptions { Runtime = "torchtitan", Formats = ["pytorch-comms"] }).Single().Path.ShouldBe("$.options.formats");
        var unknown = Refused(new SolveOptions { Runtime = "deepsped" }).Single();
        (unknown.Path, unknown.Kind).ShouldBe(("$.options.runtime", ProfileErrorKind.Malformed));
        unknown.Message.ShouldEndWith(" Did you mean deepspeed?");
    }

    [Theory]
    [InlineData("torchtitan", "wave", 4, 4)]
    [InlineData("torchtitan", "linear", 1, 1)]
    [InlineData("deepspeed", "v", 2, 4)]
    [InlineData("megatron-zb", "linear", 1, 1)]
    [InlineData("jaxpp", "bidirectional", 1, 4)]
    public void What_is_stated_must_be_what_the_runtime_runs(string runtime, string placement, int chunks, int devices)
    {
        var problem = Problem.Create(Shape.Profile(devices, microbatches: 4, chunks, placement == "linear" ? null : placement));
        var error = Should.Throw<InvalidProfileException>(() => CarriedChoice.Check(problem, new SolveOptions { Runtime = runtime })).Errors.Single();
        (error.Path, error.Kind).ShouldBe(("$.options.runtime", ProfileErrorKind.Impossible));
    }

    [Theory]
    [InlineData("deepspeed", "gpipe", false)]
    [InlineData("deepspeed", "1f1b", true)]
    [InlineData("megatron-zb", "gpipe-reversed", false)]
    [InlineData("torchtitan", "gpipe-reversed", true)]
    [InlineData("nnscaler", "zb-h1", false)]
    public void A_family_is_run_where_one_of_the_formats_carries_it(string runtime, string family, bool runs) =>
        (CarriedChoice.WhyNot(RuntimeCatalogue.Find(runtime)!, Worked.Of(family)) is null).ShouldBe(runs);

    private static PlacementChoice Create(SolveOptions options) => CarriedChoice.Create(
        Shape.Profile(devices: 3, microbatches: 4, chunks: 2, placement: PlacementChoice.Name), CarriedChoice.Narrowed(options), ProblemLimits.Default);

    private static IReadOnlyList<ProfileError> Refused(SolveOptions options) => Should.Throw<InvalidProfileException>(() => Create(options)).Errors;
}
