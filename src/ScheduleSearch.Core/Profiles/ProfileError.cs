namespace ScheduleSearch.Core.Profiles;

/// <summary>What kind of fault a request has.</summary>
public enum ProfileErrorKind
{
    /// <summary>Wrong JSON, type, shape or range: the request says nothing that could be solved.</summary>
    Malformed,

    /// <summary>Well formed, but no schedule can exist, or a condition or a limit of the server is broken.</summary>
    Impossible,
}

/// <summary>One offending member of a request.</summary>
/// <param name="Path">JSON path of the member, such as <c>$.profile.times.forward[3]</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
/// <param name="Kind">Whether the member is malformed or asks for the impossible.</param>
public readonly record struct ProfileError(string Path, string Message, ProfileErrorKind Kind = ProfileErrorKind.Malformed);

/// <summary>A request that cannot be solved, with every offending member.</summary>
public sealed class InvalidProfileException : Exception
{
    /// <summary>Collects the offending members; there is at least one.</summary>
    public InvalidProfileException(IReadOnlyList<ProfileError> errors)
        : base(string.Join(" ", errors.Select(error => $"{error.Path}: {error.Message}"))) => Errors = errors;

    /// <summary>The offending members, in the order of the request.</summary>
    public IReadOnlyList<ProfileError> Errors { get; }

    /// <summary>Malformed as soon as one member is, otherwise impossible.</summary>
    public ProfileErrorKind Kind => Errors.Min(error => error.Kind);
}
