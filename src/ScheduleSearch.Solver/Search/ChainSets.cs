using System.Numerics;

namespace ScheduleSearch.Solver.Search;

/// <summary>
/// Sets of chains, each of which may hold those of one group: bits in the order of the group, so that adding and removing cost next to nothing and a
/// visit goes by what a set holds, in that order.
/// </summary>
internal sealed class ChainSets
{
    private const int WordBits = 64;

    private readonly int[] _place;
    private readonly int[] _chain;
    private readonly ulong[] _words;
    private readonly int[] _firstWord;

    /// <summary>Empty sets.</summary>
    /// <param name="groups">The chains that each set may hold, every chain in one of them at most.</param>
    /// <param name="chains">The number of chains.</param>
    public ChainSets(IReadOnlyList<int[]> groups, int chains)
    {
        _firstWord = new int[groups.Count + 1];
        for (var group = 0; group < groups.Count; group++) _firstWord[group + 1] = _firstWord[group] + (groups[group].Length + WordBits - 1) / WordBits;
        _words = new ulong[_firstWord[^1]];
        _chain = new int[WordBits * _words.Length];
        _place = new int[chains];
        for (var group = 0; group < groups.Count; group++)
        {
            for (var at = 0; at < groups[group].Length; at++)
            {
                var chain = groups[group][at];
                _place[chain] = WordBits * _firstWord[group] + at;
                _chain[_place[chain]] = chain;
            }
        }
    }

    /// <summary>Empties all sets.</summary>
    public void Clear() => Array.Clear(_words);

    /// <summary>Adds a chain to its group's set, unless it is there already.</summary>
    public void Add(int chain) => _words[_place[chain] / WordBits] |= 1UL << _place[chain];

    /// <summary>Removes a chain from its group's set, if it is there.</summary>
    public void Remove(int chain) => _words[_place[chain] / WordBits] &= ~(1UL << _place[chain]);

    /// <summary>The chains of a group's set, in the order of the group. The chain that is visited may be removed.</summary>
    public Visit In(int group) => new(this, group);

    /// <summary>A visit of the chains of one set.</summary>
    internal ref struct Visit(ChainSets sets, int group)
    {
        private readonly ChainSets _sets = sets;
        private readonly int _end = sets._firstWord[group + 1];
        private int _word = sets._firstWord[group] - 1;
        private ulong _left;

        /// <summary>The chain that is visited.</summary>
        public readonly int Current => _sets._chain[WordBits * _word + BitOperations.TrailingZeroCount(_left)];

        /// <summary>The visit itself, for foreach.</summary>
        public readonly Visit GetEnumerator() => this;

        /// <summary>Goes on to the next chain.</summary>
        public bool MoveNext()
        {
            _left &= _left - 1;
            while (_left == 0)
            {
                if (++_word >= _end) return false;
                _left = _sets._words[_word];
            }

            return true;
        }
    }
}
