using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Tests.Shared;

/// <summary>
/// Random problems small enough to try every order, whose microbatches are sliced or recompute, down one pipe or two, and whose memory is often just
/// what any order needs.
/// </summary>
internal static class SmallFeaturedProblems
{
    /// <summary>A sliced or recomputing problem.</summary>
    /// <param name="random">Draws the numbers.</param>
    /// <param name="pipes">1 or 2.</param>
    /// <param name="isSliced">Whether microbatches are sliced; else they recompute.</param>
    public static Problem Draw(Random random, int pipes, bool isSliced)
    {
        var chunks = random.Next(3) == 0 ? 2 : 1;
        var devices = pipes == 2 ? 2 : random.Next(1, chunks == 2 ? 2 : 3);
        var stages = devices * chunks;
        // What a slice's share of anything can be divides these, so that the models' steps stay few.
        var (time, memory) = isSliced ? (12, 6) : (1, 1);
        var activation = Each(random, stages, () => memory * random.Next(1, 5));
        var share = random.Next(3);
        var profile = new Profile
        {
            Pipeline = new()
            {
                Devices = devices,
                Chunks = chunks,
                Placement = pipes == 2 ? "bidirectional" : chunks == 2 ? "v" : "linear",
                Microbatches = random.Next(1, stages == 1 ? 4 : 3),
            },
            Times = new()
            {
                Forward = Each(random, stages, () => time * random.Next(1, 7)),
                BackwardInput = Each(random, stages, () => time * random.Next(1, 5)),
                BackwardWeight = Each(random, stages, () => time * random.Next(0, 5)),
                Communication = time * random.Next(3),
            },
            Memory = new()
            {
                Activation = activation,
                Retained = StageValues.Each(activation.Numbers.Select(units => (decimal)(memory * random.Next((int)units / memory + 3)))),
            },
            Slices = !isSliced ? null : new()
            {
                Count = 2,
                Forward = [1, random.Next(1, 4)],
                Activation = [random.Next(1, 3), 1],
                KeyValue = memory * random.Next(3),
            },
            Recompute = isSliced ? null : new()
            {
                Kept = StageValues.Each(activation.Numbers.Select(units => Math.Floor(units * share / 2))),
                Time = random.Next(1, 4),
                Stages = stages > 1 && random.Next(3) == 0 ? [random.Next(stages)] : null,
            },
        };
        var (objective, splitBackward) = (random.Next(2) == 0 ? Objective.Makespan : Objective.Span, random.Next(3) > 0);
        if (random.Next(6) > 0) profile = profile with { Memory = profile.Memory! with { Limit = Limit(random, Problem.Create(profile)) } };
        return Problem.Create(profile, objective, splitBackward);
    }

    /// <summary>What one microbatch needs, in any of the pipes or only in the one that needs least, and a little more.</summary>
    private static StageValues Limit(Random random, Problem problem)
    {
        var pipes = Enumerable.Range(0, problem.Placement.Pipes).ToList();
        if (pipes.Count > 1 && random.Next(4) == 0) pipes.RemoveAt(random.Next(2));
        var spare = problem.SliceCount > 1 ? 3 : 1;
        return StageValues.Each(Enumerable.Range(0, problem.Devices)
            .Select(device => problem.MemoryScale.FromTicks(pipes.Max(pipe => problem.LeastMemory(device, pipe))) + spare * random.Next(5)));
    }

    private static StageValues Each(Random random, int stages, Func<int> draw) =>
        StageValues.Each(Enumerable.Range(0, stages).Select(_ => (decimal)draw()));
}
