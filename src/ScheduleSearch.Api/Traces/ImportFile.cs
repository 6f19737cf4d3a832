namespace ScheduleSearch.Api.Traces;

/// <summary>A file of a run.</summary>
/// <param name="Content">What it holds: JSON as it is, or the text of a table or a log.</param>
/// <param name="Name" example="pp_rank_0.json">Its name, which says the rank where the content does not.</param>
internal sealed record ImportFile(object Content, string? Name);
