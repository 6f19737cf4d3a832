using System.Buffers;
using System.Text;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Api.Tests.Hosting;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

public sealed class ScheduleCacheTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_slow_miss_does_not_block_another()
    {
        using var cache = new ScheduleCache(Options.Create(new CacheSettings()));
        var stored = Stored();
        using var slow = new WaitingFormat("slow");
        using var quick = new WaitingFormat("quick");
        quick.Release();
        var waiting = Task.Run(() => cache.InstructionsOf(stored, slow, null));
        await slow.Begun.WaitAsync(Patience);
        (await Task.Run(() => cache.InstructionsOf(stored, quick, null)).WaitAsync(Patience)).Length.ShouldBe("quick".Length);
        waiting.IsCompleted.ShouldBeFalse();
        slow.Release();
        (await waiting.WaitAsync(Patience)).Length.ShouldBe("slow".Length);
    }

    [Fact]
    public async Task Many_misses_of_one_key_build_it_once()
    {
        using var cache = new ScheduleCache(Options.Create(new CacheSettings()));
        var stored = Stored();
        using var format = new WaitingFormat("slow");
        var first = Task.Run(() => cache.InstructionsOf(stored, format, null));
        await format.Begun.WaitAsync(Patience);
        var others = Enumerable.Range(0, 4).Select(_ => Task.Run(() => cache.InstructionsOf(stored, format, null))).ToList();
        format.Release();
        var made = await first.WaitAsync(Patience);
        foreach (var other in await Task.WhenAll(others).WaitAsync(Patience)) other.ShouldBeSameAs(made);
        cache.InstructionsOf(stored, format, null).ShouldBeSameAs(made);
        format.Writes.ShouldBe(1);
    }

    [Fact]
    public async Task What_could_not_be_made_is_tried_again()
    {
        using var cache = new ScheduleCache(Options.Create(new CacheSettings()));
        var stored = Stored();
        using var format = new WaitingFormat("broken") { Failures = 1 };
        format.Release();
        await Should.ThrowAsync<InvalidOperationException>(() => Task.Run(() => cache.InstructionsOf(stored, format, null)));
        cache.InstructionsOf(stored, format, null).Length.ShouldBe("broken".Length);
    }

    private static StoredSchedule Stored()
    {
        var problem = Problem.Create(new Profile
        {
            Pipeline = new PipelineShape { Devices = 2, Microbatches = 2 },
            Times = new OperationTimes { Forward = 1, BackwardInput = 1, BackwardWeight = 1 },
        });
        var (submission, result) = (Submission.Of(problem), StoredResult.Of(StubSolver.Sequential(problem)));
        return StoredSchedule.Of(new ScheduleRow
        {
            Id = submission.Id,
            Request = SubmissionJson.Write(submission),
            Devices = 2,
            Chunks = 1,
            Placement = submission.Placement,
            Microbatches = 2,
            Objective = "makespan",
            Status = ScheduleStatus.Feasible,
            AskedSeconds = 0,
            AskedWork = 0,
            AskedGap = 1,
            Seed = 0,
            ObjectiveTicks = result.ObjectiveTicks,
            BoundTicks = result.BoundTicks,
            BoundName = result.BoundName,
            Method = result.Method,
            Order = result.Order,
            CreatedAt = DateTime.UnixEpoch,
            UpdatedAt = DateTime.UnixEpoch,
        });
    }

    /// <summary>Writes its name once it is released, and fails the first times.</summary>
    private sealed class WaitingFormat(string name) : IInstructionFormat, IDisposable
    {
        private readonly ManualResetEventSlim _released = new();
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _writes;

        public Task Begun => _begun.Task;

        public int Writes => Volatile.Read(ref _writes);

        public int Failures { get; init; }

        public string Name => name;

        public string MediaType => "text/plain";

        public string FileExtension => "txt";

        public string Description => "Its name.";

        public void Release() => _released.Set();

        public void Dispose() => _released.Dispose();

        public FormatRefusal? WhyNot(Timeline timeline) => null;

        public void Write(Timeline timeline, int? rank, IBufferWriter<byte> output)
        {
            var write = Interlocked.Increment(ref _writes);
            _begun.TrySetResult();
            _released.Wait(Patience).ShouldBeTrue();
            if (write <= Failures) throw new InvalidOperationException("The format fails.");
            output.Write(Encoding.UTF8.GetBytes(name));
        }
    }
}
