namespace ScheduleSearch.Core.Estimates.Costs;

/// <summary>Weights that each token is multiplied with.</summary>
/// <param name="Name">What it is called in formulas.</param>
/// <param name="Inputs">Its rows.</param>
/// <param name="Outputs">Its columns.</param>
/// <param name="Biased">Whether a bias is added.</param>
internal readonly record struct WeightMatrix(string Name, long Inputs, long Outputs, bool Biased = false)
{
    /// <summary>Entries.</summary>
    public decimal Entries => (decimal)Inputs * Outputs;

    /// <summary>Entries, and the bias.</summary>
    public decimal Parameters => Entries + (Biased ? Outputs : 0);

    /// <summary>As formulas have it.</summary>
    public override string ToString() => $"{Name} {Inputs}·{Outputs}";
}
