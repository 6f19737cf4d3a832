namespace ScheduleSearch.Core.Operations;

/// <summary>A resource that carries out one operation at a time. Lanes are not devices: a device has its compute lane and any number of others.</summary>
/// <param name="Kind">What it carries out.</param>
/// <param name="Device">The device that it belongs to.</param>
/// <param name="Other">The device at its other end; <see cref="NoOther"/> when it has none.</param>
public readonly record struct Lane(LaneKind Kind, int Device, int Other = Lane.NoOther)
{
    /// <summary>The other end of a lane that leads nowhere.</summary>
    public const int NoOther = -1;

    /// <summary>The name that answers give it, such as <c>compute</c>.</summary>
    public string Name => Other == NoOther ? Kind.ToString().ToLowerInvariant() : $"{Kind.ToString().ToLowerInvariant()} to {Other}";
}
