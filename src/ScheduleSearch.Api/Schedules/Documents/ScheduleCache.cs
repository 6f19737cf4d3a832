using System.Text.Json;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Schedules.Documents;

/// <summary>
/// What rows answer, rebuilt from their order, verified and rendered once for each revision. The table stays the truth: a row is always
/// read first, and its revision is part of the key.
/// </summary>
internal sealed class ScheduleCache(IOptions<CacheSettings> settings) : IDisposable
{
    private const int BytesOfOperation = 160;
    private const long BytesOfVerdict = 500;

    private readonly Lock _creating = new();
    private readonly MemoryCache _entries = new(new MemoryCacheOptions { SizeLimit = settings.Value.MaxBytes });

    /// <summary>The members of the row's result as a JSON object; null when it has none yet.</summary>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    public Segments? ResultOf(ScheduleRow row) =>
        row.Order is null ? null : Get(row.Version, "result", () => Rendered(ScheduleResult.Of(SolutionOf(row)!, row.SolveSeconds)));

    /// <summary>The members of a choice's result as a JSON object; null when no alternative has a schedule yet.</summary>
    /// <exception cref="InvalidDataException">The row of an alternative cannot be trusted.</exception>
    public Segments? ResultOf(RowVersion version, ChoiceStanding standing) =>
        standing.Leader is null ? null : Get(version, "result", () => Rendered(ScheduleResult.Of(standing, SolutionOf)));

    /// <summary>The choice of a row that points.</summary>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    public PlacementChoice ChoiceOf(ScheduleRow row) => Get(row.Version with { Revision = 0 }, "choice", () => (StoredProblem.ReadChoice(row), (long)row.Request.Length));

    /// <summary>The row's schedule in a format.</summary>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    public Segments InstructionsOf(ScheduleRow row, IInstructionFormat format, int? rank) => Get(row.Version, $"{format.Name}/{format.Version}/{rank}", () =>
    {
        var bytes = new Segments();
        format.Write(SolutionOf(row)!.Timeline, rank, bytes);
        return (bytes, bytes.Length);
    });

    /// <summary>Why a format cannot carry the row's schedule, which there must be; null when it can.</summary>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    public FormatRefusal? RefusalOf(ScheduleRow row, IInstructionFormat format) =>
        Get(row.Version, $"refusal/{format.Name}/{format.Version}", () => (new Verdict(format.WhyNot(SolutionOf(row)!.Timeline)), BytesOfVerdict)).Refusal;

    /// <summary>The row's schedule, replayed and verified; null when it has none yet.</summary>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    public Solution? SolutionOf(ScheduleRow row) => row.Order is null ? null : Get(row.Version, "solution", () =>
    {
        var solution = StoredProblem.ReadSolution(row, StoredProblem.Read(row)) ?? throw new InvalidDataException("The row misses a part of its result.");
        return (solution, (long)solution.Timeline.Graph.Count * BytesOfOperation);
    });

    public void Dispose() => _entries.Dispose();

    private static (Segments, long) Rendered(ScheduleResult result)
    {
        var bytes = new Segments();
        using (var writer = new Utf8JsonWriter(bytes)) JsonSerializer.Serialize(writer, result, AnswerJson.Options);
        return (bytes, bytes.Length);
    }

    private T Get<T>(RowVersion version, string what, Func<(T Value, long Bytes)> create)
        where T : class
    {
        var key = (version, what);
        if (_entries.TryGetValue(key, out T? known)) return known!;
        // Many requests for one large schedule build it once; another's miss waits that long.
        lock (_creating)
        {
            if (_entries.TryGetValue(key, out known)) return known!;
            var (value, bytes) = create();
            return _entries.Set(key, value, new MemoryCacheEntryOptions { Size = bytes, SlidingExpiration = TimeSpan.FromMinutes(10) });
        }
    }

    private sealed record Verdict(FormatRefusal? Refusal);
}
