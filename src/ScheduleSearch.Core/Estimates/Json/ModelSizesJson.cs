using ScheduleSearch.Core.Estimates.Requests;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Estimates.Json;

/// <summary>Reads the sizes of a model as Megatron's arguments have them.</summary>
internal static class ModelSizesJson
{
    /// <summary>The sizes; null when one is wrong or missing.</summary>
    public static ModelSizes? Read(JsonMembers members)
    {
        var hidden = members.Size(SizeMembers.MostHidden, "hidden");
        var layers = members.Size(SizeMembers.MostLayers, "layers");
        var heads = members.Size(SizeMembers.MostHeads, "heads");
        var vocabulary = members.Size(SizeMembers.MostWide, "vocabulary");
        var model = new ModelSizes
        {
            Hidden = hidden ?? 1,
            Layers = (int)(layers ?? 1),
            Heads = heads ?? 1,
            KeyValueHeads = members.SizeOr(null, 1, SizeMembers.MostHeads, "keyValueHeads"),
            HeadWidth = members.SizeOr(null, 1, SizeMembers.MostHeads, "headWidth"),
            Latent = members.Optional("latent")?.Members(ReadLatent),
            FeedForward = members.SizeOr(null, 1, SizeMembers.MostWide, "feedForward"),
            Gated = members.FlagOr("gated", otherwise: true) ?? true,
            Vocabulary = vocabulary ?? 1,
            TiedEmbeddings = members.FlagOr("tiedEmbeddings", otherwise: false) ?? false,
            LearnedPositions = members.SizeOr(0, 0, SizeMembers.MostWide, "learnedPositions") ?? 0,
            Biases = members.WordOr("biases", BiasKind.None) ?? BiasKind.None,
            Dropout = members.FlagOr("dropout", otherwise: false) ?? false,
            Experts = members.Optional("experts")?.Members(ReadExperts),
            MtpLayers = (int)(members.SizeOr(0, 0, SizeMembers.MostMtpLayers, "mtpLayers") ?? 0),
        };
        return hidden is null || layers is null || heads is null || vocabulary is null ? null : model;
    }

    private static LatentAttention ReadLatent(JsonMembers members) => new(
        members.SizeOr(0, 0, SizeMembers.MostWide, "query") ?? 0,
        members.Size(SizeMembers.MostWide, "keyValue") ?? 1,
        members.Size(SizeMembers.MostHeads, "keyWidth") ?? 1,
        members.Size(SizeMembers.MostHeads, "rotaryWidth") ?? 1,
        members.Size(SizeMembers.MostHeads, "valueWidth") ?? 1);

    private static ExpertSizes ReadExperts(JsonMembers members) => new()
    {
        Count = members.Size(SizeMembers.MostHeads, "count") ?? 1,
        TopK = members.Size(SizeMembers.MostHeads, "topK") ?? 1,
        FeedForward = members.SizeOr(null, 1, SizeMembers.MostWide, "feedForward"),
        SharedFeedForward = members.SizeOr(0, 0, SizeMembers.MostWide, "sharedFeedForward") ?? 0,
        FirstDense = (int)(members.SizeOr(0, 0, SizeMembers.MostLayers, "firstDense") ?? 0),
    };
}
