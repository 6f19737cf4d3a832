namespace ScheduleSearch.Core.Estimates;

/// <summary>How the numbers of a layer came about: formulas with values put in.</summary>
/// <param name="Forward">Of the forward's time.</param>
/// <param name="BackwardInput">Of the input gradient's time.</param>
/// <param name="BackwardWeight">Of the weight gradient's time.</param>
/// <param name="Activation">Of the activation.</param>
/// <param name="Retained">Of what is retained.</param>
/// <param name="Weights">Of weights, gradients and optimizer state.</param>
public sealed record LayerFormulas(string Forward, string BackwardInput, string BackwardWeight, string Activation, string Retained, string Weights);
