using System.Text.Json;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Callbacks;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>Reads the bodies of requests into problems, within the server's limits.</summary>
internal sealed class RequestReader(IOptions<LimitSettings> limits, CallbackPolicy callbacks)
{
    private const string OptionsPath = "$.options";
    private const string ShapePath = "$.profile.pipeline";
    private const string CallbackPath = "$.callback";

    /// <summary>A problem, or a choice of its placement, what may be spent on it, and whom to tell of the end.</summary>
    /// <exception cref="InvalidProfileException">Members are wrong; all of them are named.</exception>
    public async Task<(Submission Submission, SolveOptions Options, CallbackRequest? Callback)> ReadSolveAsync(HttpContext context)
    {
        using var document = await RequestBody.ReadAsync(context.Request, limits.Value.MaxBodyBytes, context.RequestAborted);
        CallbackRequest? callback = null;
        var (submission, options) = Read(
            document.RootElement,
            isSolve: true,
            (members, errors) =>
            {
                callback = members.Optional("callback") is { } given ? callbacks.Read(given, CallbackPath, errors) : null;
                return true;
            },
            (profile, options) => PlacementChoice.IsOne(profile)
                ? Submission.Of(CreateChoice(profile, options))
                : Submission.Of(CreateAsked(profile, options)));
        return (submission, options, callback);
    }

    /// <summary>As <see cref="ReadSolveAsync"/>, for all families: one that is asked for by name does not count.</summary>
    /// <exception cref="InvalidProfileException">Members are wrong; all of them are named.</exception>
    public async Task<(Problem Problem, SolveOptions Options)> ReadCompareAsync(HttpContext context)
    {
        using var document = await RequestBody.ReadAsync(context.Request, limits.Value.MaxBodyBytes, context.RequestAborted);
        return Read(document.RootElement, isSolve: false, (_, _) => true, CreateProblem);
    }

    /// <summary>A problem and somebody's order of its operations.</summary>
    /// <exception cref="InvalidProfileException">Members are wrong; all of them are named.</exception>
    public async Task<(Problem Problem, ClaimedOperation[][] Devices)> ReadVerifyAsync(HttpContext context)
    {
        using var document = await RequestBody.ReadAsync(context.Request, limits.Value.MaxBodyBytes, context.RequestAborted);
        ClaimedOperation[][]? devices = null;
        var (problem, _) = Read(
            document.RootElement,
            isSolve: false,
            (members, _) => (devices = ClaimedOperation.ReadDevices(members.Required("devices"))) is not null,
            CreateProblem);
        return (problem, devices!);
    }

    private (T Asked, SolveOptions Options) Read<T>(
        JsonElement root, bool isSolve, Func<JsonMembers, List<ProfileError>, bool> readMore, Func<Profile, SolveOptions, T> create)
        where T : class
    {
        var errors = new List<ProfileError>();
        var request = new JsonValue(root, "$", errors).Members(members =>
        {
            var profile = members.Required("profile") is { } given ? ProfileJson.ReadProfile(given) : null;
            var options = members.Optional("options") is { } wanted ? ProfileJson.ReadOptions(wanted) : new SolveOptions();
            if (!isSolve && options is not null) options = options with { Family = null };
            return readMore(members, errors) && profile is not null && options is not null ? new CompareRequest(profile, options) : null;
        });
        if (request?.Options is not { } asked) throw new InvalidProfileException(errors);
        return (Create(request.Profile, asked, create, errors), asked);
    }

    private T Create<T>(Profile profile, SolveOptions options, Func<Profile, SolveOptions, T> create, List<ProfileError> errors)
        where T : class
    {
        // Values cannot be judged against a shape that could not be read.
        if (errors.Exists(error => error.Path.StartsWith(ShapePath, StringComparison.Ordinal))) throw new InvalidProfileException(errors);
        T? created = null;
        try
        {
            created = create(profile, options);
        }
        catch (InvalidProfileException invalid)
        {
            // A member that could not be read is judged by its default: what follows from that is not said.
            var read = errors.ConvertAll(error => error.Path);
            errors.AddRange(invalid.Errors.Where(error => !read.Exists(path => path.StartsWith(error.Path, StringComparison.Ordinal))));
        }

        CheckBudget(options, errors);
        return created is not null && errors.Count == 0 ? created : throw new InvalidProfileException(errors);
    }

    private Problem CreateProblem(Profile profile, SolveOptions options) =>
        Problem.Create(profile, options.Objective, options.SplitBackward, limits.Value.OfProblems());

    private AskedSchedule CreateAsked(Profile profile, SolveOptions options)
    {
        var asked = AskedSchedule.Create(profile, options, limits.Value.OfProblems());
        return AskedFamily.Refusal(asked) is { } refusal ? throw new InvalidProfileException([refusal]) : asked;
    }

    private PlacementChoice CreateChoice(Profile profile, SolveOptions options)
    {
        var choice = PlacementChoice.Create(profile, options.Objective, options.SplitBackward, limits.Value.OfProblems());
        return AskedFamily.Refusal(options) is { } refusal ? throw new InvalidProfileException([refusal]) : choice;
    }

    private void CheckBudget(SolveOptions options, List<ProfileError> errors)
    {
        if (options.TimeLimitSeconds > limits.Value.MaxTimeLimitSeconds)
        {
            errors.Add(new($"{OptionsPath}.timeLimitSeconds",
                $"Is {options.TimeLimitSeconds}; this server takes at most {limits.Value.MaxTimeLimitSeconds}.", ProfileErrorKind.Impossible));
        }

        if (options.WorkLimit > limits.Value.MaxWorkLimit)
        {
            errors.Add(new($"{OptionsPath}.workLimit",
                $"Is {options.WorkLimit}; this server takes at most {limits.Value.MaxWorkLimit}.", ProfileErrorKind.Impossible));
        }
    }
}
