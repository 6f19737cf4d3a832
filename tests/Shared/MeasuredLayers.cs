using System.Text.Json;

namespace ScheduleSearch.Tests.Shared;

/// <summary>Seconds of the embedding, of one decoder layer and of the head with the loss, at a microbatch size and a tensor-parallel size.</summary>
internal sealed record MeasuredLayers(int MicrobatchSize, int TensorParallel, MeasuredSeconds Embedding, MeasuredSeconds Decoder, MeasuredSeconds Head)
{
    /// <summary>A row of the file.</summary>
    public static MeasuredLayers Of(JsonElement row) => new(
        row.GetProperty("microbatchSize").GetInt32(),
        row.GetProperty("tensorParallel").GetInt32(),
        MeasuredSeconds.Of(row.GetProperty("embedding")),
        MeasuredSeconds.Of(row.GetProperty("decoder")),
        MeasuredSeconds.Of(row.GetProperty("head")));
}
