using Xunit;

namespace ScheduleSearch.Api.Tests.Hosting;

/// <summary>The service with the real solver, on a database of its own: for the tests of a class each, or as the fixture of all of them.</summary>
public class SolvingService : IAsyncLifetime
{
    private TestDatabase _database = null!;

    internal TestService Service { get; private set; } = null!;

    internal string ConnectionString => _database.ConnectionString;

    public virtual async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        Service = new TestService(ConnectionString);
    }

    public virtual async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await _database.DisposeAsync();
    }
}
