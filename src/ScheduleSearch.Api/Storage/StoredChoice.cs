using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Storage;

/// <summary>The choice of a placement in the table. Its figures are those of the alternative that leads; the schedules are the alternatives' own.</summary>
internal sealed class StoredChoice(ScheduleRow row) : StoredSchedule(row)
{
    /// <summary>The choice.</summary>
    /// <exception cref="InvalidDataException">The row does not hold the choice of its id.</exception>
    public PlacementChoice Read()
    {
        var choice = SubmissionJson.Read(
            Request, (profile, options) => CarriedChoice.Create(profile, options, ProblemLimits.None));
        return choice.Id == Id ? choice : throw new InvalidDataException("What was submitted is another choice.");
    }

    /// <summary>Takes over where the alternatives stand.</summary>
    public void Take(ChoiceStanding standing) => Result = StoredResult.Of(standing) ?? Result;

    /// <inheritdoc/>
    public override T Match<T>(Func<StoredProblem, T> problem, Func<StoredChoice, T> choice) => choice(this);

    /// <inheritdoc/>
    public override Submission ReadSubmission() => Submission.Of(Read());

    /// <inheritdoc/>
    public override Solution? ReadSolution() => null;
}
