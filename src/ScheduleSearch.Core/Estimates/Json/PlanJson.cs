using System.Collections.Immutable;
using System.Text.Json;
using ScheduleSearch.Core.Estimates.Requests;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Estimates.Json;

/// <summary>The JSON form of requests for plans. Reading is strict and names every offending member.</summary>
public static class PlanJson
{
    private const string Base = "base";

    private const int MostNodes = 128, MostDevicesOfNode = 64, MostBatch = 1 << 24, MostValues = 64, MostChunks = 64, LongestName = 64;

    private const int MostDevices = MostNodes * MostDevicesOfNode, MostSearched = 16, OtherwiseSearched = 3;

    private const double LeastBandwidth = 1e-3, MostBandwidth = 1e9, MostLatency = 10_000;

    /// <summary>The request in a document.</summary>
    /// <param name="root">The document.</param>
    /// <param name="limits">How large the pipeline of a plan may be.</param>
    /// <param name="most">Most plans that are taken.</param>
    /// <exception cref="InvalidProfileException">Members are wrong; all of them are named.</exception>
    public static PlanRequest Read(JsonElement root, ProblemLimits limits, int most)
    {
        var (errors, ofBase) = (new List<ProfileError>(), new List<ProfileError>());
        var request = new JsonValue(root, "$", errors).Members(Read);
        if (request is null || errors.Count > 0) throw new InvalidProfileException(errors);
        EstimateJson.CheckOf(request.Base, limits, new JsonValue(root.GetProperty(Base), "$", ofBase), ofBase).CheckShared();
        errors.AddRange(ofBase.Select(error => error with { Path = $"$.{Base}{error.Path[1..]}" }));
        new PlanCheck(request, most, errors).Run();
        return errors.Count == 0 ? request : throw new InvalidProfileException(errors);
    }

    private static PlanRequest? Read(JsonMembers members)
    {
        var basis = members.Required(Base) is { } given ? EstimateJson.ReadPlanned(given) : null;
        var cluster = members.Required("cluster")?.Members(ReadCluster);
        var batch = members.Size(MostBatch, "globalBatch");
        var tensor = Values(members, "tensorParallel", MostDevicesOfNode);
        var context = Values(members, "contextParallel", EstimateJson.MostContext);
        var (pipeline, data) = (Values(members, "pipelineParallel", MostDevices), Values(members, "dataParallel", MostDevices));
        var (sizes, chunks) = (Values(members, "microbatchSizes", EstimateJson.MostMicrobatch), Values(members, "chunks", MostChunks));
        var placements = Names(members, "placements");
        var split = members.WordOr("split", PlanSplit.Search);
        var search = members.SizeOr(OtherwiseSearched, 1, MostSearched, "search");
        var options = members.Optional("options") is { } wanted ? ProfileJson.ReadOptions(wanted) : new();
        return basis is null || cluster is null || batch is null || search is null || options is null ? null : new()
        {
            Base = basis,
            Cluster = cluster,
            GlobalBatch = (int)batch,
            TensorParallel = tensor,
            ContextParallel = context,
            PipelineParallel = pipeline,
            DataParallel = data,
            MicrobatchSizes = sizes,
            Chunks = chunks,
            Placements = placements,
            Split = split ?? PlanSplit.Search,
            Search = (int)search,
            Options = options,
        };
    }

    private static Cluster? ReadCluster(JsonMembers members)
    {
        var (nodes, devices) = (members.Size(MostNodes, "nodes"), members.Size(MostDevicesOfNode, "devicesPerNode"));
        var inside = members.Optional("linkInside")?.Members(ReadLink);
        var between = members.Optional("linkBetween")?.Members(ReadLinks);
        return nodes is null || devices is null ? null : new()
        {
            Nodes = (int)nodes,
            DevicesPerNode = (int)devices,
            LinkInside = inside,
            LinkBetween = between,
        };
    }

    private static Link? ReadLink(JsonMembers members)
    {
        var (bandwidth, latency) = (Bandwidth(members.Required("bandwidth")), Latency(members));
        return bandwidth is null ? null : new() { Bandwidth = bandwidth.Value, Latency = latency };
    }

    private static NodeLinks? ReadLinks(JsonMembers members)
    {
        var (bandwidth, latency) = (members.Required("bandwidth")?.LinkValues(), Latency(members));
        return bandwidth is null ? null : new() { Bandwidth = bandwidth, Latency = latency };
    }

    private static double? Bandwidth(JsonValue? value) =>
        value?.Number(LeastBandwidth, above: false, MostBandwidth, $"GB a second from {LeastBandwidth} to {MostBandwidth}");

    private static double Latency(JsonMembers members) =>
        members.Optional("latency")?.Number(0, above: false, MostLatency, $"milliseconds from 0 to {MostLatency}") ?? 0;

    private static ImmutableArray<int>? Values(JsonMembers members, string name, int most)
    {
        if (members.Optional(name) is not { } list || list.Each(value => value.Whole(1, most)) is not { } values) return null;
        if (values.Length is >= 1 and <= MostValues) return [.. values.Select(value => (int)value).Distinct()];
        list.Refuse($"Has {values.Length} values; must have from 1 to {MostValues}, or be left out.");
        return null;
    }

    private static ImmutableArray<string>? Names(JsonMembers members, string name)
    {
        if (members.Optional(name) is not { } list || list.EachObject(value => value.Text(LongestName)) is not { } names) return null;
        if (names.Length is >= 1 and <= MostValues) return [.. names.Distinct()];
        list.Refuse($"Has {names.Length} values; must have from 1 to {MostValues}, or be left out.");
        return null;
    }
}
