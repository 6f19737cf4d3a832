namespace ScheduleSearch.Core.Estimates;

/// <summary>A layer of the profile, with how each of its numbers came about.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind"><c>embedding</c>, <c>dense</c>, <c>moe</c>, <c>mtp</c> or <c>head</c>.</param>
/// <param name="Count">How many such layers follow one another.</param>
/// <param name="Parameters">Parameters of one of them, over all devices; those that another layer shares are counted there.</param>
/// <param name="Forward">Milliseconds of a forward of one of them on one microbatch.</param>
/// <param name="BackwardInput">Milliseconds of the input gradient.</param>
/// <param name="BackwardWeight">Milliseconds of the weight gradient.</param>
/// <param name="Activation">GiB that a forward leaves on a device.</param>
/// <param name="Retained">GiB of a microbatch between the input gradient and the weight gradient.</param>
/// <param name="Weights">GiB of weights, gradients and optimizer state on a device.</param>
/// <param name="AllToAllShare">Share of the forward in which it waits for tokens on their way to experts and back.</param>
/// <param name="Formulas">The formulas, with values.</param>
public sealed record LayerEstimate(
    string Name,
    string Kind,
    int Count,
    decimal Parameters,
    decimal Forward,
    decimal BackwardInput,
    decimal BackwardWeight,
    decimal Activation,
    decimal Retained,
    decimal Weights,
    double AllToAllShare,
    LayerFormulas Formulas);
