using System.Globalization;

namespace ScheduleSearch.Core.Profiles;

/// <summary>
/// Finds times and sizes that look like numbers of another unit. The limits are far from what devices do, so that who knows what the numbers say is
/// seldom warned: where all operations are shorter than 50 us or one is longer than 10 s, and where a size exceeds 8 TiB or no device may
/// hold 1 MiB.
/// </summary>
public static class UnitWarnings
{
    private const string Limit = "memory.limit", Total = "memory.total", Devices = "devices";
    private const decimal LeastSeconds = 0.00005m;
    private const decimal MostSeconds = 10;
    private const decimal LeastBytes = 1L << 20;
    private const decimal MostBytes = 1L << 43;

    /// <summary>All warnings, in the order of the request; empty for a profile whose numbers are usual.</summary>
    public static IReadOnlyList<ProfileWarning> Of(Profile profile) =>
        [.. OfTimes(profile.Times), .. OfMemory(profile.Memory ?? new(), profile.Devices?.Memory)];

    private static IEnumerable<ProfileWarning> OfTimes(OperationTimes times)
    {
        (string Member, decimal Most)[] members =
        [
            ("forward", times.Forward.Numbers.Max()), ("backwardInput", times.BackwardInput.Numbers.Max()),
            ("backwardWeight", times.BackwardWeight.Numbers.Max()), ("backward", times.Backward?.Numbers.Max() ?? 0),
        ];
        var longest = members.Max(member => member.Most);
        // Where layers state the times, none stand here.
        if (longest > 0 && longest * SecondsOf(times.Unit) < LeastSeconds)
            yield return new("$.profile.times.unit", $"The longest operation takes {Text(longest)} {times.Unit}: are the times in a longer unit?");
        foreach (var (member, most) in members.Append(("communication", LatencyOf(times.Communication.Latency))))
        {
            if (most > MostSeconds / SecondsOf(times.Unit))
                yield return new($"$.profile.times.{member}", $"Is up to {Text(most)} {times.Unit}: are the times in a shorter unit?");
        }
    }

    private static IEnumerable<ProfileWarning> OfMemory(ActivationMemory memory, StageValues? ofDevices)
    {
        (string Member, StageValues? Values)[] members =
        [
            (Limit, memory.Limit), ("memory.activation", memory.Activation), ("memory.retained", memory.Retained), ("memory.weights", memory.Weights),
            (Total, memory.Total), (Devices, ofDevices),
        ];
        foreach (var (member, values) in members)
        {
            if (values?.Numbers.Max() is not { } most) continue;
            if (most > MostBytes / BytesOf(memory.Unit))
                yield return new($"$.profile.{member}", $"Is up to {Text(most)} {memory.Unit}: are the sizes in a smaller unit?");
            else if (member is Limit or Total or Devices && most * BytesOf(memory.Unit) < LeastBytes)
                yield return new($"$.profile.{member}", $"Is no more than {Text(most)} {memory.Unit}: are the sizes in a larger unit?");
        }
    }

    private static decimal LatencyOf(LinkValues latency) => latency.Scalar ?? latency.Matrix.Max(row => row.Max());

    private static decimal SecondsOf(TimeUnit unit) => unit switch
    {
        TimeUnit.us => 0.000001m,
        TimeUnit.ms => 0.001m,
        _ => 1,
    };

    private static decimal BytesOf(MemoryUnit unit) => 1L << (10 * (int)unit);

    private static string Text(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);
}
