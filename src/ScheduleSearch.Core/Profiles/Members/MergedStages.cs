namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>Merges stages: so many consecutive ones into each of a number of them.</summary>
/// <param name="Size">The stages that become one.</param>
/// <param name="Stages">The stages that there are afterwards.</param>
public readonly record struct MergedStages(int Size, int Stages)
{
    /// <summary>The sums of numbers of stages.</summary>
    public StageValues Sum(StageValues values) => values.IsScalar ? values.Numbers[0] * Size : Sum(stage => values[stage]);

    /// <summary>The sums of what each stage has.</summary>
    public StageValues Sum(Func<int, decimal> ofStage)
    {
        var size = Size;
        return StageValues.Each(Enumerable.Range(0, Stages).Select(stage => Enumerable.Range(stage * size, size).Sum(ofStage)));
    }
}
