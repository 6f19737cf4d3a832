using System.Text.Json;
using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Requests;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Estimates.Json;

/// <summary>The JSON form of requests for estimates. Reading is strict, but for a Hugging Face configuration, and names every offending member.</summary>
public static class EstimateJson
{
    /// <summary>Most sequences of a microbatch.</summary>
    internal const int MostMicrobatch = 65_536;

    /// <summary>Most devices that share a sequence.</summary>
    internal const int MostContext = 1024;

    private const string Config = "config";

    private const int LongestName = 200, MostTensor = 1024, MostExpert = 4096, MostData = 65_536, MostParts = 64, MostMaterialized = 65_536;

    private static readonly Dictionary<string, string> NamesOfConfig = new()
    {
        ["heads"] = "num_attention_heads",
        ["keyValueHeads"] = "num_key_value_heads",
        ["experts.topK"] = "num_experts_per_tok",
    };

    /// <summary>The request in a document.</summary>
    /// <param name="root">The document.</param>
    /// <param name="limits">How large its pipeline may be.</param>
    /// <exception cref="InvalidProfileException">Members are wrong; all of them are named.</exception>
    public static EstimateRequest Read(JsonElement root, ProblemLimits limits)
    {
        var errors = new List<ProfileError>();
        var value = new JsonValue(root, "$", errors);
        var request = value.Members(members => Read(members, value.Has(Config), isPlanned: false));
        if (request is null || errors.Count > 0) throw new InvalidProfileException(errors);
        CheckOf(request, limits, value, errors).Run();
        return errors.Count == 0 ? request : throw new InvalidProfileException(errors);
    }

    /// <summary>The request that a plan is made of, without the sizes that vary: 1 stands for each of them.</summary>
    /// <param name="value">The request.</param>
    /// <returns>Null where a member is wrong, with an error.</returns>
    internal static EstimateRequest? ReadPlanned(JsonValue value) => value.Members(members => Read(members, value.Has(Config), isPlanned: true));

    /// <summary>Finds what does not go together in a request that was read.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limits">How large its pipeline may be.</param>
    /// <param name="value">The request as it was read.</param>
    /// <param name="errors">Where errors are added.</param>
    internal static RequestCheck CheckOf(EstimateRequest request, ProblemLimits limits, JsonValue value, List<ProfileError> errors) =>
        new(request, limits, name => value.Has(Config) ? $"{Config}['{NamesOfConfig[name]}']" : $"model.{name}", errors);

    private static EstimateRequest? Read(JsonMembers members, bool isConfig, bool isPlanned)
    {
        members.LeaveOut([isConfig ? "model" : Config]);
        var model = isConfig
            ? members.Required(Config)?.Members(HuggingFaceConfig.Read)
            : members.Required("model")?.Members(ModelSizesJson.Read);
        var name = members.Optional("name")?.Text(LongestName);
        var sequence = members.Size(SizeMembers.MostWide, "sequence");
        var device = members.Required("device") is { } given ? DeviceJson.Read(given) : null;
        var pipeline = isPlanned ? new() { Devices = 1, Microbatches = 1 } : members.Required(CoreSections.Pipeline.Name)?.Members(CoreSections.Pipeline.Read);
        var optimizer = members.Optional("optimizer") is { } asked ? asked.Members(ReadOptimizer) : new OptimizerOptions();
        var moe = members.Optional("moe") is { } experts ? experts.Members(ReadExperts) : new ExpertOptions();
        int Parts(string member, int most) => (int)(members.SizeOr(1, 1, most, member) ?? 1);
        var (expert, context) = (Parts("expertParallel", MostExpert), Parts("contextParallel", MostContext));
        var (batch, tensor, data) = isPlanned
            ? (1, 1, 1)
            : (Parts("microbatchSize", MostMicrobatch), Parts("tensorParallel", MostTensor), Parts("dataParallel", MostData));
        var shares = members.FlagOr("sequenceParallel", otherwise: true);
        var (dtype, attention) = (members.WordOr("dtype", NumberType.Bf16), members.WordOr("attention", AttentionKernel.Flash));
        var recompute = members.WordOr("recompute", Recomputation.None);
        return model is null || sequence is null || device is null || pipeline is null || optimizer is null || moe is null ? null : new()
        {
            Name = name,
            Model = model,
            Sequence = sequence.Value,
            MicrobatchSize = batch,
            TensorParallel = tensor,
            ExpertParallel = expert,
            ContextParallel = context,
            DataParallel = data,
            SequenceParallel = shares ?? true,
            Dtype = dtype ?? NumberType.Bf16,
            Optimizer = optimizer,
            Attention = attention ?? AttentionKernel.Flash,
            Recompute = recompute ?? Recomputation.None,
            Moe = moe,
            Device = device,
            Pipeline = pipeline,
        };
    }

    private static OptimizerOptions ReadOptimizer(JsonMembers members) => new()
    {
        Name = members.WordOr("name", OptimizerKind.Adam) ?? OptimizerKind.Adam,
        Sharding = members.WordOr("sharding", StateSharding.None) ?? StateSharding.None,
        GradientBytes = members.Optional("gradientBytes") is { } bytes ? bytes.OneOfNumbers([1, 2, 4, 8]) ?? 1 : 4,
    };

    private static ExpertOptions ReadExperts(JsonMembers members) => new()
    {
        CapacityFactor = (decimal)(members.Optional("capacityFactor")?.Number(0.1, above: false, 100, "a number from 0.1 to 100") ?? 1),
        Dispatch = members.WordOr("dispatch", ExpertDispatch.AllToAll) ?? ExpertDispatch.AllToAll,
        OverlapDegree = (int)(members.SizeOr(1, 1, MostParts, "overlapDegree") ?? 1),
        Materialized = (int)(members.SizeOr(0, 0, MostMaterialized, "materialized") ?? 0),
    };

    private static int? OneOfNumbers(this JsonValue value, int[] numbers)
    {
        if (value.Whole(numbers[0], numbers[^1]) is not { } number) return null;
        if (numbers.Contains((int)number)) return (int)number;
        value.Refuse($"Is {number}; must be one of {string.Join(", ", numbers)}.");
        return null;
    }
}
