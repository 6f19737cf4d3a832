namespace ScheduleSearch.Api.Storage;

/// <summary>Why the search of an alternative of a choice went no further.</summary>
internal static class AlternativeEnd
{
    /// <summary>Nothing is better than its schedule.</summary>
    public const string Optimal = "optimal";

    /// <summary>None of its schedules is better than the leader's.</summary>
    public const string RuledOut = "ruled out by its bound";

    /// <summary>The gap of the choice is good enough.</summary>
    public const string Gap = "target gap";

    /// <summary>The seconds are spent.</summary>
    public const string Time = "time";

    /// <summary>The work units are spent.</summary>
    public const string Work = "work";

    /// <summary>Somebody stopped the search.</summary>
    public const string Stopped = "stopped";

    /// <summary>What is said of an alternative; null where it goes on, may still go on, or cannot be had.</summary>
    /// <param name="alternative">The alternative.</param>
    /// <param name="standing">Where the choice stands.</param>
    /// <param name="choice">The choice.</param>
    public static string? Of(AlternativeStanding alternative, ChoiceStanding standing, StoredChoice choice)
    {
        if (alternative.Problem is null) return null;
        if (alternative.Objective <= alternative.LowerBound) return Optimal;
        if (standing.Leader is { } leader && alternative.LowerBound >= leader.Objective) return RuledOut;
        if (choice.IsUnfinished || alternative.Stored is { IsUnfinished: true }) return null;
        if (alternative.Stored?.Failure is not null) return ScheduleStatus.Failed;
        if (standing.Gap <= choice.Asked.Gap) return Gap;
        if (!choice.Asked.IsMetBy(choice)) return Stopped;
        return choice.Asked.Work > 0 ? Work : Time;
    }
}
