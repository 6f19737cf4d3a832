using System.Globalization;
using ScheduleSearch.Benchmarks;
using ScheduleSearch.Solver;

// Usage: peers [part of a name] [seconds] | optima [seconds]
using var solver = new ScheduleSolver(new SolverSettings(), Console.Error.WriteLine);
switch (args.ElementAtOrDefault(0))
{
    case "peers":
        await PeerTable.RunAsync(solver, args.ElementAtOrDefault(1) ?? "", Seconds(args.ElementAtOrDefault(2), 10));
        break;
    case "optima":
        await OptimaTable.RunAsync(solver, Seconds(args.ElementAtOrDefault(1), 30));
        break;
    default:
        Console.Error.WriteLine("Usage: peers [part of a name] [seconds] | optima [seconds]");
        return 2;
}

return 0;

static double Seconds(string? text, double otherwise) => text is null ? otherwise : double.Parse(text, CultureInfo.InvariantCulture);
