using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Vocabulary;

/// <summary>What each device has of the output layer and the input embedding on one microbatch, in the units of the profile.</summary>
/// <param name="Forward">Times of the passes before the (first) barrier.</param>
/// <param name="Backward">Times of the passes after it.</param>
/// <param name="Activation">Memory from the start of the first to the end of the second.</param>
/// <param name="Input">Times of the input embedding.</param>
internal sealed record VocabularyShards(StageValues Forward, StageValues Backward, StageValues Activation, StageValues Input)
{
    /// <summary>Times that follow from a shape have and memory have so many digits after the point.</summary>
    private const int Digits = 6;

    private const int BytesOfLogit = 4;

    /// <summary>The shards of a layer whose members are valid.</summary>
    public static VocabularyShards Of(Profile profile, VocabularyLayer layer) => layer.IsByShape
        ? OfShape(profile, layer)
        : new VocabularyShards(layer.Forward ?? 0, layer.Backward ?? 0, layer.Activation ?? 0, layer.Input ?? 0);

    /// <summary>
    /// 2 b s h floating-point operations for each entry and each of three products: the logits, the gradient of the hidden state, and that of the weights.
    /// With one barrier the second is computed before it.
    /// </summary>
    private static VocabularyShards OfShape(Profile profile, VocabularyLayer layer)
    {
        var devices = profile.Pipeline.Devices;
        var tokens = (decimal)layer.MicrobatchSize!.Value * layer.Sequence!.Value;
        var product = 2 * tokens * layer.Hidden!.Value;
        var products = layer.Parallel == VocabularyParallel.OneBarrier ? (Before: 2, After: 1) : (Before: 1, After: 2);
        return new VocabularyShards(
            Each(device => Time(products.Before * product * EntriesOn(device))),
            Each(device => Time(products.After * product * EntriesOn(device))),
            layer.Activation ?? (profile.Memory is { } memory ? Each(device => Amount(EntriesOn(device), memory.Unit)) : 0),
            layer.Input ?? Each(_ => Time(product * 3 / 2 / devices)));

        StageValues Each(Func<int, decimal> ofDevice) =>
            StageValues.Each(Enumerable.Range(0, devices).Select(device => DecimalScale.Normalize(ofDevice(device))));

        int EntriesOn(int device) => layer.Size / devices + (device < layer.Size % devices ? 1 : 0);

        decimal Amount(int entries, MemoryUnit unit) => Math.Round(BytesOfLogit * tokens * entries / BytesOf(unit), Digits);

        decimal Time(decimal operations) => Math.Round(operations / layer.FlopsPerSecond!.Value * InSecond(profile.Times.Unit), Digits);
    }

    private static decimal InSecond(TimeUnit unit) => unit switch { TimeUnit.us => 1e6m, TimeUnit.ms => 1e3m, _ => 1 };

    private static decimal BytesOf(MemoryUnit unit) => (decimal)Math.Pow(1024, (int)unit);
}
