using System.Text.Json;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>The operations of a timeline as columns. A column that says nothing, since all of it is one and the same by the problem, is left out.</summary>
internal sealed class TimelineColumns
{
    private readonly Timeline _timeline;
    private readonly OperationGraph _graph;
    private readonly Problem _problem;
    private readonly StartReasons _reasons;
    private readonly IReadOnlyList<int> _listed;
    private readonly Utf8JsonWriter _json;
    private readonly int[] _places;
    private readonly List<OperationKind> _kinds;

    /// <param name="timeline">The schedule with its times.</param>
    /// <param name="reasons">Why its operations start when they do.</param>
    /// <param name="listed">The operations in the order of the columns.</param>
    /// <param name="json">An object that is open.</param>
    public TimelineColumns(Timeline timeline, StartReasons reasons, IReadOnlyList<int> listed, Utf8JsonWriter json)
    {
        (_timeline, _graph, _problem) = (timeline, timeline.Graph, timeline.Schedule.Problem);
        (_reasons, _listed, _json) = (reasons, listed, json);
        _places = new int[_graph.Count];
        Array.Fill(_places, -1);
        for (var place = 0; place < listed.Count; place++) _places[listed[place]] = place;
        _kinds = [.. listed.Select(index => _graph.Operations[index].Kind).Distinct().Order()];
    }

    /// <summary>The place of an operation in the columns; -1 when it is not listed.</summary>
    public int PlaceOf(int operation) => _places[operation];

    /// <summary>Writes the kinds that there are, with the colour of each for every chunk of a device.</summary>
    public void WriteKinds()
    {
        var chunks = Enumerable.Range(0, _problem.Devices).Max(device => _problem.Placement.StagesOn(device).Length);
        _json.WriteNumber("chunks", chunks);
        _json.WriteArray("kinds", _kinds, kind =>
        {
            var facts = kind.Facts();
            _json.WriteStartObject();
            _json.WriteString("name", facts.Name);
            _json.WriteString("letter", facts.Letter.ToString());
            _json.WriteString("role", JsonNamingPolicy.CamelCase.ConvertName(facts.Role.ToString()));
            if (facts.Place != PlaceInPair.None) _json.WriteString("placeInPair", facts.Place == PlaceInPair.First ? "first" : "second");
            _json.WriteArray("colours", Enumerable.Range(0, chunks), chunk => _json.WriteStringValue(SchedulePalette.Of(kind, chunk, chunks)));
            _json.WriteEndObject();
        });
    }

    /// <summary>Writes the names of the items of other work, which one column numbers; nothing where there are none.</summary>
    public void WriteItems()
    {
        if (!_problem.Fill.IsEmpty) _json.WriteArray("items", _problem.FillNames, _json.WriteStringValue);
    }

    /// <summary>Writes the columns.</summary>
    public void Write()
    {
        _json.WriteStartObject("operations");
        Write("kind", index => _kinds.IndexOf(_graph.Operations[index].Kind));
        Write("stage", index => _graph.Operations[index].Stage);
        if (_problem.Placement.Pipes > 1) Write("pipe", index => _graph.Operations[index].Pipe);
        Write("microbatch", index => _graph.Operations[index].Microbatch);
        if (_problem.SliceCount > 1) Write("slice", index => _graph.Operations[index].Slice);
        if (!_problem.Fill.IsEmpty) Write("item", index => _graph.Operations[index].Item is { } name ? _problem.FillNames.IndexOf(name) : -1);
        WriteAmounts("start", _problem.TimeScale, index => _timeline.StartOf(_reasons.TimedAs(index)));
        WriteAmounts("end", _problem.TimeScale, index => _timeline.EndOf(_reasons.TimedAs(index)));
        if (!_graph.Holdings.IsEmpty)
        {
            WriteAmounts("acquired", _problem.MemoryScale, index => _graph.Acquired[index]);
            WriteAmounts("released", _problem.MemoryScale, index => _graph.Released[index]);
        }

        Write("after", index => _reasons.Of(index) is { } reason ? _places[reason.Operation] : -1);
        if (_listed.Any(index => LagOf(index) > 0)) WriteAmounts("lag", _problem.TimeScale, LagOf);
        _json.WriteEndObject();
    }

    private long LagOf(int index) => _reasons.Of(index)?.Lag ?? 0;

    private void Write(string name, Func<int, int> number) => _json.WriteArray(name, _listed, index => _json.WriteNumberValue(number(index)));

    private void WriteAmounts(string name, DecimalScale scale, Func<int, long> amount) =>
        _json.WriteArray(name, _listed, index => _json.WriteNumberValue(scale.FromTicks(amount(index))));
}
