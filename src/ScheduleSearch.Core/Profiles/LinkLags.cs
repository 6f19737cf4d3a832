namespace ScheduleSearch.Core.Profiles;

/// <summary>Ticks of latency between devices.</summary>
internal sealed class LinkLags
{
    private readonly long[] _lags;
    private readonly int _devices;

    public LinkLags(LinkValues links, int devices, DecimalScale scale)
    {
        (_lags, _devices) = (new long[devices * devices], devices);
        for (var link = 0; link < _lags.Length; link++) _lags[link] = scale.ToTicks(links[link / devices, link % devices]);
    }

    /// <summary>Ticks from one device to another; 0 on one and the same device.</summary>
    public long this[int from, int to] => _lags[from * _devices + to];
}
