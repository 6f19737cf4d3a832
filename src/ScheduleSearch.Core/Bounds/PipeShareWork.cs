using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Bounds;

/// <summary>The work of each device, which in a two-pipe placement depends on how many microbatches run down each pipe.</summary>
internal sealed class PipeShareWork
{
    private readonly Problem _problem;
    private readonly int[] _pipes;
    private readonly long[][] _work;

    /// <param name="problem">The problem.</param>
    /// <param name="ofTrained">Whether only work counts that waits for a forward, on stages that have a backward.</param>
    public PipeShareWork(Problem problem, bool ofTrained = false)
    {
        _problem = problem;
        _pipes = [.. Enumerable.Range(0, problem.Placement.Pipes).Where(problem.HasRoomFor)];
        Paths = [.. _pipes.Select(pipe => new MicrobatchPath(problem, pipe))];
        _work =
        [
            .. Paths.Select(path => Enumerable.Range(0, problem.Devices)
                .Select(device => ofTrained
                    ? path.TrainedOn(device).Sum(stage => WorkOf(path, stage)) - (path.TrainedOn(device) is [] ? 0 : problem.EarlyWork(device))
                    : path.StagesOn(device).Sum(stage => WorkOf(path, stage)))
                .ToArray()),
        ];
    }

    /// <summary>The ways of the pipes that memory has room for.</summary>
    public IReadOnlyList<MicrobatchPath> Paths { get; }

    /// <summary>The least work of all devices together.</summary>
    public long LeastInAll => _problem.Microbatches * _work.Min(ofDevices => ofDevices.Sum());

    /// <summary>The least over all shares of the largest over the devices of its work and what comes on top of it.</summary>
    /// <param name="extra">For each device, ticks by which the objective is longer than its work at least, whatever the share.</param>
    public long Least(long[] extra)
    {
        if (Paths.Count == 1) return Most(_problem.Microbatches, 0, extra);
        // The largest of straight lines has one lowest point.
        var (low, high) = (0, _problem.Microbatches);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Most(middle, _problem.Microbatches - middle, extra) <= Most(middle + 1, _problem.Microbatches - middle - 1, extra)) high = middle;
            else low = middle + 1;
        }

        return Most(low, _problem.Microbatches - low, extra);
    }

    private long Most(long first, long second, long[] extra)
    {
        var most = 0L;
        for (var device = 0; device < extra.Length; device++)
        {
            var work = first * _work[0][device] + (second == 0 ? 0 : second * _work[1][device]);
            most = Math.Max(most, work + extra[device]);
        }

        return most;
    }

    private long WorkOf(MicrobatchPath path, int stage) => path.WorkOf(stage) + _problem.AddedWork(stage);
}
