namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>
/// Where a section stands among those of features. The orders of JSON and of the id's text differ, and neither may change: ids are stored. A
/// section that says nothing comes last in both; sections of the same place come in the order of the catalogue.
/// </summary>
/// <param name="InJson">Its place in JSON, and in the errors of reading it.</param>
/// <param name="InId">Its place in the text of the id, and in the errors of checking it.</param>
public readonly record struct SectionOrder(int InJson, int InId)
{
    /// <summary>After all that say where.</summary>
    public static SectionOrder Last { get; } = new(int.MaxValue, int.MaxValue);
}
