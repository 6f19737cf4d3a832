using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Solver.Search.Pairs;

/// <summary>Policies for pairs to start from, and random changes to them.</summary>
internal sealed class PairPolicies(Problem problem)
{
    private static readonly double[] Waits = [0, 0.5, 1, 2];

    /// <summary>What pairs save, each amount above 0 once.</summary>
    private readonly long[] _gains =
    [
        .. Enumerable.Range(0, problem.Devices).SelectMany(device => problem.Placement.StagesOn(device))
            .SelectMany(forward => problem.Placement.StagesOn(problem.Placement.DeviceOf(forward.Pipe, forward.Stage))
                .Select(backward => problem.PairGain(forward.Stage, backward.Stage)))
            .Where(gain => gain > 0).Distinct(),
    ];

    private readonly long _whole = Enumerable.Range(0, problem.Stages).Max(stage => problem.BackwardInput[stage] + problem.BackwardWeight[stage]);

    /// <summary>
    /// Microbatches in flight as in 1F1B and a few more, as in ZB-H2, and any number; forwards of the first or the last stages of a device first; with and
    /// without waiting for a partner.
    /// </summary>
    public IEnumerable<PairPolicy> Standard()
    {
        var (stages, microbatches) = (problem.Stages, problem.Microbatches);
        Func<int, int>[] inFlights =
            [stage => stages - stage + 1, stage => stages - stage, stage => stages - stage + 2, stage => 2 * (stages - stage), _ => microbatches];
        foreach (var inFlight in inFlights)
        {
            foreach (var perStage in new[] { 0, problem.Devices, -problem.Devices })
            {
                foreach (var wait in Waits)
                {
                    yield return Policy(inFlight, perStage, wait, splits: true);
                    yield return Policy(inFlight, perStage, wait, splits: false);
                }
            }
        }
    }

    /// <summary>A policy that differs in one to three places.</summary>
    public PairPolicy Vary(PairPolicy policy, Random random)
    {
        var varied = policy.Copy();
        for (var changes = random.Next(3); changes >= 0; changes--)
        {
            var (stage, device) = (random.Next(problem.Stages), random.Next(problem.Devices));
            switch (random.Next(8))
            {
                case 0:
                    varied.InFlight[stage] = Math.Max(1, varied.InFlight[stage] + (random.Next(2) == 0 ? 1 : -1));
                    break;
                case 1:
                    var step = random.Next(2) == 0 ? 1 : -1;
                    for (var after = stage; after < problem.Stages; after++) varied.InFlight[after] = Math.Max(1, varied.InFlight[after] + step);
                    break;
                case 2:
                    varied.ForwardBias[stage] += (random.NextDouble() - 0.5) * problem.Devices;
                    break;
                case 3:
                    varied.BackwardBias[stage] += (random.NextDouble() - 0.5) * problem.Devices;
                    break;
                case 4:
                    varied.Wait[device] = (long)(_whole * random.NextDouble() * 2) * random.Next(2);
                    break;
                case 5:
                    if (_gains.Length > 0) varied = varied with { LeastGain = _gains[random.Next(_gains.Length)] };
                    break;
                case 6:
                    varied = varied with { ForwardsFirst = !varied.ForwardsFirst };
                    break;
                default:
                    varied = varied with { SplitsAlone = !varied.SplitsAlone };
                    break;
            }
        }

        return varied;
    }

    private PairPolicy Policy(Func<int, int> inFlight, double perChunk, double wait, bool splits)
    {
        var chunk = Enumerable.Range(0, problem.Stages).Select(stage => stage / problem.Devices).ToArray();
        return new PairPolicy(
            [.. Enumerable.Range(0, problem.Stages).Select(stage => Math.Max(1, inFlight(stage)))],
            [.. chunk.Select(number => perChunk * number)],
            [.. chunk.Select(number => -Math.Abs(perChunk) * number)],
            [.. Enumerable.Repeat((long)(wait * _whole), problem.Devices)],
            splits);
    }
}
