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
        ResultsFile.WriteOptima(Folder(2), await OptimaTable.RunAsync(solver, "", Seconds(OptimaSeconds)));
        break;
    case "families":
        ResultsFile.WriteFamilies(Folder(2), Seconds(10), await FamilyTable.RunAsync(solver, Seconds(10)));
        break;
    case "links":
        await LinkTable.RunAsync(solver, Seconds(10));
        break;
    case "vocabulary":
        ResultsFile.WriteVocabulary(Folder(2), Seconds(10), await VocabularyTable.RunAsync(solver, Seconds(10)));
        break;
    case "microbatches":
        ResultsFile.WriteMicrobatches(Folder(2), Seconds(2), await MicrobatchTable.RunAsync(solver, Seconds(2)));
        break;
    case "scale":
        await ScaleTable.RunAsync(solver, Seconds(10));
        break;
    case "streams":
        ResultsFile.WriteStreams(Folder(1), StreamTable.Run());
        break;
    case "estimates":
        ResultsFile.WriteEstimates(Folder(1), EstimateTable.Run());
        break;
    case "plans":
        ResultsFile.WritePlans(Folder(1), PlanTable.Run());
        break;
    case "reality":
        var (predicted, searched) = await RealityTable.RunAsync(solver, Seconds(10));
        RealityFile.Write(Folder(2), Seconds(10), predicted, searched, await RobustTable.RunAsync(solver, Seconds(10)));
        break;
    case "research":
        ResultsFile.WriteResearch(Folder(2), Seconds(5), await ResearchTable.RunAsync(solver, Seconds(5)));
        break;
    case "replays":
        ReplayTable.Run();
        break;
    case "pages" when args.Length > 1:
        ResultsFile.WritePages(Folder(2), await PageTable.RunAsync(args[1]));
        break;
    case "all":
        var peers = await PeerTable.RunAsync(solver, "", Seconds(10));
        var optima = await OptimaTable.RunAsync(solver, "", OptimaSeconds);
        var scale = await ScaleTable.RunAsync(solver, Seconds(10));
        var families = await FamilyTable.RunAsync(solver, Seconds(10));
        var vocabulary = await VocabularyTable.RunAsync(solver, Seconds(10));
        var microbatches = await MicrobatchTable.RunAsync(solver, Seconds(10));
        ResultsFile.Write(Folder(2), Seconds(10), peers, scale);
        ResultsFile.WriteOptima(Folder(2), optima);
        ResultsFile.WriteFamilies(Folder(2), Seconds(10), families);
        ResultsFile.WriteStreams(Folder(2), StreamTable.Run());
        ResultsFile.WriteVocabulary(Folder(2), Seconds(10), vocabulary);
        ResultsFile.WriteMicrobatches(Folder(2), Seconds(10), microbatches);
        ResultsFile.WriteEstimates(Folder(2), EstimateTable.Run());
        ResultsFile.WritePlans(Folder(2), PlanTable.Run());
        break;
    default:
        Console.Error.WriteLine("""
            Usage: peers [seconds] [part of a name] | optima [seconds] [part of a name] | families [seconds] [folder of RESULTS.md] | links [seconds]
                 | vocabulary [seconds] [folder of RESULTS.md] | microbatches [seconds] [folder of RESULTS.md] | scale [seconds] | streams [folder of RESULTS.md] | estimates [folder of RESULTS.md] | plans [folder of RESULTS.md] | research [seconds] [folder of RESULTS.md] | replays | reality [seconds] [folder of REALITY.md] | pages URL [folder of RESULTS.md]
                 | all [seconds] [folder of RESULTS.md]
            """);
        return 2;
}

return 0;

string Folder(int place) => args.ElementAtOrDefault(place) ?? "tests/ScheduleSearch.Benchmarks";

double Seconds(double otherwise) => args.Length < 2 ? otherwise : double.Parse(args[1], CultureInfo.InvariantCulture);
