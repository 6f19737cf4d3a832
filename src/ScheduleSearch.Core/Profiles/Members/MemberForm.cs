namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>A member that has another name and form in JSON than the property that holds it.</summary>
/// <param name="Property">The name of the property.</param>
/// <param name="Description">What the member is, for who sends it.</param>
/// <param name="Example">A list that it may be, or has the number.</param>
public sealed record MemberForm(string Property, string Description, IReadOnlyList<int> Example)
{
    /// <summary>Whether it is one number where it is no word, and no list.</summary>
    public bool IsOne { get; init; }
}
