using System.Collections.Immutable;
using ScheduleSearch.Core.Features.Fill;

namespace ScheduleSearch.Core.Profiles;

public sealed partial class Problem
{
    private ImmutableArray<FillPieces>? _fill;

    /// <summary>The items of the work that fills bubbles, in ticks, in the order of the profile; empty where there is none.</summary>
    public ImmutableArray<FillPieces> Fill => _fill ??= FillPieces.Of(this);

    /// <summary>The place of an item among them, by its name.</summary>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    public int PlaceInFill(string name)
    {
        for (var place = 0; place < Fill.Length; place++)
        {
            if (Fill[place].Name == name) return place;
        }

        throw new KeyNotFoundException($"There is no work of the name {name}.");
    }

    /// <summary>Ticks of all the pieces that a device carries out.</summary>
    public long FillOn(int device) => Fill.Where(item => item.Device == device).Sum(item => item.Work);
}
