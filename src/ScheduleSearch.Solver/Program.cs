using System.Text;
using ScheduleSearch.Solver.Processes;

// The parent speaks over standard input and output, one message a line. Nothing else may write there.
using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
Console.SetOut(TextWriter.Null);
await new SolverHost(input, output, TimeProvider.System).RunAsync();
