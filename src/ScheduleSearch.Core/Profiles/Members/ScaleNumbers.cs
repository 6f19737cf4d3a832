using ScheduleSearch.Core.Placements;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>Collects every number of a profile that is an amount of one quantity, and the largest sum over a whole schedule that they can make.</summary>
public sealed class ScaleNumbers
{
    /// <summary>The largest ratio of two times that a schedule can sensibly weigh against each other.</summary>
    private const decimal LargestRatio = 1e9m;

    private readonly List<(string Member, decimal Value)> _numbers = [];
    private readonly List<(string Member, decimal Value)> _parts = [];
    private readonly decimal[] _ofMicrobatch;
    private readonly decimal[] _ofPipe;
    private (string? Member, decimal Most, int Parts) _multiples = (null, 1, 1);
    private decimal _ofIteration;

    internal ScaleNumbers(Quantity quantity, Profile profile, Placement placement)
    {
        (Quantity, Profile, Placement) = (quantity, profile, placement);
        (_ofMicrobatch, _ofPipe) = (new decimal[placement.Stages], new decimal[placement.Stages]);
    }

    /// <summary>What the numbers are amounts of.</summary>
    public Quantity Quantity { get; }

    /// <summary>The profile.</summary>
    public Profile Profile { get; }

    /// <summary>Where its stages stand.</summary>
    public Placement Placement { get; }

    /// <summary>Digits wanted beyond those of the numbers, for results that are fractions of them.</summary>
    public int SpareDigits { get; private set; }

    /// <summary>The section that is counted, which names its members.</summary>
    internal string Section { get; set; } = "";

    /// <summary>The coarsest scale on which all of them are integers, or the finest that fits.</summary>
    internal DecimalScale Scale() => DecimalScale.For(_numbers.ConvertAll(number => number.Value), Most(), SpareDigits);

    /// <summary>Why multiples of the numbers are too large to be added up, or too small to be told from 0; null when they are neither.</summary>
    internal ProfileError? FaultOfMultiples()
    {
        if (_multiples.Member is not { } member) return null;
        var smallest = _numbers.Select(number => number.Value).Where(value => value > 0).DefaultIfEmpty(1).Min();
        return DecimalScale.Holds(Most()) && Scale().ToTicksBelow(smallest) >= _multiples.Parts ? null : new(
            $"$.profile.{member}",
            "Makes numbers so far apart that not all of them can be told from 0 beside their sums: use smaller factors, or another unit.");
    }

    /// <summary>
    /// Why the numbers do not go on one scale: two of them are too far from each other, or a part of one is too small. Null when they do.
    /// </summary>
    internal ProfileError? Fault()
    {
        var numbers = _numbers.FindAll(number => number.Value > 0);
        if (numbers.Count == 0) return null;
        var (smallest, largest) = (numbers.MinBy(number => number.Value), numbers.MaxBy(number => number.Value));
        if (largest.Value / smallest.Value >= LargestRatio)
        {
            var (least, most) = (SectionCheck.Text(smallest.Value), SectionCheck.Text(largest.Value));
            return new(
                $"$.profile.{smallest.Member}",
                $"{least} is 10^9 times or more below the largest time ({most} in {largest.Member}): use 0, or check the units.");
        }

        var scale = Scale();
        var part = _parts.Find(part => scale.ToTicksBelow(part.Value) == 0);
        return part.Member is null ? null : new(
            $"$.profile.{part.Member}",
            $"Leaves a part of a time that is shorter than {SectionCheck.Text(scale.FromTicks(1))}, the least that is told apart: "
            + "choose fewer parts, or shares nearer to each other.");
    }

    /// <summary>Adds numbers that are in no sum, each with the name of its member.</summary>
    public void Add(IEnumerable<(string Member, decimal Value)> numbers) =>
        _numbers.AddRange(numbers.Select(number => ($"{Section}.{number.Member}", number.Value)));

    /// <summary>Adds parts of the numbers that are not to become 0, each above 0 and with the name of the member that makes it.</summary>
    public void AddParts(IEnumerable<(string Member, decimal Value)> parts) =>
        _parts.AddRange(parts.Select(part => ($"{Section}.{part.Member}", part.Value)));

    /// <summary>Adds the numbers of the stages.</summary>
    /// <param name="member">The name of their member.</param>
    /// <param name="values">The numbers.</param>
    /// <param name="added">How often the largest sum adds each.</param>
    /// <param name="parts">The parts that a microbatch is cut in, at least 1.</param>
    public void Add(string member, StageValues values, Added added, int parts)
    {
        Add(SectionCheck.Named(member, values));
        if (added == Added.Never) return;
        var sums = added == Added.ByPipe ? _ofPipe : _ofMicrobatch;
        for (var stage = 0; stage < sums.Length; stage++)
        {
            sums[stage] += added switch
            {
                Added.ByPart => parts * values[stage],
                Added.BeyondActivation => Math.Max(0, values[stage] - (Profile.Memory?.Activation?[stage] ?? 0)),
                _ => values[stage],
            };
        }
    }

    /// <summary>Adds numbers of the devices, each once for each microbatch.</summary>
    /// <param name="member">The name of their member.</param>
    /// <param name="values">The numbers.</param>
    public void AddOnDevices(string member, StageValues values)
    {
        Add(SectionCheck.Named(member, values));
        for (var device = 0; device < Placement.Devices; device++) _ofMicrobatch[0] += values[device];
    }

    /// <summary>Adds what a microbatch may take on every stage beside the numbers of the stage.</summary>
    public void AddOnEveryStage(decimal number)
    {
        for (var stage = 0; stage < _ofMicrobatch.Length; stage++) _ofMicrobatch[stage] += number;
    }

    /// <summary>Adds what an iteration takes once.</summary>
    public void AddOnce(decimal number) => _ofIteration += number;

    /// <summary>Says that a microbatch may take a multiple of the numbers.</summary>
    /// <param name="member">The member of the section that says so.</param>
    /// <param name="factor">The largest.</param>
    /// <param name="parts">The parts that each number has to leave for that.</param>
    public void Stretch(string member, decimal factor, int parts) =>
        _multiples = ($"{Section}.{member}", Math.Max(_multiples.Most, factor), parts);

    private decimal Most()
    {
        var most = Profile.Pipeline.Microbatches * _ofMicrobatch.Sum() + Placement.Pipes * _ofPipe.Sum() + _ofIteration;
        return _multiples.Most * Math.Max(most, _numbers.Select(number => number.Value).DefaultIfEmpty(0).Max());
    }

    /// <summary>Asks for digits beyond those of the numbers.</summary>
    public void Spare(int digits) => SpareDigits = Math.Max(SpareDigits, digits);
}
