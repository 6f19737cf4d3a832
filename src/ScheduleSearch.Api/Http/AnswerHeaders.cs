namespace ScheduleSearch.Api.Http;

/// <summary>Headers of answers that no library has a name for.</summary>
internal static class AnswerHeaders
{
    /// <summary>Names the schedule of a stream.</summary>
    public const string Revision = "Schedule-Revision";

    /// <summary>What a request preferred and has, as RFC 7240 has it.</summary>
    public const string PreferenceApplied = "Preference-Applied";
}
