namespace ScheduleSearch.Api.Pages.Shell;

/// <summary>What stands beside things whose description is longer than the room.</summary>
internal static class FirstSentence
{
    /// <summary>The first sentence of a description, without its full stop and without marks of code.</summary>
    public static string Of(string description) => description.Split(". ", 2)[0].TrimEnd('.').Replace("`", "", StringComparison.Ordinal);
}
