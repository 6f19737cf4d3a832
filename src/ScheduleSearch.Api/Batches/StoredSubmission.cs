using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Batches;

/// <summary>What a request of a batch asks for.</summary>
internal static class StoredSubmission
{
    /// <exception cref="InvalidDataException">The row does not hold what its id says.</exception>
    public static Submission Read(BatchItemRow item)
    {
        // What was accepted once stays solvable when the server's limits are lowered.
        var submission = SubmissionJson.Read(
            item.Request ?? throw new InvalidDataException("What was asked for is missing."),
            (profile, options) => PlacementChoice.IsOne(profile)
                ? Submission.Of(CarriedChoice.Create(profile, options, ProblemLimits.None))
                : Submission.Of(AskedSchedule.Create(profile, options, ProblemLimits.None)));
        return submission.Id == item.ScheduleId ? submission : throw new InvalidDataException("What was asked for is another problem.");
    }
}
