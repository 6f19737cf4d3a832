using ScheduleSearch.Core.Features.Vocabulary;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Tests.Shared;

/// <summary>Output layers of small numbers, whole or in shards that are equal or not, some of them with an input embedding.</summary>
internal static class RandomVocabulary
{
    public static VocabularyLayer Next(Random random, int devices) => new()
    {
        Size = random.Next(1, 1000),
        Parallel = random.Pick(VocabularyParallel.None, VocabularyParallel.OneBarrier, VocabularyParallel.OneBarrier, VocabularyParallel.TwoBarriers),
        Forward = Each(random, devices, 1, 4),
        Backward = Each(random, devices, 0, 4),
        Barrier = random.Next(3),
        Activation = random.Chance(50) ? null : Each(random, devices, 0, 4),
        Input = random.Chance(60) ? null : Each(random, devices, 0, 3),
    };

    private static StageValues Each(Random random, int devices, int least, int below) => random.Chance(50)
        ? random.Next(least, below)
        : StageValues.Each(Enumerable.Range(0, devices).Select(_ => (decimal)random.Next(least, below)));
}
