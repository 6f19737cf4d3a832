namespace ScheduleSearch.Core.Families;

/// <summary>Words for families whose microbatches go in groups, none of which may be short.</summary>
internal static class MicrobatchGroups
{
    /// <summary>The multiples of a size around a number of microbatches that is none, as in "8 or 12".</summary>
    public static string Nearest(int microbatches, int size)
    {
        var above = microbatches + size - microbatches % size;
        return microbatches < size ? $"{above}" : $"{above - size} or {above}";
    }
}
