namespace ScheduleSearch.Solver.Search.Local;

/// <summary>The few best orders of a search, no two of the same cost, least cost first, with how often each was annealed in vain.</summary>
internal sealed class Elite(SearchGraph graph, int capacity)
{
    private const int MostFruitless = 3;

    private readonly List<Member> _members = [];

    /// <summary>The member to anneal next: most often the best that annealing still improves; null when there is none.</summary>
    public Member? Draw(Random random)
    {
        foreach (var member in _members)
        {
            if (member.Fruitless < MostFruitless && (random.Next(3) > 0 || member == _members[^1])) return member;
        }

        return _members.Find(member => member.Fruitless < MostFruitless);
    }

    /// <summary>The best; null before the first.</summary>
    public Arrangement? Best => _members.Count > 0 ? _members[0].Order : null;

    /// <summary>Takes a copy of an order if it is better than the worst member, or there is room, and no member costs the same.</summary>
    public void Add(Arrangement order)
    {
        if (_members.Exists(member => member.Order.Cost == order.Cost)) return;
        Member place;
        if (_members.Count < capacity)
        {
            place = new Member(new Arrangement(graph));
            _members.Add(place);
        }
        else if (order.Cost < _members[^1].Order.Cost)
        {
            place = _members[^1];
        }
        else
        {
            return;
        }

        place.Order.Take(order);
        place.Fruitless = 0;
        Sort();
    }

    /// <summary>Has a copy of an order take the place of the worst member though it be worse, and all members be drawn again; none of the same cost.</summary>
    public void Replace(Arrangement order)
    {
        foreach (var member in _members) member.Fruitless = 0;
        if (_members.Count == capacity && !_members.Exists(member => member.Order.Cost == order.Cost)) _members.RemoveAt(capacity - 1);
        Add(order);
    }

    /// <summary>Puts the members into order again after one was annealed.</summary>
    public void Sort() => _members.Sort((one, other) => one.Order.Cost.CompareTo(other.Order.Cost));

    /// <summary>One of the best orders.</summary>
    /// <param name="Order">The order, with earliest starts.</param>
    internal sealed record Member(Arrangement Order)
    {
        /// <summary>How many times in a row annealing gained nothing.</summary>
        public int Fruitless { get; set; }
    }
}
