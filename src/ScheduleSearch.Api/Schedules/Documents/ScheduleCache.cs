using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Instructions.Pictures;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Schedules.Documents;

/// <summary>
/// What rows answer, rebuilt from their order, verified and rendered once for each revision. The table stays the truth: a row is always
/// read first, and its revision is part of the key. What is larger than the whole budget is not kept, but shared while anybody uses it; what takes
/// long to make is made in turns, so that as much memory is used as a few of them need, and nobody's small schedule waits for it.
/// </summary>
internal sealed class ScheduleCache(IOptions<CacheSettings> settings) : IDisposable
{
    private const int BytesOfOperation = 160;
    private const long BytesOfVerdict = 500;
    private const long BytesOfMetrics = 100;
    private const int LargeOrder = 32 * 1024;
    private const int MostWaiting = 256;
    private const long LeastShared = 1 << 20;

    private readonly ConcurrentDictionary<Key, Lazy<Task<object>>> _creating = new();
    private readonly ConcurrentDictionary<Key, WeakReference<object>> _used = new();
    private readonly MemoryCache _entries = new(new MemoryCacheOptions { SizeLimit = settings.Value.MaxBytes });

    private readonly ConcurrencyLimiter _turns = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = settings.Value.LargeCreations,
        QueueLimit = MostWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    private readonly ConcurrencyLimiter _comparisons = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = settings.Value.Comparisons,
        QueueLimit = MostWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>The members of a problem's result as a JSON object, with or without the operations of devices; null when it has none yet.</summary>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    public async Task<PackedBytes?> ResultOfAsync(StoredProblem stored, bool withDevices, CancellationToken cancellation) => stored.Result.Order is null
        ? null
        : await OfSolutionAsync(
            stored,
            NameOf(withDevices),
            solution =>
            {
                var result = ScheduleResult.Of(solution, stored.Spent.SolveSeconds) with
                {
                    Revision = stored.Revision,
                    OrderOf = stored.IsOwn ? solution.Problem.Id : null,
                };
                return Rendered(result, withDevices);
            },
            cancellation);

    /// <summary>The members of a choice's result as a JSON object, as a problem's; null when no alternative has a schedule yet.</summary>
    /// <exception cref="InvalidDataException">The row of an alternative cannot be trusted.</exception>
    public async Task<PackedBytes?> ResultOfAsync(
        StoredChoice stored, RowVersion version, ChoiceStanding standing, bool withDevices, CancellationToken cancellation)
    {
        var key = new Key(version, NameOf(withDevices));
        if (standing.Leader?.Stored is not { } leader) return null;
        if (Find<PackedBytes>(key) is { } known) return known;
        var alternatives = new List<AlternativeAnswer>();
        foreach (var alternative in standing.Alternatives)
        {
            var metrics = alternative.Stored is { } problem ? await MetricsOfAsync(problem, cancellation) : null;
            alternatives.Add(AlternativeAnswer.Of(alternative, standing.Leader, AlternativeEnd.Of(alternative, standing, stored), metrics));
        }

        var solution = await SolutionOfAsync(leader, cancellation);
        return await GetAsync(
            key,
            IsLarge(leader),
            () => Rendered(ScheduleResult.Of(standing, solution!, alternatives) with { Revision = leader.Revision }, withDevices),
            cancellation);
    }

    /// <summary>The choice that is stored, with what is proved of it without a search.</summary>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    public Task<BoundedChoice> ChoiceOfAsync(StoredChoice stored, CancellationToken cancellation) => GetAsync(
        new(stored.Version with { Revision = 0 }, "choice"),
        isLarge: false,
        () => (new BoundedChoice(stored.Read()), (long)stored.Request.Length),
        cancellation);

    /// <summary>The schedule, which there must be, in a format that carries it.</summary>
    /// <param name="stored">The schedule.</param>
    /// <param name="format">The format.</param>
    /// <param name="rank">One device only; null for all.</param>
    /// <param name="name">What a format that shows names calls it; null for nothing.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    public Task<PackedBytes> InstructionsOfAsync(
        StoredSchedule stored, IInstructionFormat format, int? rank, string? name, CancellationToken cancellation) => OfSolutionAsync(
        stored, $"{format.Name}/{format.Version}/{rank}/{(format.ShowsName ? name : "")}",
        solution => Packed(output => format.Write(solution.Timeline.AnsweredUnder(stored.Id).Called(name), rank, output)), cancellation);

    /// <summary>A picture of the schedule, which there must be.</summary>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    public Task<PackedBytes> PictureOfAsync(StoredSchedule stored, Picture picture, CancellationToken cancellation) => OfSolutionAsync(
        stored, $"picture/{picture.Key}",
        solution => Packed(output =>
            GanttPicture.Write(solution.Timeline.AnsweredUnder(stored.Id).Called(picture.Name), picture.View, picture.Figures, output)), cancellation);

    /// <summary>What goes with the stream of the schedule, which there must be, in a format that carries it.</summary>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    public Task<PackedBytes> HeadOfAsync(StoredSchedule stored, IInstructionFormat format, CancellationToken cancellation) => OfSolutionAsync(
        stored, $"head/{format.Name}/{format.Version}",
        solution => Packed(output => StreamHead.Write(solution.Timeline.AnsweredUnder(stored.Id), format, output)), cancellation);

    /// <summary>The critical path of the schedule, which there must be, as a JSON object.</summary>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    public Task<PackedBytes> CriticalPathOfAsync(StoredSchedule stored, CancellationToken cancellation) => OfSolutionAsync(
        stored, "critical path", solution => Packed(output => Write(output, CriticalPathAnswer.Of(solution, stored.Revision))), cancellation);

    /// <summary>Why a format cannot carry the schedule, which there must be; null when it can.</summary>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    public async Task<FormatRefusal?> RefusalOfAsync(StoredSchedule stored, IInstructionFormat format, CancellationToken cancellation) =>
        (await OfSolutionAsync(
            stored, $"refusal/{format.Name}/{format.Version}", solution => (new Verdict(format.WhyNot(solution.Timeline)), BytesOfVerdict), cancellation))
        .Refusal;

    /// <summary>What the schedule costs, replayed and verified; null when there is none of its own.</summary>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    public async Task<ScheduleMetrics?> MetricsOfAsync(StoredSchedule stored, CancellationToken cancellation) => stored.Result.Order is null
        ? null
        : await OfSolutionAsync(stored, "metrics", solution => (solution.Metrics, BytesOfMetrics * stored.Devices), cancellation);

    /// <summary>What the schedule holds and how much of its devices' time it leaves, replayed and verified; null when there is none of its own.</summary>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    public async Task<ScheduleFigures?> FiguresOfAsync(StoredSchedule stored, CancellationToken cancellation) => stored.Result.Order is null
        ? null
        : await OfSolutionAsync(stored, "sums", solution => (ScheduleFigures.Of(solution), BytesOfMetrics), cancellation);

    /// <summary>
    /// What each family makes of a stored problem, which does not change with its search. Made on a lane of its own: it is as costly as quick passes.
    /// </summary>
    public async Task<IReadOnlyList<ComparisonRow>> FamiliesOfAsync(StoredSchedule stored, Problem problem, CancellationToken cancellation)
    {
        var key = new Key(stored.Version with { Revision = 0 }, "families");
        if (Find<IReadOnlyList<ComparisonRow>>(key) is { } known) return known;
        using var turn = await _comparisons.AcquireAsync(cancellationToken: cancellation);
        if (!turn.IsAcquired)
        {
            throw new RequestFault(StatusCodes.Status503ServiceUnavailable, "The server has as many comparisons in hand as it takes.") { RetryAfter = 2 };
        }

        // Its turn lasts until they are made, whoever leaves.
        return await GetAsync(key, isLarge: false, Make, CancellationToken.None);

        (IReadOnlyList<ComparisonRow>, long) Make()
        {
            var rows = Comparison.FamiliesOf(problem);
            return (rows, rows.Count * (BytesOfVerdict + BytesOfMetrics * stored.Devices));
        }
    }

    /// <summary>
    /// The first answer to a problem that nothing is stored of, made once for all who ask soon after each other, on the lane of comparisons; null where that
    /// has as much in hand as it takes.
    /// </summary>
    /// <param name="problem">The problem.</param>
    /// <param name="make">Makes it.</param>
    /// <param name="cancellation">Gives up waiting for the lane.</param>
    public async Task<SearchedAnswer?> FirstOfAsync(Problem problem, Func<Solution> make, CancellationToken cancellation)
    {
        var key = new Key(new RowVersion(problem.Id, default, Revision: 0), "first answer");
        if (Find<SearchedAnswer>(key) is { } known) return known;
        using var turn = await _comparisons.AcquireAsync(cancellationToken: cancellation);
        return turn.IsAcquired ? await GetAsync(key, isLarge: false, () => (SearchedAnswer.Of(make()), BytesOfVerdict), CancellationToken.None) : null;
    }

    /// <summary>The schedule, replayed and verified; null when there is none of its own.</summary>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    public async Task<Solution?> SolutionOfAsync(StoredSchedule stored, CancellationToken cancellation) =>
        stored.Result.Order is null ? null : await GetAsync(new(stored.Version, "solution"), IsLarge(stored), () =>
        {
            var solution = stored.ReadSolution() ?? throw new InvalidDataException("The row misses a part of its result.");
            return (solution, (long)solution.Timeline.Graph.Count * BytesOfOperation);
        }, cancellation);

    public void Dispose()
    {
        _entries.Dispose();
        _turns.Dispose();
        _comparisons.Dispose();
    }

    private static bool IsLarge(StoredSchedule stored) => stored.Result.Order is { Length: > LargeOrder };

    private static string NameOf(bool withDevices) => withDevices ? "result" : "figures";

    private static (PackedBytes, long) Rendered(ScheduleResult result, bool withDevices) =>
        Packed(output => Write(output, withDevices ? result : result with { Devices = null }));

    private static void Write<T>(IBufferWriter<byte> output, T answer)
    {
        using var writer = new Utf8JsonWriter(output);
        JsonSerializer.Serialize(writer, answer, AnswerJson.Options);
    }

    private static (PackedBytes, long) Packed(Action<IBufferWriter<byte>> write)
    {
        var bytes = PackedBytes.Of(write);
        return (bytes, bytes.Held);
    }

    /// <summary>What is made of a schedule, which there must be: it is rebuilt only where that is not there already.</summary>
    private async Task<T> OfSolutionAsync<T>(StoredSchedule stored, string what, Func<Solution, (T Value, long Bytes)> create, CancellationToken cancellation)
        where T : class
    {
        var key = new Key(stored.Version, what);
        if (Find<T>(key) is { } known) return known;
        var solution = await SolutionOfAsync(stored, cancellation);
        return await GetAsync(key, IsLarge(stored), () => create(solution!), cancellation);
    }

    private async Task<T> GetAsync<T>(Key key, bool isLarge, Func<(T Value, long Bytes)> create, CancellationToken cancellation)
        where T : class
    {
        if (Find<T>(key) is { } known) return known;
        // Many requests for one schedule build it once and wait for that, even where the first of them has left.
        var creation = _creating.GetOrAdd(key, _ => new Lazy<Task<object>>(() => Task.Run(() => CreateAsync(key, isLarge, create))));
        return (T)await creation.Value.WaitAsync(cancellation);
    }

    private async Task<object> CreateAsync<T>(Key key, bool isLarge, Func<(T Value, long Bytes)> create)
        where T : class
    {
        try
        {
            using var turn = isLarge ? await _turns.AcquireAsync() : null;
            if (turn is { IsAcquired: false })
            {
                throw new RequestFault(StatusCodes.Status503ServiceUnavailable, "The server has as many large schedules in hand as it takes.")
                {
                    RetryAfter = 2,
                };
            }

            // A creation that ended after the caller's own look has left it here.
            if (Find<T>(key) is { } known) return known;
            var (value, bytes) = create();
            Keep(key, value, bytes);
            return value;
        }
        finally
        {
            _creating.TryRemove(key, out _);
        }
    }

    private T? Find<T>(Key key)
        where T : class =>
        _entries.TryGetValue(key, out T? kept) ? kept
        : _used.TryGetValue(key, out var used) && used.TryGetTarget(out var value) ? (T)value
        : null;

    private void Keep(Key key, object value, long bytes)
    {
        var fits = bytes <= settings.Value.MaxBytes;
        if (fits) _entries.Set(key, value, new MemoryCacheEntryOptions { Size = bytes, SlidingExpiration = TimeSpan.FromMinutes(10) });
        // The cache may drop what fits as soon as something else is asked for.
        if (fits && bytes < LeastShared) return;
        foreach (var (old, unused) in _used.Where(entry => !entry.Value.TryGetTarget(out _))) _used.TryRemove(KeyValuePair.Create(old, unused));
        _used[key] = new WeakReference<object>(value);
    }

    private readonly record struct Key(RowVersion Version, string What);

    private sealed record Verdict(FormatRefusal? Refusal);
}
