using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Transfer;

/// <summary>What became of the lines of a file.</summary>
internal sealed class ImportReport
{
    private readonly List<string> _rejections = [];

    /// <summary>Schedules that were not there before.</summary>
    public int Added { get; private set; }

    /// <summary>Schedules that are better than what was there.</summary>
    public int Improved { get; private set; }

    /// <summary>Schedules that are no better than what is there, or whose search goes on.</summary>
    public int Left { get; private set; }

    /// <summary>Why lines were refused, each with its number.</summary>
    public IReadOnlyList<string> Rejections => _rejections;

    public void Count(GivenOutcome outcome)
    {
        if (outcome == GivenOutcome.Added) Added++;
        else if (outcome == GivenOutcome.Improved) Improved++;
        else Left++;
    }

    public void Reject(int line, string reason) => _rejections.Add($"Line {line}: {reason}");
}
