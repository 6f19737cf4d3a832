using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Storage;

/// <summary>A problem in the table, or somebody's own order of one.</summary>
internal sealed class StoredProblem(ScheduleRow row) : StoredSchedule(row)
{
    /// <summary>The problem, and whether it is searched, or a family or an own order answers it.</summary>
    /// <exception cref="InvalidDataException">The row does not hold the problem, or the order, of its id.</exception>
    public AskedSchedule Read()
    {
        // What was accepted once stays solvable when the server's limits are lowered.
        var asked = SubmissionJson.Read(Request, (profile, options) => AskedSchedule.Create(profile, options, ProblemLimits.None));
        if (IsOwn) asked = AskedSchedule.OfOrder(asked.Problem, OrderCodec.DigestOf(Result.Order ?? []));
        return asked.Id == Id ? asked : throw new InvalidDataException("What was submitted is another problem.");
    }

    /// <summary>The schedule of the problem, replayed and verified; null when there is none yet.</summary>
    /// <exception cref="InvalidDataException">The stored schedule is invalid or not worth what the row says.</exception>
    public Solution? ReadSolution(Problem problem)
    {
        if (Result is not { Order: { } order, Method: { } method, BoundName: { } boundName, BoundTicks: { } bound }) return null;
        try
        {
            var solution = Solution.Verified(OrderCodec.Decode(problem, order), method, new ProvedBound(bound, boundName));
            return Result.ObjectiveTicks is { } ticks && solution.IsWorth(ticks)
                ? solution
                : throw new InvalidDataException($"The stored schedule takes {solution.Objective} ticks, not {Result.ObjectiveTicks}.");
        }
        catch (Exception exception) when (exception is ContradictionException or DeadlockException)
        {
            throw new InvalidDataException("The stored schedule is invalid.", exception);
        }
    }

    /// <summary>Takes over what a search found.</summary>
    public void Take(Solution solution) => Result = StoredResult.Of(solution);

    /// <inheritdoc/>
    public override T Match<T>(Func<StoredProblem, T> problem, Func<StoredChoice, T> choice) => problem(this);

    /// <inheritdoc/>
    public override Submission ReadSubmission() => Submission.Of(Read());

    /// <inheritdoc/>
    public override Solution? ReadSolution() => ReadSolution(Read().Problem);
}
