using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Devices;

/// <summary>The list <c>devices</c>, and the members of its items.</summary>
internal sealed class DevicesSection : ListSection<PipelineDevice, DeviceList>
{
    private const string Speed = "speed", Memory = "memory";

    /// <summary>
    /// The sections that it goes with where speeds differ from 1: those whose times are of stages, which are divided, and those that state none or state them
    /// by device.
    /// </summary>
    private static readonly string[] GoesWith =
        [DevicesFeature.Id, "layers", "recompute", "slices", "overlap", "frozen", "optimizer", "microbatchScale", "microbatches", "fill", "backward"];

    public override string Name => DevicesFeature.Id;

    protected override ItemTable<PipelineDevice> Table { get; } = new(
        new(),
    [
        // A speed divides times, and the quotients decide their scale.
        new FactorMember<PipelineDevice>(Speed, Quantity.None, device => device.Speed, (device, speed) => device with { Speed = speed }),
        new NumberMember<PipelineDevice>(Memory, Quantity.Memory, device => device.Memory, (device, memory) => device with { Memory = memory })
        {
            IsAboveZero = true,
        },
    ]);

    public override void Check(SectionCheck check)
    {
        var devices = check.Profile.Devices!;
        if (devices.Count != check.Devices)
        {
            check.Malformed($"Has {devices.Count} items; give {check.Devices}, one for each device of the pipeline.");
            return;
        }

        foreach (var (index, device) in devices.Index()) Table.Check(check.At(index), device);
        if (devices.Memory is not null) CheckMemory(check, devices);
    }

    public override void CheckAmongOthers(SectionCheck check, IReadOnlyCollection<string> others)
    {
        if (!check.IsClean || check.Profile.Devices!.HasNoOtherSpeed) return;
        foreach (var other in others.Except(GoesWith))
            check.Malformed($"Does not go with {other} where a speed is not 1, since its times are not those of stages: leave one of them out.");
        if (check.Profile.Overlap?.Duration is not null)
            check.MalformedElsewhere("overlap.duration", "Does not go with devices whose speeds differ from 1: give overlap.gain, which holds at every speed.");
        if (check.Profile.Recompute?.Levels is not null)
            check.MalformedElsewhere("recompute.levels", "Do not go with devices whose speeds differ from 1: give time and kept, or the stages' own times.");
        if (check.IsClean) CheckPipes(check, Problem.PlacementOf(check.Profile));
        // The stages that layers make are checked once they are dealt out.
        if (check.IsClean && !FeatureCatalogue.Default.StatesStages(check.Profile)) CheckTimes(check);
    }

    /// <summary>What a choice of placements makes of it follows from where each one puts the stages.</summary>
    public override void IdentifyMerging(IdentityText text, Profile finest)
    {
        if (FoundIn(finest) is { } devices)
        {
            text.Line($"{Name}.{Speed}", devices.Select((_, device) => devices.SpeedOf(device)));
            if (devices.Memory is { } memory) text.Line($"{Name}.{Memory}", memory.Numbers);
        }
    }

    protected override DeviceList ListOf(ReadOnlySpan<PipelineDevice> items) => DeviceList.Of(items);

    private static void CheckMemory(SectionCheck check, DeviceList devices)
    {
        foreach (var (index, device) in devices.Index())
        {
            if (device.Memory is null) check.At(index).Malformed(Memory, "Is missing: give the memory of every device, or of none.");
        }

        var memory = check.Profile.Memory;
        if ((memory?.Limit ?? memory?.Total) is not null)
            check.At(0).Malformed(Memory, $"Stands in the place of memory.{(memory!.Limit is null ? "total" : "limit")}: give one of them.");
        if (memory?.Activation is null && !FeatureCatalogue.Default.StatesStages(check.Profile))
            check.MalformedElsewhere("memory.activation", "Is required when the memory of devices is given.");
    }

    /// <summary>A stage takes the same time on all devices that it stands on.</summary>
    private static void CheckPipes(SectionCheck check, Placement placement)
    {
        for (var stage = 0; stage < placement.Stages; stage++)
        {
            var first = placement.DeviceOf(0, stage);
            for (var pipe = 1; pipe < placement.Pipes; pipe++)
            {
                var (other, one) = (placement.DeviceOf(pipe, stage), check.Profile.SpeedOf(first));
                if (check.Profile.SpeedOf(other) == one) continue;
                check.At(other).Malformed(
                    Speed,
                    $"Differs from {SectionCheck.Text(one)}, the speed of device {first}, and both hold stage {stage}, which takes the same time on the two "
                    + "pipes: give them one speed, or use a placement of one pipe.");
                return;
            }
        }
    }

    private static void CheckTimes(SectionCheck check)
    {
        foreach (var (stage, device, time) in PacedStages.OutOfRange(check.Profile).DistinctBy(time => time.Device))
        {
            check.At(device).Malformed(
                Speed, $"Makes {SectionCheck.Text(time)} of a time of stage {stage}; must leave 0 or from 0.000001 to 10^12: choose another unit.");
        }
    }
}
