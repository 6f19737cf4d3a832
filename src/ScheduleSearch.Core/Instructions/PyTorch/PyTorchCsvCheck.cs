using System.Text;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Instructions.PyTorch;

/// <summary>
/// Reads a CSV back by the grammar of PyTorch's actions and applies the rules of its runtime, knowing the problem's placement and nothing
/// of the writer, its lowering or the operation graph.
/// </summary>
/// <remarks>
/// The rules by name. <c>grammar</c>: every cell is an action, no row is blank. <c>version</c>: the release knows the action. <c>rows</c>: a
/// row for every rank. <c>stage</c>, <c>microbatch</c>, <c>rank</c>: they exist, and the row's rank holds the stage. <c>duplicate</c>: no
/// action twice. <c>order</c>: F before B, F before I before W; the F of a pair is no other than the one its B waits for. <c>halves</c>: I
/// and W, or B alone. <c>completeness</c>: nothing is missing.
/// <c>loss</c>: PyTorch finds losses by position, so the last stage takes its forwards in order of microbatch. With transfers also
/// <c>transfer</c>: between neighbouring stages on different ranks, a send after its result, a receive before its use; <c>weights</c>:
/// weights are there when a stage computes; <c>reduce</c>: gradients are reduced once, after the last backward. <c>pairing</c> and
/// <c>hang</c>: see <see cref="PyTorchCsvPlay"/>.
/// </remarks>
public sealed class PyTorchCsvCheck
{
    private readonly Problem _problem;
    private readonly PyTorchVersion _version;
    private readonly bool _withTransfers;
    private readonly StageLedger _ledger;
    private readonly List<CsvStep[]> _rows = [];
    private StreamViolation? _violation;

    private PyTorchCsvCheck(Problem problem, PyTorchVersion version, bool withTransfers)
    {
        (_problem, _version, _withTransfers) = (problem, version, withTransfers);
        _ledger = new StageLedger(problem, withTransfers ? version : null);
    }

    /// <summary>A check of a compute-only CSV, to which a release of PyTorch adds the communication.</summary>
    public static PyTorchCsvCheck OfComputeOnly(Problem problem, PyTorchVersion version) => new(problem, version, withTransfers: false);

    /// <summary>A check of a CSV with all communication, for a release of PyTorch.</summary>
    public static PyTorchCsvCheck OfComputeAndComms(Problem problem, PyTorchVersion version) => new(problem, version, withTransfers: true);

    /// <summary>The first broken rule of a whole CSV; null when there is none.</summary>
    public StreamViolation? FirstViolation(ReadOnlySpan<byte> csv)
    {
        while (!csv.IsEmpty)
        {
            var end = csv.IndexOf((byte)'\n');
            AddRow(end < 0 ? csv : csv[..end]);
            csv = end < 0 ? [] : csv[(end + 1)..];
        }

        return Finish();
    }

    /// <summary>Reads the next rank's row, without its line end.</summary>
    public void AddRow(ReadOnlySpan<byte> row)
    {
        var rank = _rows.Count;
        if (_violation is not null) return;
        if (rank >= _problem.Devices) Report("rows", rank, -1, $"there are rows for more than {_problem.Devices} ranks");
        if (row.IsEmpty) Report("grammar", rank, 0, "the row is blank, which PyTorch takes for a rank without stages");
        var steps = new List<CsvStep>();
        foreach (var range in row.Split((byte)','))
        {
            if (_violation is not null) return;
            Read(row[range], rank, steps);
        }

        _rows.Add([.. steps]);
        if (_violation is null && _ledger.CloseRow(rank) is var (rule, what)) Report(rule, rank, -1, what);
    }

    /// <summary>The first broken rule of all rows that were added; null when there is none.</summary>
    public StreamViolation? Finish()
    {
        if (_violation is null && _rows.Count < _problem.Devices)
            Report("rows", _rows.Count, -1, $"there are rows for {_rows.Count} of {_problem.Devices} ranks");
        if (_violation is null && _ledger.FirstMissing() is var (rank, rule, what)) Report(rule, rank, -1, what);
        return _violation ?? PyTorchCsvPlay.FirstViolation(_problem, _rows, _withTransfers);
    }

    private void Read(ReadOnlySpan<byte> cell, int rank, List<CsvStep> steps)
    {
        var position = steps.Count;
        if (!_version.HasPairs && cell.EndsWith(CsvStep.Pair))
        {
            Report("version", rank, position, $"PyTorch {_version} does not know {Encoding.UTF8.GetString(cell)}");
        }
        else if (CsvStep.Parse(cell) is not { } step)
        {
            Report("grammar", rank, position, $"'{Encoding.UTF8.GetString(cell)}' is no action");
        }
        else
        {
            steps.Add(step);
            if (_ledger.Enter(step, rank) is var (rule, what)) Report(rule, rank, position, what);
        }
    }

    private void Report(string rule, int rank, int position, string what) =>
        _violation ??= new(rule, rank, position, $"{rule}: in the row of rank {rank}{(position < 0 ? "" : $", cell {position}")}: {what}.");
}
