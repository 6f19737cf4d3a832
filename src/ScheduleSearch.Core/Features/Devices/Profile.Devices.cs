using ScheduleSearch.Core.Features.Devices;

namespace ScheduleSearch.Core.Profiles;

public sealed partial record Profile
{
    /// <summary>
    /// The devices, one entry each, where they are unequal: by its speed, the times of the stages on it are divided, and its memory stands in the place of
    /// <c>memory.limit</c>. A stage on two pipes takes the same time on both of its devices, which so have one speed. Absent: all take the times as stated.
    /// </summary>
    public DeviceList? Devices
    {
        get => Find<DeviceList>();
        init => Sections = Sections.With(typeof(DeviceList), value);
    }

    /// <summary>What each device may hold, whichever member says so; null when that is unlimited.</summary>
    public StageValues? RoomOfDevices() => Devices?.Memory ?? Memory?.Limit ?? Memory?.Total;

    /// <summary>By what the times of the stages on a device are divided.</summary>
    internal decimal SpeedOf(int device) => Devices?.SpeedOf(device) ?? 1;
}
