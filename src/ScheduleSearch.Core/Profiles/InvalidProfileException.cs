namespace ScheduleSearch.Core.Profiles;

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
