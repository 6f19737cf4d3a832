namespace ScheduleSearch.Core.Evaluation;

/// <summary>What has a factor of its own in a replay: the same in every order, however its operations are split, fused or paired.</summary>
/// <param name="IsForward">Whether it runs with forwards; else with backwards.</param>
/// <param name="Part">What it is sampled as.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Microbatch">The microbatch.</param>
/// <param name="Slice">The slice.</param>
internal readonly record struct NoiseKey(bool IsForward, SampledPart Part, int Stage, int Microbatch, int Slice)
{
    private const int SourceShift = 58, StageShift = 40, MicrobatchShift = 20;

    /// <summary>The key by which its own factor is drawn: both gradients of a backward have one.</summary>
    public ulong OwnDraw => DrawOf(IsForward ? DrawSource.Forward : DrawSource.Backward, Stage, Microbatch, Slice);

    /// <summary>The key of a draw.</summary>
    public static ulong DrawOf(DrawSource source, int stage = 0, int microbatch = 0, int slice = 0) =>
        ((ulong)source << SourceShift) ^ ((ulong)stage << StageShift) ^ ((ulong)microbatch << MicrobatchShift) ^ (ulong)slice;
}
