using System.Collections.Immutable;

namespace ScheduleSearch.Core.Profiles;

/// <summary>Finds what of noise does not go with a problem.</summary>
public static class NoiseCheck
{
    /// <summary>How many times the profile's duration a measured one may be.</summary>
    private const decimal MostMultiple = 100;

    /// <summary>The least mean of measured durations, in the profile's unit: below it an operation would vanish at the means.</summary>
    private const decimal LeastMean = 0.0001m;

    /// <summary>Ticks up to which numbers of double precision tell them apart.</summary>
    private const decimal MostTicks = 1L << 53;

    /// <summary>The faults, each at its member; empty when there are none.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="noise">The noise.</param>
    /// <param name="path">The JSON path of the noise, such as <c>$.noise</c>.</param>
    public static IEnumerable<ProfileError> Of(Problem problem, Noise noise, string path) =>
    [
        .. OfValues(problem, $"{path}.operation", noise.Operation),
        .. OfValues(problem, $"{path}.stage", noise.Stage),
        .. OfDevices(problem, $"{path}.slowDevices", noise.SlowDevices),
        .. noise.Spikes is { } spikes ? OfSpikes(problem, $"{path}.spikes", spikes) : [],
        .. noise.Samples is { } samples ? OfSamples(problem, $"{path}.samples", samples) : [],
    ];

    private static IEnumerable<ProfileError> OfValues(Problem problem, string path, StageValues values)
    {
        if (!values.IsScalar && values.Numbers.Length != problem.Stages)
            yield return new(path, $"Has {values.Numbers.Length} numbers; give one, or one for each of the {problem.Stages} stages.");
    }

    private static IEnumerable<ProfileError> OfDevices(Problem problem, string path, ImmutableArray<SlowDevice> devices)
    {
        var seen = new HashSet<int>();
        foreach (var (place, device) in devices.Index())
        {
            if (device.Device >= problem.Devices)
                yield return new($"{path}[{place}].device", $"Is {device.Device}; the devices are 0 to {problem.Devices - 1}.");
            if (!seen.Add(device.Device))
                yield return new($"{path}[{place}].device", $"Is {device.Device}, which stands before: state a device once.");
        }
    }

    private static IEnumerable<ProfileError> OfSpikes(Problem problem, string path, LinkSpikes spikes)
    {
        var most = MostTicks * problem.TimeScale.FromTicks(1);
        if (spikes.Size > most) yield return new($"{path}.size", FormattableString.Invariant($"Is {spikes.Size}; must be at most {most}."));
    }

    private static IEnumerable<ProfileError> OfSamples(Problem problem, string members, DurationSamples samples)
    {
        var first = (Name: "", Count: -1);
        foreach (var (name, lists) in samples.Members())
        {
            var path = $"{members}.{name}";
            if (lists.Length != problem.Stages) yield return new(path, $"Has {lists.Length} lists; give one for each of the {problem.Stages} stages.");
            foreach (var (stage, list) in lists.Index())
            {
                if (first.Count < 0) first = ($"{name}[{stage}]", list.Length);
                if (list.Length == 0) yield return new($"{path}[{stage}]", "Is empty; give a duration at least.");
                if (list.Length != first.Count)
                {
                    yield return new(
                        $"{path}[{stage}]",
                        $"Has {list.Length} durations, and {first.Name} {first.Count}: what stands at the same place is of the same microbatch.");
                }

                if (stage >= problem.Stages) continue;
                var time = problem.TimeScale.FromTicks(TicksOf(problem, name, stage));
                if (list.Any(duration => duration > MostMultiple * time))
                {
                    yield return new(
                        $"{path}[{stage}]",
                        FormattableString.Invariant($"Has a duration above {MostMultiple} times the profile's, which is {time}: are both in the same unit?"));
                }

                if (time > 0 && list.Length > 0 && list.Average() < Math.Min(time, LeastMean))
                    yield return new($"{path}[{stage}]", FormattableString.Invariant($"Has durations of next to nothing, where the profile has {time}."));
            }
        }
    }

    private static long TicksOf(Problem problem, string member, int stage) => member switch
    {
        "forward" => problem.Forward[stage],
        "backwardInput" => problem.BackwardInput[stage],
        "backwardWeight" => problem.BackwardWeight[stage],
        _ => problem.BackwardInput[stage] + problem.BackwardWeight[stage],
    };
}
