using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Layers;

/// <summary>The least time that the busiest device takes in an iteration, however the layers are dealt out to the devices, by counting.</summary>
/// <remarks>
/// <para>Some device takes at least the mean, in proportion to the speeds. And of the longest n layers each device has some, which take at least what as many
/// of the shortest of those do: no time is enough in which all devices together have room for less than n. That is asked for n = k x p + 1, where of equal
/// devices one has k + 1, and for all layers.</para>
/// <para>A device that may hold so much holds, when a microbatch is on its last stage there, what the forwards of that microbatch left of every layer that it
/// has, whose backwards are all to come, beside its weights. So of n layers it has no more than the smallest that fit, and takes no more work than the
/// fractions of layers that give most of it for their memory (the relaxation of a knapsack, Dantzig 1957).</para>
/// <para>Two pipes share the microbatches as they like, so there the mean alone counts, without memory.</para>
/// </remarks>
internal sealed class LeastLoad
{
    /// <summary>Above what a quotient of decimals may lose.</summary>
    private const decimal RoundedUp = 1.000000000001m;

    private readonly List<DeviceKind> _kinds;
    private readonly List<(decimal Time, long Held)> _longest;
    private readonly bool _hasPipes;
    private readonly int _devices;

    /// <param name="profile">A valid profile of layers.</param>
    /// <param name="costs">What its layers take.</param>
    /// <param name="ticks">The same, of iterations.</param>
    /// <param name="placement">Where the stages stand.</param>
    public LeastLoad(Profile profile, LayerCosts costs, LayerTicks ticks, Placement placement)
    {
        (_hasPipes, _devices) = (placement.Pipes > 1, placement.Devices);
        var hasLimits = ticks.HasLimits && !_hasPipes;
        _kinds = [.. Enumerable.Range(0, placement.Devices)
            .CountBy(device => (Speed: profile.SpeedOf(device), Room: hasLimits ? ticks.RoomOf(device) : long.MaxValue))
            .Select(kind => new DeviceKind(kind.Key.Speed, kind.Key.Room, kind.Value))];
        _longest = [.. TimesOf(costs, ticks).Select((time, layer) => (time, HeldOf(layer))).OrderByDescending(layer => layer.time)];

        long HeldOf(int layer)
        {
            var held = ticks.CountsWeights ? Of(ticks.Weights) : 0;
            return ticks.HasBackwards && layer >= ticks.Frozen ? held + Of(ticks.Kept) + Of(ticks.KeysAndValues) : held;

            long Of(long[] sums) => sums[layer + 1] - sums[layer];
        }
    }

    /// <summary>
    /// The time of each layer in an iteration. What pairs save on a device is no more than their share of all its forwards, nor than that of all its backwards.
    /// </summary>
    private static IEnumerable<decimal> TimesOf(LayerCosts costs, LayerTicks ticks)
    {
        if (!ticks.HasBackwards) return Enumerable.Range(0, costs.Count).Select(layer => ticks.Forwards * Of(costs.Forward, layer));
        decimal[] forward = [.. Enumerable.Range(0, costs.Count).Select(layer => ticks.Forwards * Of(costs.Forward, layer))];
        decimal[] backward =
            [.. Enumerable.Range(0, costs.Count).Select(layer => ticks.Backwards * (Of(costs.BackwardInput, layer) + Of(costs.BackwardWeight, layer)))];
        var paired = forward.Sum() < backward.Sum() ? forward : backward;
        return Enumerable.Range(0, costs.Count).Select(layer =>
            forward[layer] + backward[layer] + ticks.Forwards * ticks.EachRecompute[layer] - ticks.Gain * paired[layer]);

        static decimal Of(decimal[] sums, int layer) => sums[layer + 1] - sums[layer];
    }

    private bool HasLimits => _kinds.Any(kind => kind.Room != long.MaxValue);

    /// <summary>That time; null where the devices together have no room for all layers.</summary>
    public decimal? Time()
    {
        if (Mean() is not { } least) return null;
        if (_hasPipes) return least;
        // The layers of each count by what they hold, the smallest first.
        var smallest = new List<long>(_longest.Count);
        for (var count = 1; count <= _longest.Count; count++)
        {
            var held = _longest[count - 1].Held;
            if (HasLimits) smallest.Insert(smallest.BinarySearch(held) is var at && at < 0 ? ~at : at, held);
            if ((count - 1) % _devices != 0 && count < _longest.Count) continue;
            if (ForLongest(count, smallest) is not { } time) return null;
            least = Math.Max(least, time);
        }

        return least;
    }

    /// <summary>The least time in which devices could have all of the work, if layers could be cut.</summary>
    private decimal? Mean()
    {
        var work = _longest.Sum(layer => layer.Time);
        var (mean, left) = (work / _kinds.Sum(kind => kind.Count * kind.Speed), work);
        if (!HasLimits) return mean;
        // Those that are full first leave the rest to the others.
        var speed = _kinds.Sum(kind => kind.Count * kind.Speed);
        foreach (var (kind, most) in _kinds.Select(kind => (Kind: kind, Most: MostWorkOf(kind.Room))).OrderBy(full => full.Most / full.Kind.Speed))
        {
            if (left <= most / kind.Speed * speed) return Math.Max(mean, left / speed);
            (left, speed) = (left - kind.Count * most, speed - kind.Count * kind.Speed);
        }

        return left <= 0 ? mean : null;
    }

    /// <summary>The most work of layers, or fractions of them, that there is room for.</summary>
    private decimal MostWorkOf(long room)
    {
        var (work, left) = (0m, (decimal)room);
        foreach (var (time, held) in _longest.OrderByDescending(layer => layer.Held == 0 ? decimal.MaxValue : layer.Time / layer.Held))
        {
            var share = held <= left ? 1 : left / held;
            (work, left) = (work + share * time, left - share * held);
            if (share < 1) break;
        }

        return work * RoundedUp;
    }

    /// <summary>The least time in which devices could have some of the longest layers, if each had the shortest of them, as many as it has room for.</summary>
    /// <param name="count">How many of them they are to have.</param>
    /// <param name="smallest">What these hold, sorted; empty where that does not count.</param>
    private decimal? ForLongest(int count, List<long> smallest)
    {
        var (taken, time) = (new int[_kinds.Count], 0m);
        int[] fitting = [.. _kinds.Select(kind => kind.Room == long.MaxValue ? count : FittingIn(kind.Room, smallest))];
        decimal[] times = [.. _kinds.Select((kind, index) => fitting[index] > 0 ? _longest[count - 1].Time / kind.Speed : decimal.MaxValue)];
        for (var had = 0; had < count;)
        {
            // The devices of the kind that has one more layer soonest have it.
            var next = Array.IndexOf(times, times.Min());
            if (times[next] == decimal.MaxValue) return null;
            time = times[next];
            had += _kinds[next].Count;
            taken[next]++;
            times[next] = taken[next] < fitting[next] ? time + _longest[count - 1 - taken[next]].Time / _kinds[next].Speed : decimal.MaxValue;
        }

        return time;
    }

    private static int FittingIn(long room, List<long> smallest)
    {
        var (count, held) = (0, 0L);
        foreach (var next in smallest)
        {
            held += next;
            if (held > room) break;
            count++;
        }

        return count;
    }

    /// <summary>Devices of one speed that may hold as much.</summary>
    private sealed record DeviceKind(decimal Speed, long Room, int Count);
}
