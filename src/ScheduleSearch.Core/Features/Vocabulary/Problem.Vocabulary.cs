using System.Collections.Immutable;
using ScheduleSearch.Core.Features.Vocabulary;

namespace ScheduleSearch.Core.Profiles;

public sealed partial class Problem
{
    private VocabularyCosts? _vocabulary;

    /// <summary>
    /// The barriers of the output layer between the last stage's forward and its backward: 1 or 2 where every device has a shard of it, else 0.
    /// </summary>
    public int VocabularyBarriers => Profile.Vocabulary?.Parallel switch
    {
        VocabularyParallel.OneBarrier => 1,
        VocabularyParallel.TwoBarriers => 2,
        _ => 0,
    };

    /// <summary>Ticks of a device's pass over its shard of the output layer before the (first) barrier, by device.</summary>
    public ImmutableArray<long> VocabularyForward => Vocabulary.Forward;

    /// <summary>Ticks of a device's pass after the (first) barrier, by device.</summary>
    public ImmutableArray<long> VocabularyBackward => Vocabulary.Backward;

    /// <summary>Ticks of a device's share of the input embedding, by device; 0 on all of them where there is nothing to do.</summary>
    public ImmutableArray<long> VocabularyInput => Vocabulary.Input;

    /// <summary>Memory units that a device holds of a microbatch from the start of its pass before the barrier to the end of that after it.</summary>
    public ImmutableArray<long> VocabularyActivation => Vocabulary.Activation;

    /// <summary>Ticks from the end of the last device's pass until the result of a barrier is there.</summary>
    public long VocabularyBarrier => Vocabulary.Barrier;

    /// <summary>Whether every device has a share of the input embedding for each microbatch.</summary>
    public bool EmbedsInShards => VocabularyBarriers > 0 && VocabularyInput.Any(time => time > 0);

    /// <summary>The stage by whose number a device's passes over its shards are known: the first of its stages.</summary>
    public int VocabularyStageOn(int device) => Placement.StagesOn(device)[0].Stage;

    private VocabularyCosts Vocabulary => _vocabulary ??= new VocabularyCosts(this);

    /// <summary>Ticks and memory units by device; nothing where the layers are whole.</summary>
    private sealed class VocabularyCosts
    {
        public VocabularyCosts(Problem problem)
        {
            var (layer, shards) = (problem.Profile.Vocabulary, new VocabularyShards(0, 0, 0, 0));
            if (problem.VocabularyBarriers > 0) shards = VocabularyShards.Of(problem.Profile, layer!);
            Forward = Of(shards.Forward, problem.TicksOf);
            Backward = Of(shards.Backward, problem.TicksOf);
            Input = Of(shards.Input, problem.TicksOf);
            Activation = Of(shards.Activation, problem.UnitsOf);
            Barrier = problem.TimeScale.ToTicks(layer?.Barrier ?? 0);

            ImmutableArray<long> Of(StageValues values, Func<decimal, long> scaled) =>
                [.. Enumerable.Range(0, problem.Devices).Select(device => scaled(values[device]))];
        }

        public ImmutableArray<long> Forward { get; }

        public ImmutableArray<long> Backward { get; }

        public ImmutableArray<long> Input { get; }

        public ImmutableArray<long> Activation { get; }

        public long Barrier { get; }
    }
}
