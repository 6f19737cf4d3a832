using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// 1F1B with more forwards before the first backward, as far as memory goes: what is in flight then covers messages and operations that take longer than
/// planned. The warm-up of a device is that of the next one and ceil(c / F) + 2, c the latency between them and F its forward (PipeMorph), or one less or
/// more. Of problems whose devices have one stage each, in the order of the stages.
/// </summary>
public static class WarmUpOrders
{
    private static readonly int[] Extras = [2, 1, 3];

    /// <summary>The orders that fit every device, none twice.</summary>
    public static IEnumerable<Schedule> Of(Problem problem)
    {
        if (FamilyCatalogue.WhyNot(new OneForwardOneBackward(), problem) is not null) yield break;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var extra in Extras)
        {
            var warmUps = WarmUpsOf(problem, extra);
            if (!seen.Add(string.Join(',', warmUps))) continue;
            var schedule = new Warmed(warmUps).ScheduleOf(problem);
            if (schedule.FitsMemory()) yield return schedule;
        }
    }

    private static int[] WarmUpsOf(Problem problem, int extra)
    {
        var warmUps = new int[problem.Devices];
        for (var device = problem.Devices - 2; device >= 0; device--)
        {
            var (latency, forward) = (problem.LagBetween(0, device, device + 1), Math.Max(1, problem.Forward[device]));
            // More than there are microbatches is as good as all.
            var covering = Math.Min(problem.Microbatches, (latency + forward - 1) / forward);
            warmUps[device] = (int)Math.Min(problem.Microbatches - 1, warmUps[device + 1] + covering + extra);
        }

        for (var device = 0; device < problem.Devices; device++)
        {
            if (problem.LimitOf(device) != long.MaxValue && problem.Activation[device] is > 0 and var held)
                warmUps[device] = (int)Math.Clamp(problem.LimitOf(device) / held - 1, 0, warmUps[device]);
            // A device that wants more forwards than the one before it hands over waits for ever.
            if (device > 0) warmUps[device] = Math.Min(warmUps[device], warmUps[device - 1]);
        }

        return warmUps;
    }

    private sealed class Warmed(int[] warmUps) : IScheduleFamily
    {
        private static readonly OneForwardOneBackward Plain = new();

        public string Name => "warm-up";

        public string Placement => Plain.Placement;

        public string Description => "1F1B with more forwards before the first backward.";

        public string Conditions => "";

        public string Source => "PipeMorph";

        public bool SplitsBackward => false;

        public string? BrokenCondition(Problem problem) => null;

        public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) =>
            [.. warmUps.Select((warmUp, device) => OneForwardOneBackward.OnDevice(device, warmUp, problem.Microbatches))];
    }
}
