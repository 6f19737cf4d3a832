using System.Globalization;
using ScheduleSearch.Benchmarks;
using ScheduleSearch.Solver;

var filter = args.ElementAtOrDefault(0) ?? "";
var seconds = double.Parse(args.ElementAtOrDefault(1) ?? "10", CultureInfo.InvariantCulture);
using var solver = new ScheduleSolver(new SolverSettings(), Console.Error.WriteLine);
await PeerTable.RunAsync(new MarkdownTable(PeerTable.Columns), solver, filter, seconds, seed: 0);
