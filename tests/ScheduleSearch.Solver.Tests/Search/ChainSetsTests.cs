using FsCheck.Xunit;
using ScheduleSearch.Solver.Search;
using Shouldly;

namespace ScheduleSearch.Solver.Tests.Search;

public class ChainSetsTests
{
    /// <summary>Groups of up to 200 chains, so that some sets need several words and some hold nothing.</summary>
    [Property]
    public void A_visit_finds_what_was_added_in_the_order_of_the_group(Seed seed)
    {
        var random = new Random(seed.Item);
        var chains = Enumerable.Range(0, random.Next(1, 400)).ToArray();
        random.Shuffle(chains);
        var few = chains.Take(200).ToLookup(chain => chain % 2);
        int[][] groups = [[.. chains.Skip(200)], [], [.. few[0]], [.. few[1]]];
        var sets = new ChainSets(groups, chains.Length);
        var expected = new HashSet<int>();
        for (var step = 0; step < 300; step++)
        {
            var chain = random.Next(chains.Length);
            if (random.Next(3) > 0)
            {
                sets.Add(chain);
                expected.Add(chain);
            }
            else
            {
                sets.Remove(chain);
                expected.Remove(chain);
            }
        }

        for (var group = 0; group < groups.Length; group++) Visited(sets, group).ShouldBe(groups[group].Where(expected.Contains));
        sets.Clear();
        for (var group = 0; group < groups.Length; group++) Visited(sets, group).ShouldBeEmpty();
    }

    private static List<int> Visited(ChainSets sets, int group)
    {
        var visited = new List<int>();
        foreach (var chain in sets.In(group)) visited.Add(chain);
        return visited;
    }
}
