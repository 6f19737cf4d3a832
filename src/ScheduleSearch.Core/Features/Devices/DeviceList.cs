using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Devices;

/// <summary>The devices of a pipeline, each by its speed and memory, in the order of their numbers.</summary>
[CollectionBuilder(typeof(DeviceList), nameof(Of))]
public sealed class DeviceList : ItemList<PipelineDevice>
{
    private DeviceList(ImmutableArray<PipelineDevice> items)
        : base(items)
    {
    }

    /// <summary>Whether every device takes what the profile states.</summary>
    internal bool HasNoOtherSpeed => this.All(device => device.Speed is null or 1);

    /// <summary>What each device may hold; null where that is not said here.</summary>
    internal StageValues? Memory => this.Any(device => device.Memory is not null) ? StageValues.Each(this.Select(device => device.Memory ?? 0)) : null;

    /// <summary>The list of some devices.</summary>
    public static DeviceList Of(ReadOnlySpan<PipelineDevice> devices) => new([.. devices]);

    /// <summary>By what the times of the stages on a device are divided.</summary>
    internal decimal SpeedOf(int device) => this[device].Speed ?? 1;
}
