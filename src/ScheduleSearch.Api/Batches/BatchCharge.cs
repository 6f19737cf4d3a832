namespace ScheduleSearch.Api.Batches;

/// <summary>What came of charging who sent a batch with one of its requests.</summary>
internal enum BatchCharge
{
    /// <summary>The caller has been charged.</summary>
    Charged,

    /// <summary>There is nothing to charge: no quota, no search, or the same search is charged already.</summary>
    Free,

    /// <summary>A quota is used up for now.</summary>
    NoRoom,

    /// <summary>The key that sent the batch is revoked.</summary>
    KeyRevoked,
}
