using System.Text;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Instructions.PyTorch;

/// <summary>
/// Reads the order of a schedule off somebody's CSV of torch.distributed.pipelining: a row for each rank, compute-only or with all communication. What sends,
/// receives, gathers or reduces decides no order and is left out, and so are cells and lines that are empty.
/// </summary>
public static class PyTorchCsvOrder
{
    private const int MostErrors = 20;
    private const int MostShown = 40;

    /// <summary>Why no CSV can tell an order of a problem, in one sentence; null when one can.</summary>
    public static string? WhyNot(Problem problem) => FormatRefusal.OfUncovered(problem, Carriage.Unpaired, _ => PyTorchActions.PartThatNames)?.Reason;

    /// <summary>For each row what it has its rank compute, in order.</summary>
    /// <param name="csv">The CSV.</param>
    /// <param name="mostRows">Most rows.</param>
    /// <param name="most">Most cells that compute.</param>
    /// <param name="path">The JSON path under which errors are added.</param>
    /// <param name="errors">Gets an error for each cell that is no action, at most the first 20, and one for too many cells or rows.</param>
    public static IReadOnlyList<IReadOnlyList<CsvComputation>> Read(
        string csv, int mostRows, int most, string path, ICollection<ProfileError> errors)
    {
        var (rows, left, told) = (new List<IReadOnlyList<CsvComputation>>(), most, 0);
        ReadOnlySpan<byte> text = Encoding.UTF8.GetBytes(csv);
        foreach (var line in text.Split((byte)'\n'))
        {
            var row = Trimmed(text[line]);
            if (row.IsEmpty) continue;
            if (rows.Count == mostRows)
            {
                Report($"Has more than {mostRows} rows, one for each rank, which no pipeline here has.");
                return rows;
            }

            var (computed, place) = (new List<CsvComputation>(), 0);
            foreach (var range in row.Split((byte)','))
            {
                var cell = Trimmed(row[range]);
                if (!cell.IsEmpty && CsvStep.Parse(cell) is var step)
                {
                    if (step is null) Report($"Row {rows.Count}, cell {place} is {Shown(cell)}; must be stage, action (F, I, B, W), microbatch, such as 0F3.");
                    else if (ComputationOf(step.Value, place) is { } computation) computed.Add(computation);
                }

                place++;
                if (computed.Count > left) Report($"Has more than {most} cells that compute, which no order here has.");
                if (computed.Count > left || told == MostErrors) return rows;
            }

            left -= computed.Count;
            rows.Add(computed);
        }

        return rows;

        void Report(string message)
        {
            errors.Add(new ProfileError(path, message));
            told++;
        }
    }

    private static CsvComputation? ComputationOf(CsvStep step, int cell) => step switch
    {
        { Second: { } backward } => new(cell, Of(OperationKind.Forward, step.First).InPair(PlaceInPair.First),
            Of(OperationKind.Backward, backward).InPair(PlaceInPair.Second)),
        { First.Kind: CsvActionKind.F } => new(cell, Of(OperationKind.Forward, step.First), null),
        { First.Kind: CsvActionKind.I } => new(cell, Of(OperationKind.BackwardInput, step.First), null),
        { First.Kind: CsvActionKind.W } => new(cell, Of(OperationKind.BackwardWeight, step.First), null),
        { First.Kind: CsvActionKind.B } => new(cell, Of(OperationKind.Backward, step.First), null),
        _ => null,
    };

    private static Operation Of(OperationKind kind, CsvAction action) => new(kind, 0, action.Stage, action.Microbatch);

    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> text) => text[Ascii.Trim(text)];

    private static string Shown(ReadOnlySpan<byte> cell) =>
        Encoding.UTF8.GetString(cell) is var text && text.Length > MostShown ? $"\"{text[..MostShown]}…\"" : $"\"{text}\"";
}
