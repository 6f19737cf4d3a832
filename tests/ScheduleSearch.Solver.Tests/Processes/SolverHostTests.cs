using System.Diagnostics;
using System.Text.Json;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Processes;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Solver.Tests.Processes;

/// <summary>What a child does when its parent is gone or its memory is spent: as a process of its own, since both end it.</summary>
[Collection(SolverChildren.Alone)]
public sealed class SolverHostTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Few operations, so that CP-SAT has all threads, and a gap that it does not close within minutes.</summary>
    private static Problem Open => Problem.Create(new Profile
    {
        Pipeline = new() { Devices = 4, Microbatches = 30 },
        Times = new()
        {
            Forward = StageValues.Each([7, 11, 5, 13]),
            BackwardInput = StageValues.Each([9, 12, 8, 10]),
            BackwardWeight = StageValues.Each([5, 6, 7, 4]),
            Communication = 1.5m,
        },
        Memory = new() { Activation = 1, Retained = 0.4m, Limit = StageValues.Each([3, 4, 3, 2]) },
    });

    [Fact]
    public async Task A_child_whose_parent_is_gone_ends_in_the_middle_of_a_solve_by_cp_sat()
    {
        using var child = Start(heapMegabytes: 2000);
        await SendAsync(child, Open, seconds: 600);
        while (await ReadAsync(child) is { } reply)
        {
            if (reply.Found is { } found && (found.Method == "cp-sat" || found.BoundName == "cp-sat")) break;
        }

        child.HasExited.ShouldBeFalse();
        child.StandardInput.Close();
        await child.WaitForExitAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_child_whose_parent_is_gone_before_it_is_warm_ends()
    {
        using var child = Start(heapMegabytes: 2000);
        child.StandardInput.Close();
        await child.WaitForExitAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_child_out_of_memory_dies_and_does_not_say_that_it_is_done()
    {
        using var child = Start(heapMegabytes: 24);
        await SendAsync(child, Problem.Create(Shape.Profile(devices: 16, microbatches: 2000, limit: 7)), seconds: 600);
        var isDone = false;
        while (await ReadAsync(child) is { } reply) isDone |= reply.Done;
        await child.WaitForExitAsync().WaitAsync(Patience);
        isDone.ShouldBeFalse();
        child.ExitCode.ShouldNotBe(0);
    }

    [Fact]
    public async Task A_host_that_still_works_when_its_input_has_ended_is_abandoned()
    {
        using var output = new DeafWriter();
        var abandoned = new TaskCompletionSource();
        var running = new SolverHost(TextReader.Null, output, TimeProvider.System, abandoned.SetResult).RunAsync();
        await abandoned.Task.WaitAsync(Patience);
        running.IsCompleted.ShouldBeFalse();
        output.Hear();
        await running.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_host_that_ends_with_its_input_is_not_abandoned()
    {
        using var output = new StringWriter();
        await new SolverHost(TextReader.Null, output, TimeProvider.System, () => throw new InvalidOperationException("It had ended.")).RunAsync();
        JsonSerializer.Deserialize<SolverReply>(output.ToString())!.Ready.ShouldBeTrue();
    }

    private static Process Start(int heapMegabytes)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ScheduleSearch.Solver.dll")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        ChildEnvironment.Set(start.Environment, heapMegabytes);
        var process = Process.Start(start)!;
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task SendAsync(Process child, Problem problem, double seconds)
    {
        using var board = new SearchBoard(QuickPass.Solve(problem), targetGap: 0, _ => { });
        await child.StandardInput.WriteLineAsync(JsonSerializer.Serialize(SolveMessage.Of(board, new SolveOptions(), seconds, workers: 2)));
        await child.StandardInput.FlushAsync();
    }

    private static async Task<SolverReply?> ReadAsync(Process child) =>
        await child.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line ? JsonSerializer.Deserialize<SolverReply>(line) : null;

    /// <summary>Takes nothing until it is told to.</summary>
    private sealed class DeafWriter : StringWriter
    {
        private readonly TaskCompletionSource _hears = new();

        public void Hear() => _hears.SetResult();

        public override Task WriteLineAsync(string? value) => _hears.Task;
    }
}
