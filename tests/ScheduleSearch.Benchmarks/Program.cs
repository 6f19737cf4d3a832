using System.Globalization;
using ScheduleSearch.Benchmarks;
using ScheduleSearch.Solver;
using ScheduleSearch.Solver.Processes;

const double OptimaSeconds = 30;
using var solver = new ScheduleSolver(new SolverSettings(), Console.Error.WriteLine);
switch (args.ElementAtOrDefault(0))
{
    case "peers":
        await PeerTable.RunAsync(solver, args.ElementAtOrDefault(2) ?? "", Seconds(10));
        break;
    case "optima" when args.Length > 2:
        await OptimaTable.RunAsync(solver, args[2], Seconds(OptimaSeconds));
        break;
    case "optima":
        ResultsFile.WriteOptima("tests/ScheduleSearch.Benchmarks", await OptimaTable.RunAsync(solver, "", Seconds(OptimaSeconds)));
        break;
    case "families":
        ResultsFile.WriteFamilies(args.ElementAtOrDefault(2) ?? "tests/ScheduleSearch.Benchmarks", Seconds(10), await FamilyTable.RunAsync(solver, Seconds(10)));
        break;
    case "links":
        await LinkTable.RunAsync(solver, Seconds(10));
        break;
    case "vocabulary":
        ResultsFile.WriteVocabulary(args.ElementAtOrDefault(2) ?? "tests/ScheduleSearch.Benchmarks", Seconds(10), await VocabularyTable.RunAsync(solver, Seconds(10)));
        break;
    case "scale":
        await ScaleTable.RunAsync(solver, Seconds(10));
        break;
    case "streams":
        ResultsFile.WriteStreams(args.ElementAtOrDefault(1) ?? "tests/ScheduleSearch.Benchmarks", StreamTable.Run());
        break;
    case "pages" when args.Length > 1:
        ResultsFile.WritePages(args.ElementAtOrDefault(2) ?? "tests/ScheduleSearch.Benchmarks", await PageTable.RunAsync(args[1]));
        break;
    case "all":
        var peers = await PeerTable.RunAsync(solver, "", Seconds(10));
        var optima = await OptimaTable.RunAsync(solver, "", OptimaSeconds);
        var scale = await ScaleTable.RunAsync(solver, Seconds(10));
        var families = await FamilyTable.RunAsync(solver, Seconds(10));
        ResultsFile.Write(args.ElementAtOrDefault(2) ?? "tests/ScheduleSearch.Benchmarks", Seconds(10), peers, optima, scale, families, StreamTable.Run());
        break;
    default:
        Console.Error.WriteLine("Usage: peers [seconds] [part of a name] | optima [seconds] [part of a name] | families [seconds] [folder of RESULTS.md] | links [seconds] | vocabulary [seconds] [folder of RESULTS.md] | scale [seconds] | streams [folder of RESULTS.md] | pages URL [folder of RESULTS.md] | all [seconds] [folder of RESULTS.md]");
        return 2;
}

return 0;

double Seconds(double otherwise) => args.Length < 2 ? otherwise : double.Parse(args[1], CultureInfo.InvariantCulture);
