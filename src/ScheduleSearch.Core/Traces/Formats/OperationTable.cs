using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Traces.Formats;

/// <summary>
/// A table with a row for each operation: <c>rank,stage,kind,microbatch,start,duration</c>, and perhaps <c>step</c> and <c>replica</c>, named in the first
/// row and in any order. Kinds are those of answers, or the letters of PyTorch's streams.
/// </summary>
internal sealed class OperationTable : ITraceFormat
{
    private const int MostNumber = 1 << 20, MostShown = 40, MostErrors = 100;
    private const double MostTime = 1e15;

    private static readonly string[] Required = ["rank", "stage", "kind", "microbatch", "start", "duration"], Optional = ["step", "replica"];

    private static readonly FrozenDictionary<string, OperationKind> Kinds = new Dictionary<string, OperationKind>(StringComparer.OrdinalIgnoreCase)
    {
        ["forward"] = OperationKind.Forward,
        ["F"] = OperationKind.Forward,
        ["backward"] = OperationKind.Backward,
        ["B"] = OperationKind.Backward,
        ["backwardInput"] = OperationKind.BackwardInput,
        ["I"] = OperationKind.BackwardInput,
        ["backwardWeight"] = OperationKind.BackwardWeight,
        ["W"] = OperationKind.BackwardWeight,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public string Name => "csv";

    /// <inheritdoc/>
    public string Description => "A table rank,stage,kind,microbatch,start,duration[,step][,replica] with these names in its first row.";

    /// <inheritdoc/>
    public bool IsOf(TraceFile file) => file.IsText;

    /// <inheritdoc/>
    public Trace? Read(ImportRequest request, List<ProfileError> errors)
    {
        var operations = ImmutableArray.CreateBuilder<TracedOperation>();
        var before = errors.Count;
        foreach (var file in request.Files) ReadTable(file, MillisecondsOf(request.TimeUnit), operations, errors);
        return errors.Count > before ? null : new Trace { Format = Name, Operations = operations.DrainToImmutable() };
    }

    private static void ReadTable(TraceFile file, double milliseconds, ImmutableArray<TracedOperation>.Builder operations, List<ProfileError> errors)
    {
        var lines = file.Content.GetString()!.Split('\n');
        string[] names = [.. lines[0].Trim('\uFEFF', '\r', ' ').Split(',').Select(name => name.Trim())];
        var columns = Required.Concat(Optional).ToDictionary(
            name => name, name => Array.FindIndex(names, given => given.Equals(name, StringComparison.OrdinalIgnoreCase)));
        var missing = Required.Where(name => columns[name] < 0).ToList();
        if (missing.Count > 0)
        {
            errors.Add(new(
                file.Path,
                $"Has no column {string.Join(", ", missing)} in its first line; the columns are {string.Join(", ", Required)}, and perhaps "
                    + $"{string.Join(" and ", Optional)}."));
            return;
        }

        for (var line = 1; line < lines.Length && errors.Count < MostErrors; line++)
        {
            var text = lines[line].TrimEnd('\r');
            if (text.Length == 0) continue;
            var cells = text.Split(',');
            var isWrong = cells.Length != names.Length;
            if (isWrong) errors.Add(new(file.Path, $"Has {cells.Length} cells in line {line + 1}; the first line has {names.Length}."));
            else ReadRow(new Row(file, cells, columns, line + 1, errors), milliseconds, operations);
        }
    }

    private static void ReadRow(Row row, double milliseconds, ImmutableArray<TracedOperation>.Builder operations)
    {
        var (replica, step) = (row.Number("replica", otherwise: 0), row.Number("step", otherwise: 0));
        var (rank, stage, microbatch) = (row.Number("rank"), row.Number("stage"), row.Number("microbatch"));
        var (start, duration, kind) = (row.Time("start", -MostTime), row.Time("duration", 0), row.Kind());
        if (replica is null || step is null || rank is null || stage is null || microbatch is null || start is null || duration is null || kind is null) return;
        operations.Add(new(
            replica.Value, step.Value, rank.Value, stage.Value, kind.Value, microbatch.Value, start.Value * milliseconds, duration.Value * milliseconds));
    }

    private static double MillisecondsOf(TimeUnit unit) => unit switch
    {
        TimeUnit.us => 0.001,
        TimeUnit.ms => 1,
        _ => 1000,
    };

    private readonly struct Row(TraceFile file, string[] cells, Dictionary<string, int> columns, int line, List<ProfileError> errors)
    {
        public int? Number(string name, int? otherwise = null)
        {
            if (columns[name] < 0) return otherwise;
            var text = cells[columns[name]];
            if (int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
                && number < MostNumber) return number;
            return Wrong<int>(name, text, $"a whole number from 0 to {MostNumber - 1}");
        }

        public double? Time(string name, double least)
        {
            var text = cells[columns[name]];
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var time) && time >= least && time <= MostTime) return time;
            return Wrong<double>(name, text, least < 0 ? "a time" : "a time from 0");
        }

        public OperationKind? Kind()
        {
            var text = cells[columns["kind"]];
            return Kinds.TryGetValue(text.Trim(), out var kind)
                ? kind
                : Wrong<OperationKind>("kind", text, "forward, backward, backwardInput or backwardWeight");
        }

        private T? Wrong<T>(string name, string text, string wanted)
            where T : struct
        {
            var shown = text.Length > MostShown ? text[..MostShown] + "…" : text;
            errors.Add(new(file.Path, $"Has {shown} as {name} in line {line}; it must be {wanted}."));
            return null;
        }
    }
}
