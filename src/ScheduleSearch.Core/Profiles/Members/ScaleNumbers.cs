using ScheduleSearch.Core.Placements;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>Collects every number of a profile that is an amount of one quantity, and the largest sum over a whole schedule that they can make.</summary>
public sealed class ScaleNumbers
{
    private readonly List<decimal> _numbers = [];
    private readonly decimal[] _ofMicrobatch;
    private readonly decimal[] _ofPipe;

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

    /// <summary>The coarsest scale on which all of them are integers, or the finest that fits.</summary>
    internal DecimalScale Scale()
    {
        var most = Profile.Pipeline.Microbatches * _ofMicrobatch.Sum() + Placement.Pipes * _ofPipe.Sum();
        return DecimalScale.For(_numbers, Math.Max(most, _numbers.DefaultIfEmpty(0).Max()), SpareDigits);
    }

    /// <summary>Adds numbers that are in no sum.</summary>
    public void Add(IEnumerable<decimal> numbers) => _numbers.AddRange(numbers);

    /// <summary>Adds the numbers of the stages.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="added">How often the largest sum adds each.</param>
    /// <param name="parts">The parts that a microbatch is cut in, at least 1.</param>
    public void Add(StageValues values, Added added, int parts)
    {
        Add(values.Numbers);
        if (added == Added.Never) return;
        var sums = added == Added.ByPipe ? _ofPipe : _ofMicrobatch;
        for (var stage = 0; stage < sums.Length; stage++) sums[stage] += added == Added.ByPart ? parts * values[stage] : values[stage];
    }

    /// <summary>Adds what a microbatch may take on every stage beside the numbers of the stage.</summary>
    public void AddOnEveryStage(decimal number)
    {
        for (var stage = 0; stage < _ofMicrobatch.Length; stage++) _ofMicrobatch[stage] += number;
    }

    /// <summary>Asks for digits beyond those of the numbers.</summary>
    public void Spare(int digits) => SpareDigits = Math.Max(SpareDigits, digits);
}
