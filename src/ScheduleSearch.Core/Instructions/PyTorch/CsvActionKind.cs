namespace ScheduleSearch.Core.Instructions.PyTorch;

/// <summary>What an action of torch.distributed.pipelining does, in the order of its names.</summary>
internal enum CsvActionKind
{
    F,
    I,
    W,
    B,
    SendF,
    RecvF,
    SendB,
    RecvB,
    Unshard,
    Reshard,
    ReduceGrad,
}
