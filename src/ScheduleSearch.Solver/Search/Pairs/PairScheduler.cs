using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Solver.Search.Pairs;

/// <summary>
/// A list scheduler that carries out a forward and a whole backward together wherever a device has both: whenever a device is free it takes the
/// best-ranked forward and the best-ranked backward that are ready and allowed, one after the other where they save too little, or the one that there is.
/// Whole microbatches, in turn in each pipe.
/// </summary>
/// <remarks>Cost: linear in the operations, times the stages of a device. A policy may get stuck on memory; then there is no order.</remarks>
internal sealed class PairScheduler
{
    private const int Nothing = -1;

    private readonly Problem _problem;
    private readonly int[][] _microbatches;
    private readonly Place[] _places;
    private readonly int[][] _onDevice;
    private readonly PriorityQueue<int, (long Time, int Device)> _wakes = new();
    private readonly long[] _free;
    private readonly long[] _held;
    private readonly long[] _begins;
    private readonly List<Operation>[] _orders;
    private readonly Queue<Operation>[] _weights;
    private PairPolicy _policy = null!;

    /// <param name="problem">A problem whose microbatches are whole.</param>
    /// <param name="selection">Which microbatches run down which pipe.</param>
    public PairScheduler(Problem problem, OperationSelection selection)
    {
        _problem = problem;
        _microbatches =
        [
            .. Enumerable.Range(0, problem.Placement.Pipes)
                .Select(pipe => Enumerable.Range(0, problem.Microbatches).Where(microbatch => selection.PipeOf(microbatch) == pipe).ToArray()),
        ];
        _places = [.. from pipe in Enumerable.Range(0, problem.Placement.Pipes)
                      from stage in Enumerable.Range(0, problem.Stages)
                      select new Place(pipe, stage, problem.Placement.DeviceOf(pipe, stage), _microbatches[pipe].Length)];
        _onDevice =
        [
            .. Enumerable.Range(0, problem.Devices)
                .Select(device => Enumerable.Range(0, _places.Length).Where(place => _places[place].Device == device).ToArray()),
        ];
        (_free, _held, _begins) = (new long[problem.Devices], new long[problem.Devices], new long[problem.Devices]);
        _orders = [.. Enumerable.Range(0, problem.Devices).Select(_ => new List<Operation>())];
        _weights = [.. Enumerable.Range(0, problem.Devices).Select(_ => new Queue<Operation>())];
    }

    /// <summary>For each device its operations in the order of the last run.</summary>
    public IReadOnlyList<IReadOnlyList<Operation>> Orders => _orders;

    /// <summary>Operations placed so far: the measure of work.</summary>
    public long Placed { get; private set; }

    /// <summary>Makes an order.</summary>
    /// <returns>Its objective when every operation starts at once; null when the policy got stuck.</returns>
    public long? Run(PairPolicy policy)
    {
        _policy = policy;
        foreach (var place in _places) place.Clear();
        foreach (var order in _orders) order.Clear();
        foreach (var weights in _weights) weights.Clear();
        Array.Clear(_free);
        Array.Clear(_held);
        Array.Fill(_begins, Nothing);
        _wakes.Clear();
        for (var device = 0; device < _onDevice.Length; device++) _wakes.Enqueue(device, (0, device));
        while (_wakes.TryDequeue(out var device, out var wake))
        {
            if (wake.Time >= _free[device] && Decide(device, wake.Time)) _wakes.Enqueue(device, (_free[device], device));
        }

        for (var device = 0; device < _onDevice.Length; device++)
        {
            while (_weights[device].TryDequeue(out var weight)) Append(device, weight, _free[device], _problem.BackwardWeight[weight.Stage]);
        }

        if (Array.Exists(_places, place => place.Backwards < place.Count)) return null;
        return _problem.Objective == Objective.Makespan ? _free.Max() : _free.Zip(_begins, (end, begin) => end - Math.Max(0, begin)).Max();
    }

    /// <summary>Carries out what a device does at a time; false when it waits to be woken.</summary>
    private bool Decide(int device, long time)
    {
        var (forward, backward) = (Nothing, Nothing);
        var (forwardRank, backwardRank) = (double.MaxValue, double.MaxValue);
        var (nextForward, nextBackward) = (long.MaxValue, long.MaxValue);
        foreach (var index in _onDevice[device])
        {
            var place = _places[index];
            if (MayForward(place))
            {
                var arrival = InputAt(place);
                if (arrival > time) nextForward = Math.Min(nextForward, arrival);
                else if (place.Forwards + _policy.ForwardBias[place.Stage] is var rank && rank < forwardRank) (forward, forwardRank) = (index, rank);
            }

            if (place.Backwards < place.Forwards && GradientAt(place) is var gradient)
            {
                if (gradient > time) nextBackward = Math.Min(nextBackward, gradient);
                else if (place.Backwards + _policy.BackwardBias[place.Stage] is var rank && rank < backwardRank) (backward, backwardRank) = (index, rank);
            }
        }

        if (forward != Nothing && backward != Nothing)
        {
            if (_problem.PairGain(_places[forward].Stage, _places[backward].Stage) >= _policy.LeastGain)
                Pair(device, time, _places[forward], _places[backward]);
            else if (_policy.ForwardsFirst) Forward(device, time, _places[forward]);
            else Backward(device, time, _places[backward]);
            return true;
        }

        // What is alone waits for a partner that comes soon.
        var (alone, partner) = backward != Nothing ? (backward, nextForward) : (forward, nextBackward);
        if (alone != Nothing && (partner == long.MaxValue || partner - time > _policy.Wait[device]))
        {
            if (backward != Nothing) Backward(device, time, _places[backward]);
            else Forward(device, time, _places[forward]);
            return true;
        }

        if (alone == Nothing && _weights[device].TryDequeue(out var weight))
        {
            Append(device, weight, time, _problem.BackwardWeight[weight.Stage]);
            _held[device] -= _problem.Retained[weight.Stage];
            return true;
        }

        var next = Math.Min(nextForward, nextBackward);
        if (next < long.MaxValue) _wakes.Enqueue(device, (next, device));
        return false;
    }

    private bool MayForward(Place place) =>
        place.Forwards < place.Count && place.Forwards - place.Backwards < _policy.InFlight[place.Stage]
        && _held[place.Device] + _problem.Activation[place.Stage] <= _problem.LimitOf(place.Device);

    private void Pair(int device, long time, Place forward, Place backward)
    {
        var end = time + _problem.PairTime(forward.Stage, backward.Stage);
        Append(device, OperationOf(OperationKind.Forward, forward, forward.Forwards).InPair(PlaceInPair.First), time, end - time);
        Append(device, OperationOf(OperationKind.Backward, backward, backward.Backwards).InPair(PlaceInPair.Second), end, 0);
        EndForward(forward, end);
        EndBackward(backward, end);
        _held[device] += _problem.Activation[forward.Stage] - _problem.Activation[backward.Stage];
    }

    private void Forward(int device, long time, Place place)
    {
        Append(device, OperationOf(OperationKind.Forward, place, place.Forwards), time, _problem.Forward[place.Stage]);
        _held[device] += _problem.Activation[place.Stage];
        EndForward(place, _free[device]);
    }

    private void Backward(int device, long time, Place place)
    {
        var stage = place.Stage;
        if (_policy.SplitsAlone && _problem.SplitBackward)
        {
            Append(device, OperationOf(OperationKind.BackwardInput, place, place.Backwards), time, _problem.BackwardInput[stage]);
            _weights[device].Enqueue(OperationOf(OperationKind.BackwardWeight, place, place.Backwards));
            _held[device] += _problem.Retained[stage] - _problem.Activation[stage];
        }
        else
        {
            var whole = OperationOf(OperationKind.Backward, place, place.Backwards);
            Append(device, whole, time, _problem.BackwardInput[stage] + _problem.BackwardWeight[stage]);
            _held[device] -= _problem.Activation[stage];
        }

        EndBackward(place, _free[device]);
    }

    private void Append(int device, Operation operation, long time, long duration)
    {
        Placed++;
        if (_begins[device] == Nothing) _begins[device] = time;
        _orders[device].Add(operation);
        _free[device] = time + duration;
    }

    private void EndForward(Place place, long end)
    {
        place.ForwardEnds[place.Forwards++] = end;
        Wake(place, up: true);
    }

    private void EndBackward(Place place, long end)
    {
        place.BackwardEnds[place.Backwards++] = end;
        Wake(place, up: false);
    }

    /// <summary>Has the device of the stage that waits for a result look when it comes, and when it is free.</summary>
    private void Wake(Place place, bool up)
    {
        if (_problem.Placement.Routes[place.Pipe].Neighbour(place.Stage, up) is not { } stage) return;
        var other = _places[place.Pipe * _problem.Stages + stage];
        var arrival = _free[place.Device] + _problem.LagBetween(place.Pipe, place.Stage, stage);
        if (other.Device != place.Device) _wakes.Enqueue(other.Device, (Math.Max(arrival, _free[other.Device]), other.Device));
    }

    /// <summary>When the input of a place's next forward is there; never while nobody has made it.</summary>
    private long InputAt(Place place)
    {
        if (_problem.Placement.Routes[place.Pipe].Neighbour(place.Stage, up: false) is not { } stage) return 0;
        var before = _places[place.Pipe * _problem.Stages + stage];
        return before.Forwards <= place.Forwards
            ? long.MaxValue
            : before.ForwardEnds[place.Forwards] + _problem.LagBetween(place.Pipe, stage, place.Stage);
    }

    private long GradientAt(Place place)
    {
        var own = place.ForwardEnds[place.Backwards];
        if (_problem.Placement.Routes[place.Pipe].Neighbour(place.Stage, up: true) is not { } stage) return own;
        var after = _places[place.Pipe * _problem.Stages + stage];
        return after.Backwards <= place.Backwards
            ? long.MaxValue
            : Math.Max(own, after.BackwardEnds[place.Backwards] + _problem.LagBetween(place.Pipe, stage, place.Stage));
    }

    private Operation OperationOf(OperationKind kind, Place place, int turn) => new(kind, place.Pipe, place.Stage, _microbatches[place.Pipe][turn]);

    /// <summary>A stage of a pipe: how many of its microbatches have gone up and down, and when.</summary>
    private sealed class Place(int pipe, int stage, int device, int count)
    {
        public int Pipe => pipe;

        public int Stage => stage;

        public int Device => device;

        public int Count => count;

        public long[] ForwardEnds { get; } = new long[count];

        public long[] BackwardEnds { get; } = new long[count];

        public int Forwards { get; set; }

        public int Backwards { get; set; }

        public void Clear() => (Forwards, Backwards) = (0, 0);
    }
}
