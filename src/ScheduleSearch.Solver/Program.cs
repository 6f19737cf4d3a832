using System.Diagnostics;
using System.Text;
using ScheduleSearch.Solver.Processes;

// The parent speaks over standard input and output, one message a line. Nothing else may write there.
using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
Console.SetOut(TextWriter.Null);
// Native code may be deaf to a stop and to an orderly exit, but not to this.
await new SolverHost(input, output, TimeProvider.System, abandon: Process.GetCurrentProcess().Kill).RunAsync();
