namespace ScheduleSearch.Api.Agents.Answers;

/// <summary>An instruction stream, or the beginning of one.</summary>
/// <param name="Id">The id of the schedule.</param>
/// <param name="Revision">The name of the schedule: ask for it with every other rank.</param>
/// <param name="Format">The format.</param>
/// <param name="Rank">The device; absent for all.</param>
/// <param name="MediaType">The media type of the stream.</param>
/// <param name="Bytes">Bytes of the whole stream.</param>
/// <param name="Truncated">Whether the stream goes on after what is here: ask for one rank, or get it at the path.</param>
/// <param name="Path">The path of this service where the whole stream is.</param>
/// <param name="Stream">The stream, from its beginning.</param>
internal sealed record StreamAnswer(
    string Id, string Revision, string Format, int? Rank, string MediaType, long Bytes, bool Truncated, string Path, string Stream);
