using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Instructions.PyTorch;

/// <summary>What has happened to each stage and microbatch so far on its own rank, row by row, and which rule the next action would break.</summary>
internal sealed class StageLedger
{
    private readonly Problem _problem;
    private readonly PyTorchVersion? _version;
    private readonly ushort[] _seen;
    private readonly bool[] _reduced;
    private readonly bool[] _gathered;
    private int _nextLoss;

    /// <param name="problem">The problem, whose placement is all that is asked.</param>
    /// <param name="version">The release that carries out the communication too; null when the CSV is to have computation alone.</param>
    public StageLedger(Problem problem, PyTorchVersion? version)
    {
        (_problem, _version) = (problem, version);
        _seen = new ushort[problem.Stages * problem.Microbatches];
        _reduced = new bool[problem.Stages];
        _gathered = new bool[problem.Stages];
    }

    /// <summary>Enters what a cell says; the rule that it breaks and how, or null.</summary>
    public (string Rule, string What)? Enter(CsvStep step, int rank)
    {
        var (first, second) = step;
        if (Enter(first, rank) is { } broken) return broken;
        if (second is not { } backward) return null;
        // Both begin together, so that a backward cannot overlap with its own forward.
        return (first.Stage, first.Microbatch) == (backward.Stage, backward.Microbatch) ? ("order", $"{backward} runs before its F") : Enter(backward, rank);
    }

    private (string Rule, string What)? Enter(CsvAction action, int rank)
    {
        var stage = action.Stage;
        if (stage >= _problem.Stages) return ("stage", $"{action} names a stage beyond {_problem.Stages - 1}");
        if (RankOf(stage) != rank) return ("rank", $"{action} belongs to rank {RankOf(stage)}");
        if (_version is null && !action.IsCompute) return ("version", $"{action} is no computation, which is all that a compute-only CSV may have");
        if (action.Microbatch >= _problem.Microbatches) return ("microbatch", $"{action} names a microbatch beyond {_problem.Microbatches - 1}");
        if (action.Microbatch == CsvAction.None) return OfStage(action);
        if (Has(action, action.Kind)) return ("duplicate", $"{action} stands twice");
        var broken = action.IsCompute ? OfComputation(action) : OfTransfer(action);
        _seen[Index(action)] |= Bit(action.Kind);
        return broken;
    }

    /// <summary>A rule that a whole row breaks, or null.</summary>
    public (string Rule, string What)? CloseRow(int rank)
    {
        for (var stage = 0; stage < _problem.Stages && _version is not null; stage++)
        {
            if (RankOf(stage) != rank) continue;
            if (_gathered[stage]) return ("weights", $"stage {stage} is never resharded, so that its next iteration cannot gather it");
            if (_version.Value.HasReduceGrad && !_reduced[stage]) return ("reduce", $"the gradients of stage {stage} are never reduced");
        }

        return null;
    }

    /// <summary>An action that all rows together lack, or null.</summary>
    public (int Rank, string Rule, string What)? FirstMissing()
    {
        for (var stage = 0; stage < _problem.Stages; stage++)
        {
            for (var microbatch = 0; microbatch < _problem.Microbatches; microbatch++)
            {
                if (Missing(stage, microbatch) is var (rule, what)) return (RankOf(stage), rule, what);
            }
        }

        return null;
    }

    private (string Rule, string What)? Missing(int stage, int microbatch)
    {
        bool Lacks(CsvActionKind kind) => !Has(new CsvAction(kind, stage, microbatch), kind);
        var name = $"of stage {stage}, microbatch {microbatch}";
        if (Lacks(CsvActionKind.F)) return ("completeness", $"the F {name} is missing");
        if (!Lacks(CsvActionKind.I) && Lacks(CsvActionKind.W)) return ("halves", $"the I {name} has no W");
        if (Lacks(CsvActionKind.I) && Lacks(CsvActionKind.B)) return ("completeness", $"the backward {name} is missing");
        if (_version is null) return null;
        if (Crosses(stage, stage + 1) && Lacks(CsvActionKind.SendF)) return ("completeness", $"the SEND_F {name} is missing");
        if (Crosses(stage, stage - 1) && Lacks(CsvActionKind.SendB)) return ("completeness", $"the SEND_B {name} is missing");
        return null;
    }

    private (string Rule, string What)? OfComputation(CsvAction action)
    {
        var (kind, stage) = (action.Kind, action.Stage);
        if (_version is not null && !_gathered[stage]) return ("weights", $"{action} computes before the stage's UNSHARD");
        if (kind == CsvActionKind.F)
        {
            if (stage == _problem.Stages - 1 && action.Microbatch != _nextLoss++)
                return ("loss", $"{action} runs where the F of microbatch {_nextLoss - 1} must");
            return _version is not null && Crosses(stage, stage - 1) && !Has(action, CsvActionKind.RecvF)
                ? ("transfer", $"{action} runs before its RECV_F")
                : null;
        }

        if (!Has(action, CsvActionKind.F)) return ("order", $"{action} runs before its F");
        if (kind == CsvActionKind.W && !Has(action, CsvActionKind.I))
            return Has(action, CsvActionKind.B) ? ("halves", $"{action} stands beside a B") : ("order", $"{action} runs before its I");
        if (kind != CsvActionKind.W && Has(action, kind == CsvActionKind.B ? CsvActionKind.I : CsvActionKind.B))
            return ("halves", $"{action} stands beside its other form");
        if (kind != CsvActionKind.I && _reduced[stage]) return ("reduce", $"{action} comes after the stage's REDUCE_GRAD");
        return _version is not null && kind != CsvActionKind.W && Crosses(stage, stage + 1) && !Has(action, CsvActionKind.RecvB)
            ? ("transfer", $"{action} runs before its RECV_B")
            : null;
    }

    private (string Rule, string What)? OfTransfer(CsvAction action)
    {
        var neighbour = action.Stage + (action.Kind is CsvActionKind.SendF or CsvActionKind.RecvB ? 1 : -1);
        if (!Crosses(action.Stage, neighbour)) return ("transfer", $"{action} has no neighbouring stage on another rank");
        var isBack = action.Kind is CsvActionKind.SendB or CsvActionKind.RecvB;
        var isThere = isBack ? Has(action, CsvActionKind.I) || Has(action, CsvActionKind.B) : Has(action, CsvActionKind.F);
        if (action.IsSend != isThere) return ("transfer", action.IsSend ? $"{action} has nothing to send yet" : $"{action} comes after its use");
        return null;
    }

    private (string Rule, string What)? OfStage(CsvAction action)
    {
        var stage = action.Stage;
        if (action.Kind == CsvActionKind.ReduceGrad)
        {
            if (_version is not { HasReduceGrad: true }) return ("version", $"PyTorch {_version} does not know REDUCE_GRAD");
            if (_reduced[stage]) return ("duplicate", $"{action} stands twice");
            _reduced[stage] = true;
            return null;
        }

        if (_gathered[stage] == (action.Kind == CsvActionKind.Unshard))
            return ("weights", $"{action} finds the stage {(_gathered[stage] ? "gathered" : "sharded")} already");
        _gathered[stage] = !_gathered[stage];
        return null;
    }

    private bool Crosses(int stage, int neighbour) => neighbour >= 0 && neighbour < _problem.Stages && RankOf(neighbour) != RankOf(stage);

    private int RankOf(int stage) => _problem.Placement.DeviceOf(0, stage);

    private bool Has(CsvAction action, CsvActionKind kind) => (_seen[Index(action)] & Bit(kind)) != 0;

    private int Index(CsvAction action) => action.Stage * _problem.Microbatches + action.Microbatch;

    private static ushort Bit(CsvActionKind kind) => (ushort)(1 << (int)kind);
}
