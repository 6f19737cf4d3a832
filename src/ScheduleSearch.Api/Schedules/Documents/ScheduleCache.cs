using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Profiles;
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

    private readonly ConcurrentDictionary<(RowVersion Version, string What), Lazy<object>> _creating = new();
    private readonly MemoryCache _entries = new(new MemoryCacheOptions { SizeLimit = settings.Value.MaxBytes });

    /// <summary>The members of a problem's result as a JSON object; null when it has none yet.</summary>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    public Segments? ResultOf(StoredProblem stored) => stored.Result.Order is null
        ? null
        : Get(stored.Version, "result", () => Rendered(ScheduleResult.Of(SolutionOf(stored)!, stored.Spent.SolveSeconds)));

    /// <summary>The members of a choice's result as a JSON object; null when no alternative has a schedule yet.</summary>
    /// <exception cref="InvalidDataException">The row of an alternative cannot be trusted.</exception>
    public Segments? ResultOf(RowVersion version, ChoiceStanding standing) =>
        standing.Leader is null ? null : Get(version, "result", () => Rendered(ScheduleResult.Of(standing, SolutionOf)));

    /// <summary>The choice that is stored.</summary>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    public PlacementChoice ChoiceOf(StoredChoice stored) =>
        Get(stored.Version with { Revision = 0 }, "choice", () => (stored.Read(), (long)stored.Request.Length));

    /// <summary>The schedule in a format.</summary>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    public Segments InstructionsOf(StoredSchedule stored, IInstructionFormat format, int? rank) =>
        Get(stored.Version, $"{format.Name}/{format.Version}/{rank}", () =>
        {
            var bytes = new Segments();
            format.Write(SolutionOf(stored)!.Timeline.AnsweredUnder(stored.Id), rank, bytes);
            return (bytes, bytes.Length);
        });

    /// <summary>Why a format cannot carry the schedule, which there must be; null when it can.</summary>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    public FormatRefusal? RefusalOf(StoredSchedule stored, IInstructionFormat format) => Get(
        stored.Version, $"refusal/{format.Name}/{format.Version}", () => (new Verdict(format.WhyNot(SolutionOf(stored)!.Timeline)), BytesOfVerdict)).Refusal;

    /// <summary>The schedule, replayed and verified; null when there is none of its own.</summary>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    public Solution? SolutionOf(StoredSchedule stored) => stored.Result.Order is null ? null : Get(stored.Version, "solution", () =>
    {
        var solution = stored.ReadSolution() ?? throw new InvalidDataException("The row misses a part of its result.");
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
        // Many requests for one large schedule build it once and wait for that; nobody waits for another's.
        var creation = _creating.GetOrAdd(key, _ => new Lazy<object>(() => Add(key, create)));
        try
        {
            return (T)creation.Value;
        }
        finally
        {
            _creating.TryRemove(KeyValuePair.Create(key, creation));
        }
    }

    private T Add<T>((RowVersion, string) key, Func<(T Value, long Bytes)> create)
        where T : class
    {
        // A creation that ended after the caller's own look has left it here.
        if (_entries.TryGetValue(key, out T? known)) return known!;
        var (value, bytes) = create();
        return _entries.Set(key, value, new MemoryCacheEntryOptions { Size = bytes, SlidingExpiration = TimeSpan.FromMinutes(10) });
    }

    private sealed record Verdict(FormatRefusal? Refusal);
}
