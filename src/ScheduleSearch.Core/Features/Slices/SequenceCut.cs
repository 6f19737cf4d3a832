namespace ScheduleSearch.Core.Features.Slices;

/// <summary>Where a sequence is cut.</summary>
public enum SequenceCut
{
    /// <summary>In slices of equal length: later ones take longer, as their tokens attend to more.</summary>
    Even,

    /// <summary>In slices of equal work: later ones are shorter.</summary>
    EqualFlops,
}
