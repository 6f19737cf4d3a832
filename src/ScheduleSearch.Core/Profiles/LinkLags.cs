namespace ScheduleSearch.Core.Profiles;

/// <summary>Ticks that messages are on their way: those of no size between devices, and those of a stage's output or gradient.</summary>
internal sealed class LinkLags
{
    private readonly long[] _lags;
    private readonly long[][] _up;
    private readonly long[][] _down;
    private readonly int _devices;

    public LinkLags(Problem problem)
    {
        var (communication, scale, placement) = (problem.Profile.Times.Communication, problem.TimeScale, problem.Placement);
        _devices = placement.Devices;
        _lags = new long[_devices * _devices];
        for (var link = 0; link < _lags.Length; link++) _lags[link] = scale.ToTicks(communication.Latency[link / _devices, link % _devices]);
        _up = [.. placement.Routes.Select(_ => new long[placement.Stages])];
        _down = [.. placement.Routes.Select(_ => new long[placement.Stages])];
        for (var pipe = 0; pipe < _up.Length; pipe++)
        {
            var (stages, devices) = (placement.Routes[pipe].Stages, placement.Routes[pipe].Devices);
            for (var place = 1; place < stages.Length; place++)
            {
                // The gradient of a stage's input is as large as the output that it is the gradient of.
                _up[pipe][stages[place - 1]] = scale.ToTicks(communication.TimeOf(stages[place - 1], devices[place - 1], devices[place]));
                _down[pipe][stages[place]] = scale.ToTicks(communication.TimeOf(stages[place - 1], devices[place], devices[place - 1]));
            }
        }
    }

    /// <summary>Ticks of a message of no size from one device to another; 0 on one and the same device.</summary>
    public long this[int from, int to] => _lags[from * _devices + to];

    /// <summary>Ticks of what a stage of a pipe sends to its neighbour, up or down the route.</summary>
    public long OfStage(int pipe, int stage, bool up) => (up ? _up : _down)[pipe][stage];
}
