namespace ScheduleSearch.Core.Instructions.DeepSpeed;

/// <summary>Gives each microbatch the first free buffer for as long as it needs one.</summary>
internal sealed class PipeBuffers
{
    private readonly Dictionary<int, int> _taken = [];
    private readonly PriorityQueue<int, int> _free = new();

    /// <summary>How many buffers there are.</summary>
    public int Count { get; private set; }

    /// <summary>The buffer of a microbatch, taken now if it has none.</summary>
    public int Of(int microbatch)
    {
        if (_taken.TryGetValue(microbatch, out var buffer)) return buffer;
        if (!_free.TryDequeue(out buffer, out _)) buffer = Count++;
        _taken.Add(microbatch, buffer);
        return buffer;
    }

    /// <summary>Gives a microbatch's buffer back.</summary>
    public void Free(int microbatch)
    {
        _taken.Remove(microbatch, out var buffer);
        _free.Enqueue(buffer, buffer);
    }
}
