namespace ScheduleSearch.Core.Estimates.Requests;

/// <summary>How a stage is divided among devices.</summary>
/// <param name="Tensor">t: devices that share each product.</param>
/// <param name="Expert">Devices among which the experts of a layer are dealt out.</param>
/// <param name="Context">c: devices that share each sequence.</param>
/// <param name="Data">d: replicas of the pipeline.</param>
/// <param name="SharesSequence">Whether what tensor parallelism leaves whole is shared by the sequence.</param>
internal readonly record struct ParallelSizes(int Tensor, int Expert, int Context, int Data, bool SharesSequence)
{
    /// <summary>By how much what tensor parallelism leaves whole is divided all the same.</summary>
    public int Whole => SharesSequence ? Tensor : 1;
}
