namespace ScheduleSearch.Api.Sweeps;

/// <summary>Numbers along an axis of a chart, and where they stand in pixels.</summary>
internal sealed class ChartScale
{
    private const int Marks = 6;

    private readonly double _from, _to, _first, _last, _step;

    /// <param name="numbers">What is shown; at least one.</param>
    /// <param name="first">The pixel of the axis' least number.</param>
    /// <param name="last">The pixel of its largest.</param>
    public ChartScale(IReadOnlyCollection<double> numbers, double first, double last)
    {
        (_first, _last) = (first, last);
        var (least, most) = (numbers.Min(), numbers.Max());
        var width = most > least ? most - least : Math.Max(1, Math.Abs(most));
        var rough = width / Marks;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        _step = power * (rough / power) switch
        {
            <= 1 => 1,
            <= 2 => 2,
            <= 5 => 5,
            _ => 10,
        };
        (_from, _to) = (Math.Floor(least / _step) * _step, Math.Ceiling(most / _step) * _step);
        if (_to <= _from) _to = _from + _step;
    }

    /// <summary>The pixel of a number.</summary>
    public double At(double number) => _first + (_last - _first) * (number - _from) / (_to - _from);

    /// <summary>Round numbers from one end to the other.</summary>
    public IEnumerable<double> RoundNumbers() => Enumerable.Range(0, 1 + (int)Math.Round((_to - _from) / _step)).Select(mark => _from + mark * _step);
}
