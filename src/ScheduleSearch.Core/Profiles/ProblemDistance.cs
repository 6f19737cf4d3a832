namespace ScheduleSearch.Core.Profiles;

/// <summary>
/// How far apart two problems of one shape are in times and memory, as far as that says how much of one's order is good for the other. Both are measured by
/// themselves, so that a faster device or another unit alone is no distance: an order has the same makespan in every scale.
/// </summary>
public static class ProblemDistance
{
    /// <summary>
    /// The sum of two distances, 0 for problems that differ in scale alone. That of times: what of the time of a microbatch is spent on another operation or
    /// message, as a part of it, from 0 to 2. That of memory: the mean over devices of the part by which their rooms differ, from 0 to 1, a room being the
    /// microbatches whose activations a device holds at once, at most all.
    /// </summary>
    /// <param name="problem">A problem.</param>
    /// <param name="other">Another one of the same shape; see <see cref="ShapeDifference"/>.</param>
    public static double Between(Problem problem, Problem other) =>
        TimesOf(problem).Zip(TimesOf(other), (part, otherPart) => Math.Abs(part - otherPart)).Sum()
        + RoomsOf(problem).Zip(RoomsOf(other), (room, otherRoom) => Math.Abs(room - otherRoom) / Math.Max(room, otherRoom)).Average();

    /// <summary>
    /// Whether a problem asks no less of every schedule than another one of the same shape: no time and no need of memory is below, and no limit above. Then
    /// every order is worth as much to the other, or more. Only said of problems without features, in the same units.
    /// </summary>
    public static bool AsksNoLess(Problem problem, Problem other) =>
        problem.Features.IsEmpty && other.Features.IsEmpty
        && problem.Profile.Times.Unit == other.Profile.Times.Unit && problem.Profile.Memory?.Unit == other.Profile.Memory?.Unit
        && AmountsOf(problem).Zip(AmountsOf(other)).All(pair => pair.First >= pair.Second)
        && Enumerable.Range(0, problem.Devices).All(device => LimitOf(problem, device) <= LimitOf(other, device));

    private static double[] TimesOf(Problem problem)
    {
        double[] ticks =
        [
            .. new[] { problem.Forward, problem.BackwardInput, problem.BackwardWeight }.SelectMany(times => times.Select(time => (double)time)),
            .. Enumerable.Range(0, problem.Stages).Select(stage => (double)problem.AddedWork(stage)),
            .. LagsOf(problem).Select(lag => (double)lag),
        ];
        var whole = ticks.Sum();
        return [.. ticks.Select(part => part / whole)];
    }

    private static IEnumerable<long> LagsOf(Problem problem) =>
        from pipe in Enumerable.Range(0, problem.Placement.Pipes)
        from stage in Enumerable.Range(1, problem.Stages - 1)
        from lag in new[] { problem.LagBetween(pipe, stage - 1, stage), problem.LagBetween(pipe, stage, stage - 1) }
        select lag;

    private static IEnumerable<double> RoomsOf(Problem problem) => Enumerable.Range(0, problem.Devices).Select(device =>
    {
        var microbatch = Enumerable.Range(0, problem.Placement.Pipes).Max(pipe => problem.LeastMemory(device, pipe));
        return microbatch == 0 || problem.LimitOf(device) == long.MaxValue ? problem.Microbatches
            : Math.Min(problem.Microbatches, (double)problem.LimitOf(device) / microbatch);
    });

    /// <summary>Every time and every need of memory, in the units of the profile.</summary>
    private static IEnumerable<decimal> AmountsOf(Problem problem) =>
    [
        .. new[] { problem.Forward, problem.BackwardInput, problem.BackwardWeight }.SelectMany(times => times.Select(problem.TimeScale.FromTicks)),
        .. LagsOf(problem).Select(problem.TimeScale.FromTicks),
        .. new[] { problem.Activation, problem.Retained }.SelectMany(needs => needs.Select(problem.MemoryScale.FromTicks)),
    ];

    private static decimal LimitOf(Problem problem, int device) =>
        problem.LimitOf(device) is var limit && limit == long.MaxValue ? decimal.MaxValue : problem.MemoryScale.FromTicks(limit);
}
