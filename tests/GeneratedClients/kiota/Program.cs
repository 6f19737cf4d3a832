using System.Globalization;
using Generated;
using Generated.Models;
using Generated.Schedules.Item.Instructions;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;

var client = new ScheduleSearchClient(new HttpClientRequestAdapter(new AnonymousAuthenticationProvider()) { BaseUrl = args[0] });
switch (args[1])
{
    case "solve":
        Print(await SolveAsync("wait=60", RequestOf(microbatches: 8, limit: [4, 4, 3, 3], seconds: 10)));
        break;
    case "get":
        Print((await client.Schedules[args[2]].GetAsync())!);
        break;
    case "instructions":
        using (var stream = await client.Schedules[args[2]].Instructions.GetAsync(
            request => request.QueryParameters.FormatAsGetFormatQueryParameterType = GetFormatQueryParameterType.Pytorch))
        {
            await stream!.CopyToAsync(Console.OpenStandardOutput());
        }

        break;
    case "events":
        var started = await SolveAsync("respond-async", RequestOf(int.Parse(args[2], CultureInfo.InvariantCulture), limit: [3, 4, 3, 2], seconds: 2));
        using (var events = new StreamReader((await client.Schedules[started.Id!].Events.GetAsync())!))
        {
            while (await events.ReadLineAsync() is { } line)
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal)) Console.WriteLine(line["event: ".Length..]);
            }
        }

        break;
}

async Task<ScheduleAnswer> SolveAsync(string prefer, SolveRequest request) =>
    (await client.Schedules.Solve.PostAsync(request, configuration => configuration.Headers.Add("Prefer", prefer)))!;

void Print(ScheduleAnswer answer) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{answer.Id} {answer.Makespan}"));

// A member that takes one number or many has a property for each.
SolveRequest RequestOf(int microbatches, List<double?> limit, double seconds) => new()
{
    Profile = new()
    {
        Name = "measured",
        Pipeline = new() { Devices = 4, Microbatches = microbatches, Placement = PipelineShape_placement.Linear },
        Times = new()
        {
            Unit = OperationTimes_unit.Ms,
            Forward = new() { Double = [7, 11, 5, 13] },
            BackwardInput = new() { Double = [9, 12, 8, 10] },
            BackwardWeight = new() { OperationTimesBackwardWeightDouble = 6 },
            Communication = new() { Double = 1.5 },
        },
        Memory = new() { Limit = new() { Double = limit }, Activation = new() { ActivationMemoryActivationDouble = 1 } },
    },
    Options = new() { Objective = SolveOptions_objective.Makespan, TimeLimitSeconds = seconds },
};
