using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Tests.Shared;

/// <summary>Profiles of equal stages, in the words of the tests: unit times and unit activations unless a test says otherwise.</summary>
internal static class Shape
{
    public static Profile Profile(
        int devices,
        int microbatches,
        int chunks = 1,
        string? placement = null,
        decimal forward = 1,
        decimal backwardInput = 1,
        decimal backwardWeight = 1,
        decimal communication = 0,
        decimal? limit = null,
        decimal activation = 1,
        decimal? retained = null) => new()
        {
            Pipeline = new() { Devices = devices, Chunks = chunks, Placement = placement, Microbatches = microbatches },
            Times = new()
            {
                Forward = forward,
                BackwardInput = backwardInput,
                BackwardWeight = backwardWeight,
                Communication = communication,
            },
            Memory = new()
            {
                Limit = limit is { } most ? StageValues.Same(most) : null,
                Activation = activation,
                Retained = retained is { } part ? StageValues.Same(part) : null,
            },
        };
}
