using System.ComponentModel.DataAnnotations;

namespace ScheduleSearch.Api.Retention;

/// <summary>What the service deletes by itself: the section <c>Retention</c> of the configuration.</summary>
internal sealed class RetentionSettings : IValidatableObject
{
    /// <summary>The age from which schedules and batches are deleted: days, hours or minutes, as in <c>30d</c>. Absent: nothing is.</summary>
    public string? OlderThan { get; init; }

    /// <summary>The states of schedules that are deleted; all in which a search has ended by default.</summary>
    public string[] Statuses { get; init; } = [];

    /// <summary>Whether optimal schedules stay.</summary>
    public bool KeepOptimal { get; init; }

    /// <summary>Minutes between two looks.</summary>
    [Range(0.01, 10_080)]
    public double EveryMinutes { get; init; } = 60;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (OlderThan is { Length: > 0 } age && Age.TryParse(age) is null)
            yield return new($"Retention:OlderThan: '{age}' is not {Age.Form}.", [nameof(OlderThan)]);
        foreach (var status in Statuses.Except(PruneRule.Ended))
            yield return new($"Retention:Statuses: '{status}' is not one of {string.Join(", ", PruneRule.Ended)}.", [nameof(Statuses)]);
    }

    /// <summary>The rule; null when nothing is deleted.</summary>
    internal PruneRule? Rule => OlderThan is { Length: > 0 } age
        ? new PruneRule(Age.TryParse(age)!.Value, Statuses.Length == 0 ? PruneRule.Ended : Statuses, KeepOptimal)
        : null;
}
