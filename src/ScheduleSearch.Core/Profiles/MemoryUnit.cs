namespace ScheduleSearch.Core.Profiles;

/// <summary>The unit of every amount of memory in a profile and in its answers. It labels numbers and never converts them.</summary>
public enum MemoryUnit
{
    /// <summary>Bytes.</summary>
    B,

    /// <summary>1024 bytes.</summary>
    KiB,

    /// <summary>1024 KiB.</summary>
    MiB,

    /// <summary>1024 MiB.</summary>
    GiB,
}
