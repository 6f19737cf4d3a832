using System.CommandLine;
using ScheduleSearch.Api.Retention;

namespace ScheduleSearch.Api.Commands;

/// <summary>Deletes what has not changed for long.</summary>
internal sealed class PruneCommand : ServiceCommand
{
    private readonly Option<string> _age = new("--older-than")
    {
        Description = $"Delete only what has not changed for so long: {Age.Form}.",
        Required = true,
    };

    private readonly Option<string[]> _statuses = new("--status")
    {
        Description = $"Delete only schedules in these states, of {string.Join(", ", PruneRule.Ended)}; all of them by default.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<bool> _keepOptimal = new("--keep-optimal") { Description = "Leave optimal schedules, which can never be searched any better." };

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Say what would be deleted, and delete nothing." };

    public PruneCommand(CommandHost host)
        : base(
            host, "prune", "Deletes schedules and batches that have not changed for long. Searches that go on stay, and what callbacks or batches wait for.")
    {
        foreach (var option in new Option[] { _age, _statuses, _keepOptimal, _dryRun }) Options.Add(option);
    }

    protected override async Task RunAsync(ParseResult parsed, IServiceProvider services, TextWriter output, CancellationToken cancellation)
    {
        var age = parsed.GetRequiredValue(_age);
        var statuses = parsed.GetValue(_statuses) is { Length: > 0 } given ? given : [.. PruneRule.Ended];
        var olderThan = Age.TryParse(age) ?? throw new CommandFault($"--older-than: '{age}' is not {Age.Form}.");
        if (statuses.Except(PruneRule.Ended).FirstOrDefault() is { } wrong)
            throw new CommandFault($"--status: '{wrong}' is not one of {string.Join(", ", PruneRule.Ended)}.");
        var isDry = parsed.GetValue(_dryRun);
        var report = await services.GetRequiredService<Pruning>()
            .RunAsync(new PruneRule(olderThan, statuses, parsed.GetValue(_keepOptimal)), isDry, cancellation);
        await output.WriteLineAsync($"{report.Schedules} schedules and {report.Batches} batches {(isDry ? "would be" : "were")} deleted.");
    }
}
