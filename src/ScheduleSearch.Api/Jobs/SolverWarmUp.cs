using Microsoft.Extensions.Options;

namespace ScheduleSearch.Api.Jobs;

/// <summary>Warms the solver while the service starts: the service is ready when the first search would lose no time to that, or after a while.</summary>
internal sealed class SolverWarmUp(
    ISolver solver, IOptions<JobSettings> settings, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<SolverWarmUp> logger)
    : IHostedLifecycleService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private Task _warming = Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (settings.Value.IsWorker) _warming = Task.Run(WarmUpAsync, cancellationToken);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.WhenAny(_warming, Task.Delay(Patience, time, cancellationToken));

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task WarmUpAsync()
    {
        try
        {
            await solver.WarmUpAsync(lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException)
        {
            // The service ends before it was ready.
        }
        catch (Exception exception)
        {
            // The first search says what is wrong, if it still is.
            logger.LogWarning(exception, "The solver could not be warmed up.");
        }
    }
}
