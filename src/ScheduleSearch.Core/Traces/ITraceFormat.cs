using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Traces;

/// <summary>A way in which runs are recorded.</summary>
public interface ITraceFormat
{
    /// <summary>Its name, in lower case with hyphens.</summary>
    string Name { get; }

    /// <summary>What it is and where it comes from, in a sentence or two.</summary>
    string Description { get; }

    /// <summary>Whether a file is of it. Cost: at most linear in the file.</summary>
    bool IsOf(TraceFile file);

    /// <summary>Reads the files of a run, all of which are of it.</summary>
    /// <param name="request">The files, at least one, and what they leave open.</param>
    /// <param name="errors">Where every offending member is added.</param>
    /// <returns>The run; null when something is wrong, with errors.</returns>
    Trace? Read(ImportRequest request, List<ProfileError> errors);
}
