namespace ScheduleSearch.Core.Estimates.Requests;

/// <summary>Widths of multi-head latent attention (DeepSeek-V2, arXiv 2405.04434): queries, keys and values are projected up from narrow latents.</summary>
/// <param name="Query">Width of the latent of queries; 0 where they are projected from the hidden state.</param>
/// <param name="KeyValue">Width of the latent of keys and values.</param>
/// <param name="KeyWidth">Width of a head's query and key without the rotated part.</param>
/// <param name="RotaryWidth">Width of the rotated part, whose keys all heads share.</param>
/// <param name="ValueWidth">Width of a head's value.</param>
public sealed record LatentAttention(long Query, long KeyValue, long KeyWidth, long RotaryWidth, long ValueWidth);
