using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Features.Vocabulary;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ScheduleSearch.Core.Tests.Features.Vocabulary;

/// <summary>What is proved of an output layer in shards, beside the optimum of every order.</summary>
public class VocabularyBoundTests(ITestOutputHelper output)
{
    [Fact]
    public void No_bound_exceeds_the_optimum_and_many_meet_it()
    {
        var random = new Random(20_261_130);
        var (solved, exact) = (0, 0);
        for (var draw = 0; draw < 400; draw++)
        {
            var drawn = SmallProblems.Draw(random);
            if (drawn.Stages > 3 || drawn.Microbatches > 3) continue;
            var layer = RandomVocabulary.Next(random, drawn.Devices);
            Problem problem;
            try
            {
                problem = Problem.Create(drawn.Profile with { Vocabulary = layer }, drawn.Objective, drawn.SplitBackward);
            }
            catch (InvalidProfileException)
            {
                // No room for a shard of the logits.
                continue;
            }

            if (ExhaustiveSearch.Solve(problem, limitOfNodes: 5_000) is not { } search) continue;
            foreach (var bound in BoundCatalogue.All) (bound.Ticks(problem) ?? 0).ShouldBeLessThanOrEqualTo(search.Optimum, $"case {draw}, {bound.Name}");
            (solved, exact) = (solved + 1, exact + (BoundCatalogue.Best(problem).Ticks == search.Optimum ? 1 : 0));
        }

        output.WriteLine($"Met the optimum in {exact} of {solved} cases.");
        solved.ShouldBeGreaterThan(100);
        exact.ShouldBeGreaterThan(solved / 3);
    }

    [Theory]
    [InlineData(VocabularyParallel.OneBarrier, 140)]
    [InlineData(VocabularyParallel.TwoBarriers, 148)]
    public void The_published_example_is_bounded_well(VocabularyParallel parallel, long optimum)
    {
        var profile = Shape.Profile(devices: 4, microbatches: 8, forward: 4, backwardInput: 4, backwardWeight: 4) with
        {
            Vocabulary = new() { Size = 4, Parallel = parallel, Forward = 1, Backward = 1 },
        };
        var bound = BoundCatalogue.Best(Problem.Create(profile, splitBackward: false));
        output.WriteLine($"{bound.Name}: {bound.Ticks} of {optimum}");
        bound.Ticks.ShouldBeInRange(optimum - 8, optimum);
    }
}
