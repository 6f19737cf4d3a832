namespace ScheduleSearch.Core.Estimates.Requests;

/// <summary>Which products with weights add a bias.</summary>
public enum BiasKind
{
    /// <summary>None.</summary>
    None,

    /// <summary>The projections of queries, keys and values.</summary>
    Attention,

    /// <summary>All of a layer, and its norms.</summary>
    All,
}
