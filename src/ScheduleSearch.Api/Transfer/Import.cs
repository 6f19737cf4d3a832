using System.Text.Json;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Transfer;

/// <summary>
/// Takes schedules from a file. Nothing that a file says is believed: problems and ids are made anew, orders are replayed and verified, families make their own
/// schedule, and bounds are those that need no search. What cannot be checked, the bound of a search and the time that it took, is taken from a file that the
/// server's own people vouch for.
/// </summary>
internal sealed class Import(GivenSchedules store, ScheduleStore schedules, IOptions<LimitSettings> limits)
{
    /// <summary>Reads a file to its end.</summary>
    /// <param name="input">The lines.</param>
    /// <param name="isTrusted">Whether bounds and spent time count too.</param>
    /// <param name="cancellation">Stops between two lines.</param>
    /// <exception cref="InvalidDataException">It is not a file of lines.</exception>
    public async Task<ImportReport> ReadAsync(Stream input, bool isTrusted, CancellationToken cancellation)
    {
        var (report, number) = (new ImportReport(), 0);
        await foreach (var line in BoundedLines.ReadAsync(input, cancellation))
        {
            number++;
            if (line.IsEmpty) continue;
            try
            {
                var json = new Utf8JsonReader(line);
                var given = JsonSerializer.Deserialize<TransferLine>(ref json, TransferLine.Options) ?? throw new JsonException("It is null.");
                report.Count(await TakeAsync(given, isTrusted, cancellation));
            }
            catch (Exception exception) when (exception is JsonException or InvalidDataException or InvalidProfileException or ContradictionException
                or DeadlockException)
            {
                report.Reject(number, exception.Message.ReplaceLineEndings(" "));
            }
        }

        return report;
    }

    private Task<GivenOutcome> TakeAsync(TransferLine line, bool isTrusted, CancellationToken cancellation)
    {
        if (line.Version != TransferLine.Present) throw new InvalidDataException($"It is of version {line.Version}; this server reads {TransferLine.Present}.");
        var spent = isTrusted && line is { SpentSeconds: >= 0, SpentWork: >= 0, SolveSeconds: >= 0 }
            ? new Spending(line.SpentSeconds, line.SpentWork, line.SolveSeconds)
            : default;
        var submission = SubmissionJson.Read(line.Request.GetRawText(), SubmissionOf);
        if (line.IsOwn == true) submission = OwnOf(submission, line);
        if (submission.Id != line.Id) throw new InvalidDataException("Its id is not that of what was submitted.");
        return submission.Asked is { } asked
            ? store.PutAsync(submission, SolutionOf(asked, line, isTrusted), spent, cancellation)
            : TakeChoiceAsync(submission, spent, cancellation);
    }

    private Submission SubmissionOf(Profile profile, SolveOptions options)
    {
        if (PlacementChoice.IsOne(profile))
            return Submission.Of(CarriedChoice.Create(profile, options, limits.Value.OfProblems()));
        var asked = AskedSchedule.Create(profile, options, limits.Value.OfProblems());
        return AskedFamily.Refusal(asked) is { } refusal ? throw new InvalidProfileException([refusal]) : Submission.Of(asked);
    }

    /// <summary>An own order of what is submitted, as it will be stored: its id is of that.</summary>
    private static Submission OwnOf(Submission submission, TransferLine line)
    {
        if (submission.Asked is not { IsSearched: true } asked || line.Order is not { Length: > 0 } order)
            throw new InvalidDataException("It is an own order of nothing that can be ordered.");
        var stored = OrderCodec.Encode(OrderCodec.Decode(asked.Problem, order));
        return Submission.Of(AskedSchedule.OfOrder(asked.Problem, OrderCodec.DigestOf(stored)));
    }

    private static Solution SolutionOf(AskedSchedule asked, TransferLine line, bool isTrusted)
    {
        if (asked.Family is not null)
        {
            AskedFamily.CheckMemory(asked);
            return QuickPass.Solve(asked);
        }

        if (line is not { Order: { Length: > 0 } order, Method: { } method, BoundTicks: { } ticks, BoundName: { } name })
            throw new InvalidDataException("It misses a part of its result.");
        if (!IsName(method) || !IsName(name)) throw new InvalidDataException("Its method or bound has no name of this service's kind.");
        var solution = Solution.Verified(OrderCodec.Decode(asked.Problem, order), method, BoundCatalogue.Best(asked.Problem));
        return isTrusted ? solution.WithBound(new ProvedBound(ticks, name)) : solution;
    }

    /// <summary>A choice is answered by its alternatives, which stand before it in a file.</summary>
    private async Task<GivenOutcome> TakeChoiceAsync(Submission submission, Spending spent, CancellationToken cancellation)
    {
        var choice = CarriedChoice.Create(submission.Profile, submission.Options, ProblemLimits.None);
        var standing = await ChoiceStanding.ReadAsync(schedules, new BoundedChoice(choice), cancellation);
        var result = StoredResult.Of(standing) ?? throw new InvalidDataException("None of the placements that it may choose from is stored.");
        return await store.AddChoiceAsync(submission, result, spent, cancellation);
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= 64 && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_' or ' ' or '+');
}
