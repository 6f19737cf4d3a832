using System.Text.Json;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Callbacks;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>Reads the bodies of requests into problems, within the server's limits.</summary>
internal sealed class RequestReader(RequestBody body, IOptions<LimitSettings> limits, CallbackPolicy callbacks)
{
    private const string OptionsPath = "$.options";
    private const string ShapePath = "$.profile.pipeline";
    private const string CallbackPath = "$.callback";
    private const string Requests = "requests";

    private static readonly ProfileError BareProfile = new(
        "$.profile", "Is missing, and the body itself looks like a profile: put it under profile, as in { \"profile\": { ... }, \"options\": { ... } }.");

    private static readonly ProfileError NoiseOfSolve = new(
        "$.options.noise", "Is what solve alone searches under: leave it out; POST /schedules/{id}/evaluate replays a stored schedule with noise.");

    /// <summary>Errors of a batch beyond this many are not collected.</summary>
    private const int MostErrors = 1000;

    /// <summary>What only the other forms of verify's body have.</summary>
    private static readonly string[] NotOfLists = ["id", ClaimedOrder.Csv], NotOfCsv = ["id", ClaimedOrder.Lists],
        NotOfStored = ["profile", "options", ClaimedOrder.Lists, ClaimedOrder.Csv, VerifyQuestion.StoreName];

    /// <summary>A problem, or a choice of its placement, what may be spent on it, and whom to tell of the end.</summary>
    /// <exception cref="InvalidProfileException">Members are wrong; all of them are named.</exception>
    public async Task<SubmittedRequest> ReadSolveAsync(HttpContext context)
    {
        using var document = await body.ReadAsync(context, JsonRoom.OfProfile(limits.Value.OfProblems()));
        return ReadSolve(document.Root);
    }

    /// <summary>Many of what solve takes: a list, or an object with a list of <c>requests</c>.</summary>
    /// <exception cref="InvalidProfileException">Members are wrong; all of them are named.</exception>
    public async Task<IReadOnlyList<SubmittedRequest>> ReadBatchAsync(HttpContext context)
    {
        using var document = await body.ReadAsync(context, JsonRoom.OfBatch(limits.Value.OfProblems(), limits.Value.MaxBatchRequests));
        var (errors, root) = (new List<ProfileError>(), document.Root);
        var (list, path) = root.ValueKind == JsonValueKind.Array ? (root, "$") : (ListOf(root, errors), $"$.{Requests}");
        if (errors.Count > 0) throw new InvalidProfileException(errors);
        var length = list.GetArrayLength();
        if (length == 0) throw new InvalidProfileException([new ProfileError(path, "Is empty; send at least one request.")]);
        if (length > limits.Value.MaxBatchRequests)
        {
            var message = $"Has {length} requests; this server takes at most {limits.Value.MaxBatchRequests} in a batch.";
            throw new InvalidProfileException([new ProfileError(path, message, ProfileErrorKind.Impossible)]);
        }

        var read = new List<SubmittedRequest>(length);
        foreach (var (index, element) in list.EnumerateArray().Index())
        {
            try
            {
                read.Add(ReadSolve(element));
            }
            catch (InvalidProfileException invalid)
            {
                errors.AddRange(invalid.Errors.Select(error => error with { Path = $"{path}[{index}]{error.Path[1..]}" }).Take(MostErrors - errors.Count));
            }
        }

        return errors.Count == 0 ? read : throw new InvalidProfileException(errors);
    }

    /// <summary>As <see cref="ReadSolveAsync"/>, for all families: one that is asked for by name does not count.</summary>
    /// <exception cref="InvalidProfileException">Members are wrong; all of them are named.</exception>
    public async Task<(Problem Problem, SolveOptions Options)> ReadCompareAsync(HttpContext context)
    {
        using var document = await body.ReadAsync(context, JsonRoom.OfProfile(limits.Value.OfProblems()));
        return Read(document.Root, isSolve: false, (_, _) => true, CreateCompared);
    }

    /// <summary>A profile and options as solve takes them, but for noise, what the body has beside them, and what is made of them.</summary>
    /// <param name="context">The request.</param>
    /// <param name="readMore">Reads what else the body has, and says whether it is right.</param>
    /// <param name="create">Makes it of the profile and the options, no larger than the limits say.</param>
    /// <exception cref="InvalidProfileException">Members are wrong; all of them are named.</exception>
    public async Task<(T Asked, SolveOptions Options)> ReadAsync<T>(
        HttpContext context, Func<JsonMembers, List<ProfileError>, bool> readMore, Func<Profile, SolveOptions, ProblemLimits, T> create)
        where T : class
    {
        var most = limits.Value.OfProblems();
        using var document = await body.ReadAsync(context, JsonRoom.OfProfile(most));
        return Read(document.Root, isSolve: false, readMore, (profile, options) => create(profile, options, most), isChoice: true);
    }

    /// <summary>What verify is asked for: an order of somebody's, or one that is stored.</summary>
    /// <returns>The question, which holds the share of the room for bodies until it is disposed of.</returns>
    /// <exception cref="InvalidProfileException">Members are wrong; all of them are named.</exception>
    public async Task<VerifyQuestion> ReadVerifyAsync(HttpContext context)
    {
        using var document = await body.ReadAsync(context, JsonRoom.OfOrder(limits.Value.OfProblems()));
        var errors = new List<ProfileError>();
        var root = new JsonValue(document.Root, "$", errors);
        if (root.Has("id"))
        {
            var id = root.Members(members =>
            {
                members.LeaveOut(NotOfStored);
                return members.Required("id")?.Text(ScheduleId.Length);
            });
            return errors.Count == 0 ? new VerifyQuestion(document.KeepShare()) { Id = id } : throw new InvalidProfileException(errors);
        }

        var (order, store) = ReadOrder(document.Root, root.Has(ClaimedOrder.Csv));
        return new VerifyQuestion(document.KeepShare())
        {
            Order = order,
            Store = store,
        };
    }

    private static JsonElement ListOf(JsonElement root, List<ProfileError> errors)
    {
        _ = new JsonValue(root, "$", errors).Members(members => members.Required(Requests)?.Each<bool>(_ => true));
        return errors.Count == 0 ? root.GetProperty(Requests) : default;
    }

    /// <summary>As <see cref="ReadSolveAsync"/>, of what has been read already.</summary>
    /// <exception cref="InvalidProfileException">Members are wrong; all of them are named.</exception>
    public SubmittedRequest ReadSolve(JsonElement root)
    {
        CallbackRequest? callback = null;
        var (submission, options) = Read(
            root,
            isSolve: true,
            (members, errors) =>
            {
                callback = members.Optional("callback") is { } given ? callbacks.Read(given, CallbackPath, errors) : null;
                return true;
            },
            CreateSubmission);
        return new SubmittedRequest(submission, options, callback);
    }

    /// <summary>What a request leaves open without saying so is left open here, where there is a search that may choose.</summary>
    private Submission CreateSubmission(Profile profile, SolveOptions options)
    {
        var opened = FeatureCatalogue.Default.Opened(profile, CarriedChoice.Narrowed(options));
        return PlacementChoice.IsOne(opened) ? Submission.Of(CreateChoice(opened, options)) : Submission.Of(CreateAsked(opened, options));
    }

    private (ClaimedOrder Order, bool? Store) ReadOrder(JsonElement root, bool isCsv)
    {
        ClaimedOperation[][]? devices = null;
        bool? store = null;
        var (problem, _) = Read(
            root,
            isSolve: false,
            (members, errors) =>
            {
                members.LeaveOut(isCsv ? NotOfCsv : NotOfLists);
                store = members.Optional(VerifyQuestion.StoreName)?.Flag();
                devices = isCsv
                    ? ClaimedOrder.ReadCsv(members.Required(ClaimedOrder.Csv)!.Value, limits.Value.MaxDevices, limits.Value.MaxOperations, errors)
                    : ClaimedOperation.ReadDevices(members.Required(ClaimedOrder.Lists));
                return devices is not null;
            },
            CreateProblem);
        return (new ClaimedOrder(problem, devices!, isCsv ? ClaimedOrder.Csv : ClaimedOrder.Lists).Checked(), store);
    }

    /// <param name="root">The body.</param>
    /// <param name="isSolve">Whether solve is asked: no other search is under noise.</param>
    /// <param name="readMore">Reads what the body has beside the profile and the options, and says whether it is right.</param>
    /// <param name="create">Makes what is asked for of both.</param>
    /// <param name="isChoice">Whether what the answer is chosen from counts, as it does for solve.</param>
    private (T Asked, SolveOptions Options) Read<T>(
        JsonElement root, bool isSolve, Func<JsonMembers, List<ProfileError>, bool> readMore, Func<Profile, SolveOptions, T> create, bool isChoice = false)
        where T : class
    {
        var errors = new List<ProfileError>();
        var whole = new JsonValue(root, "$", errors);
        if (!whole.Has("profile") && whole.Has("pipeline") && whole.Has("times")) throw new InvalidProfileException([BareProfile]);
        var request = whole.Members(members =>
        {
            var profile = members.Required("profile") is { } given ? ProfileJson.ReadProfile(given) : null;
            var options = members.Optional("options") is { } wanted ? ProfileJson.ReadOptions(wanted) : new SolveOptions();
            if (!isSolve && options is not null)
            {
                if (options.Noise is not null) errors.Add(NoiseOfSolve);
                options = options with { Noise = null, Statistic = null };
                if (!isChoice) options = options with { Family = null, Formats = null, Placements = null };
            }

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
        var asked = AskedSchedule.Create(profile, CarriedChoice.Narrowed(options), limits.Value.OfProblems());
        CarriedChoice.Check(asked.Problem, options);
        var refusal = AskedFamily.Refusal(asked) ?? AskedFamily.Refusal(asked, CarriedChoice.RuntimeOf(options));
        return refusal is { } reason ? throw new InvalidProfileException([reason]) : asked;
    }

    private Problem CreateCompared(Profile profile, SolveOptions options)
    {
        var problem = CreateProblem(profile, CarriedChoice.Narrowed(options));
        CarriedChoice.Check(problem, options);
        return problem;
    }

    private PlacementChoice CreateChoice(Profile profile, SolveOptions options)
    {
        var choice = CarriedChoice.Create(profile, CarriedChoice.Narrowed(options), limits.Value.OfProblems());
        return AskedFamily.Refusal(options, choice) is { } refusal ? throw new InvalidProfileException([refusal]) : choice;
    }

    /// <summary>Adds an error for each budget that is larger than this server takes.</summary>
    public void CheckBudget(SolveOptions options, List<ProfileError> errors)
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
