using ScheduleSearch.Core.Profiles.Json;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Profiles.Json;

public class SpellingTests
{
    private static readonly string[] Known =
        ["linear", "interleaved", "v", "wave", "bidirectional", "backwardInput", "backwardWeight", "pytorch", "pytorch-comms"];

    [Theory]
    [InlineData("linaer", "linear")]
    [InlineData("Linear", "linear")]
    [InlineData("interleave", "interleaved")]
    [InlineData("backward_input", "backwardInput")]
    [InlineData("waev", "wave")]
    [InlineData("PyTorchComms", "pytorch-comms")]
    [InlineData("bidirectionnal", "bidirectional")]
    public void A_misspelt_name_has_the_nearest_known_one(string given, string meant) => Spelling.DidYouMean(given, Known).ShouldBe($" Did you mean {meant}?");

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("spiral")]
    [InlineData("weight")]
    [InlineData("a name that is much longer than any")]
    public void What_is_like_none_of_them_has_none(string given) => Spelling.DidYouMean(given, Known).ShouldBeEmpty();
}
