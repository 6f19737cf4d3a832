using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Evaluation;

/// <summary>Finds what of a request does not go with the problem whose schedules are to be replayed.</summary>
public static class EvaluationCheck
{
    /// <summary>How many times the profile's duration a measured one may be.</summary>
    private const decimal MostMultiple = 100;

    /// <summary>Ticks up to which numbers of double precision tell them apart.</summary>
    private const decimal MostTicks = 1L << 53;

    /// <summary>The faults, each at its member; empty when there are none.</summary>
    public static IReadOnlyList<ProfileError> Of(Problem problem, EvaluationRequest request)
    {
        var noise = request.Noise;
        return
        [
            .. OfValues(problem, "operation", noise.Operation),
            .. OfValues(problem, "stage", noise.Stage),
            .. OfDevices(problem, noise.SlowDevices),
            .. noise.Spikes is { } spikes ? OfSpikes(problem, spikes) : [],
            .. noise.Samples is { } samples ? OfSamples(problem, samples) : [],
        ];
    }

    /// <summary>The fault of more replays than are taken; null when there are no more.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="operations">The operations of all orders together.</param>
    /// <param name="most">The most operations of all replays together.</param>
    public static ProfileError? OfWork(EvaluationRequest request, long operations, long most) => request.Replays * operations <= most
        ? null
        : new ProfileError(
            "$.replays",
            $"Is {request.Replays}, of {operations} operations each; this server replays at most {most} operations: ask for at most "
                + $"{most / operations} replays{(request.Families ? ", or for no families" : "")}.",
            ProfileErrorKind.Impossible);

    private static IEnumerable<ProfileError> OfValues(Problem problem, string member, StageValues values)
    {
        if (!values.IsScalar && values.Numbers.Length != problem.Stages)
            yield return new($"$.noise.{member}", $"Has {values.Numbers.Length} numbers; give one, or one for each of the {problem.Stages} stages.");
    }

    private static IEnumerable<ProfileError> OfDevices(Problem problem, ImmutableArray<SlowDevice> devices)
    {
        var seen = new HashSet<int>();
        foreach (var (place, device) in devices.Index())
        {
            var path = $"$.noise.slowDevices[{place}].device";
            if (device.Device >= problem.Devices) yield return new(path, $"Is {device.Device}; the devices are 0 to {problem.Devices - 1}.");
            if (!seen.Add(device.Device)) yield return new(path, $"Is {device.Device}, which stands before: state a device once.");
        }
    }

    private static IEnumerable<ProfileError> OfSpikes(Problem problem, LinkSpikes spikes)
    {
        var most = MostTicks * problem.TimeScale.FromTicks(1);
        if (spikes.Size > most) yield return new("$.noise.spikes.size", FormattableString.Invariant($"Is {spikes.Size}; must be at most {most}."));
    }

    private static IEnumerable<ProfileError> OfSamples(Problem problem, DurationSamples samples)
    {
        var first = (Name: "", Count: -1);
        foreach (var (name, lists) in samples.Members())
        {
            var path = $"$.noise.samples.{name}";
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
