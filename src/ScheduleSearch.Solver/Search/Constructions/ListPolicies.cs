using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Solver.Search.Constructions;

/// <summary>Policies to start from, and random changes to them.</summary>
internal sealed class ListPolicies
{
    private const double BackwardFirst = -1e6;

    private static readonly double[] MemoryParts = [0.9, 0.8, 0.7, 1, 1.1, 1.2, 1.35, 1.5];
    private static readonly double[] Tolerances = [0, 0.3, 1];
    private static readonly double[] Waits = [0, 0.5];

    private readonly Problem _problem;
    private readonly SearchGraph _graph;
    private readonly long _forward;
    private readonly long _weight;

    public ListPolicies(Problem problem, SearchGraph graph)
    {
        (_problem, _graph) = (problem, graph);
        _forward = problem.Forward.Max();
        _weight = problem.BackwardWeight.Max();
    }

    /// <summary>
    /// The policies that make good starts, the most often best ones first: 1F1B's in-flight limits, none, those of ZB-H2, with two pipes half of
    /// 1F1B's for each, and limits that share the memory out by how long a stage's activations live; each with several ways to fill gaps.
    /// </summary>
    public IEnumerable<ListPolicy> Standard()
    {
        foreach (var backwardFirst in new[] { true, false })
        {
            foreach (var tolerance in Tolerances)
            {
                yield return Policy(stage => _problem.Stages - stage, tolerance, 0, backwardFirst);
                yield return Policy(_ => _problem.Microbatches * _problem.SliceCount, tolerance, 0, backwardFirst);
                yield return Policy(stage => 2 * (_problem.Stages - stage) - 1, tolerance, 0, backwardFirst);
                if (_problem.Placement.Pipes > 1) yield return Policy(stage => (_problem.Stages - stage + 2) / 2, tolerance, 0, backwardFirst);
            }
        }

        var perStage = MostInFlightPerStageAhead();
        foreach (var wait in Waits)
        {
            foreach (var tolerance in Tolerances)
            {
                foreach (var part in MemoryParts)
                {
                    yield return Policy(stage => InFlight(part * perStage, stage), tolerance, wait, backwardFirst: false);
                    yield return Policy(stage => InFlight(part * perStage, stage), tolerance, wait, backwardFirst: true);
                }
            }
        }
    }

    /// <summary>A policy that differs in one to three places.</summary>
    public ListPolicy Vary(ListPolicy policy, Random random)
    {
        var varied = policy.Copy();
        for (var changes = random.Next(3); changes >= 0; changes--) Change(varied, random);
        return varied;
    }

    private void Change(ListPolicy policy, Random random)
    {
        var devices = _graph.LaneCount;
        switch (random.Next(6))
        {
            case 0:
                Raise(policy, random.Next(_problem.Stages), 1, random);
                break;
            case 1:
                Raise(policy, random.Next(_problem.Stages), random.Next(1, 2 + devices / 2), random);
                break;
            case 2:
                policy.WeightTolerance[random.Next(devices)] = Tolerance(random);
                break;
            case 3:
                policy.BackwardWait[random.Next(devices)] = Wait(random);
                break;
            case 4:
                policy.Bias[random.Next(policy.Bias.Length)] += (random.NextDouble() - 0.5) * devices;
                break;
            default:
                var (tolerance, wait) = (Tolerance(random), Wait(random));
                for (var device = 0; device < devices; device++)
                {
                    if (random.Next(2) == 0) policy.WeightTolerance[device] = tolerance;
                    if (random.Next(2) == 0) policy.BackwardWait[device] = wait;
                }

                break;
        }
    }

    private void Raise(ListPolicy policy, int stage, int stages, Random random)
    {
        var step = random.Next(2) == 0 ? 1 : -1;
        for (var end = Math.Min(_problem.Stages, stage + stages); stage < end; stage++)
            policy.InFlight[stage] = Math.Max(_problem.SliceCount, policy.InFlight[stage] + step);
    }

    private int InFlight(double perStage, int stage) => (int)Math.Round(perStage * (_problem.Stages - stage) * _problem.SliceCount) - _problem.SliceCount + 1;

    private long Tolerance(Random random) => (long)(_weight * random.NextDouble() * 1.2);

    private long Wait(Random random) => (long)(_forward * random.NextDouble() * 1.2) * random.Next(2);

    /// <summary>A microbatch's backward begins after its last slice's forward, so slices have one microbatch more in flight, less one slice.</summary>
    private ListPolicy Policy(Func<int, int> inFlight, double tolerance, double wait, bool backwardFirst) => new(
        [.. Enumerable.Range(0, _problem.Stages).Select(stage => Math.Max(1, inFlight(stage)) + _problem.SliceCount - 1)],
        Same((long)(_weight * tolerance)),
        Same((long)(_forward * wait)),
        [.. _graph.ChainKind.Select(kind => backwardFirst && kind != OperationKind.Forward ? BackwardFirst : 0)]);

    private long[] Same(long ticks)
    {
        var values = new long[_graph.LaneCount];
        Array.Fill(values, ticks);
        return values;
    }

    /// <summary>
    /// A stage's activations live about as long as the microbatch takes from there to the last stage and back, so memory is shared out in
    /// proportion to the stages still ahead; this is the most microbatches in flight for each of them.
    /// </summary>
    private double MostInFlightPerStageAhead()
    {
        if (_problem.Limit.IsEmpty) return 2;
        return Enumerable.Range(0, _problem.Devices).Min(device =>
        {
            var weighted = _problem.Placement.StagesOn(device).Sum(stage => (double)(_problem.Stages - stage.Stage) * _problem.Activation[stage.Stage]);
            return weighted > 0 ? _problem.LimitOf(device) / weighted : 2;
        });
    }
}
