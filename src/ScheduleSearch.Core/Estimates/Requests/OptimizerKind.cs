namespace ScheduleSearch.Core.Estimates.Requests;

/// <summary>What an optimizer keeps of each parameter.</summary>
public enum OptimizerKind
{
    /// <summary>Two moments in single precision.</summary>
    Adam,

    /// <summary>One momentum in single precision.</summary>
    Momentum,

    /// <summary>Nothing of its own.</summary>
    Sgd,
}
