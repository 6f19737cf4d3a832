using System.Globalization;
using Generated;

using var http = new HttpClient { BaseAddress = new Uri(args[0]) };
var client = new ScheduleSearchClient(http);
switch (args[1])
{
    case "solve":
        Print(await client.SolveAsync(
            format: null, version: null, prefer: "wait=60", body: RequestOf(microbatches: 8, limit: [4, 4, 3, 3], seconds: 10)));
        break;
    case "get":
        Print(await client.GetScheduleAsync(args[2]));
        break;
    case "instructions":
        using (var stream = await client.GetInstructionsAsync(args[2], Format4.Pytorch, rank: null, version: null, revision: null))
            await stream.Stream.CopyToAsync(Console.OpenStandardOutput());
        break;
    case "events":
        var open = RequestOf(int.Parse(args[2], CultureInfo.InvariantCulture), limit: [3, 4, 3, 2], seconds: 2);
        var started = await client.SolveAsync(format: null, version: null, prefer: "respond-async", body: open);
        using (var stream = await client.WatchSearchAsync(started.Id))
        using (var events = new StreamReader(stream.Stream))
        {
            while (await events.ReadLineAsync() is { } line)
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal)) Console.WriteLine(line["event: ".Length..]);
            }
        }

        break;
}

void Print(ScheduleAnswer answer) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{answer.Id} {answer.Makespan}"));

// A member that takes one number or many takes many here.
SolveRequest RequestOf(int microbatches, double[] limit, double seconds) => new()
{
    Profile = new()
    {
        Name = "measured",
        Pipeline = new() { Devices = 4, Microbatches = microbatches, Placement = PipelineShapePlacement.Linear },
        Times = new()
        {
            Unit = OperationTimesUnit.Ms,
            Forward = [7, 11, 5, 13],
            BackwardInput = [9, 12, 8, 10],
            BackwardWeight = [6, 6, 6, 6],
            Communication = new() { Latency = [.. Enumerable.Range(0, 4).Select(_ => new double[] { 1.5, 1.5, 1.5, 1.5 })] },
        },
        Memory = new() { Limit = limit, Activation = [1, 1, 1, 1] },
    },
    Options = new() { Objective = SolveOptionsObjective.Makespan, TimeLimitSeconds = seconds },
};
