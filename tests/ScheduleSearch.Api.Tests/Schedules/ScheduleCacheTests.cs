using System.Buffers;
using System.Security.Cryptography;
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
        using var cache = Cache();
        var stored = Stored();
        using var slow = new WaitingFormat("slow");
        using var quick = new WaitingFormat("quick");
        quick.Release();
        var waiting = InstructionsAsync(cache, stored, slow);
        await slow.Begun.WaitAsync(Patience);
        (await InstructionsAsync(cache, stored, quick)).Length.ShouldBe("quick".Length);
        waiting.IsCompleted.ShouldBeFalse();
        slow.Release();
        (await waiting).Length.ShouldBe("slow".Length);
    }

    [Theory]
    [InlineData(64 << 20)]
    [InlineData(0)]
    public async Task Many_misses_of_one_key_build_it_once(int maxBytes)
    {
        using var cache = Cache(maxBytes);
        var stored = Stored();
        using var format = new WaitingFormat("slow");
        var first = InstructionsAsync(cache, stored, format);
        await format.Begun.WaitAsync(Patience);
        var others = Enumerable.Range(0, 64).Select(_ => InstructionsAsync(cache, stored, format)).ToList();
        format.Release();
        var made = await first;
        foreach (var other in await Task.WhenAll(others)) other.ShouldBeSameAs(made);
        format.Writes.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_larger_than_the_cache_is_shared_while_it_is_read_and_not_kept()
    {
        using var cache = Cache(maxBytes: 1 << 20);
        var stored = Stored();
        // Bytes that no compressor makes fewer.
        using var format = new WaitingFormat("large") { Bytes = RandomNumberGenerator.GetBytes(4 << 20) };
        format.Release();
        var made = await InstructionsAsync(cache, stored, format);
        (await InstructionsAsync(cache, stored, format)).ShouldBeSameAs(made);
        format.Writes.ShouldBe(1);
        var held = new WeakReference(made);
        made = null;
        await ShouldBeFreedAsync(held);
        (await InstructionsAsync(cache, stored, format)).Length.ShouldBe(4 << 20);
        format.Writes.ShouldBe(2);
    }

    [Fact]
    public async Task What_could_not_be_made_is_tried_again()
    {
        using var cache = Cache();
        var stored = Stored();
        using var format = new WaitingFormat("broken") { Failures = 1 };
        format.Release();
        await Should.ThrowAsync<InvalidOperationException>(() => InstructionsAsync(cache, stored, format));
        (await InstructionsAsync(cache, stored, format)).Length.ShouldBe("broken".Length);
    }

    [Fact]
    public async Task Who_leaves_does_not_take_what_others_wait_for()
    {
        using var cache = Cache();
        var stored = Stored();
        using var format = new WaitingFormat("slow");
        using var leaving = new CancellationTokenSource();
        var first = cache.InstructionsOfAsync(stored, format, null, null, leaving.Token);
        await format.Begun.WaitAsync(Patience);
        var second = InstructionsAsync(cache, stored, format);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        format.Release();
        (await second).Length.ShouldBe("slow".Length);
        format.Writes.ShouldBe(1);
    }

    private static ScheduleCache Cache(int maxBytes = 64 << 20) => new(Options.Create(new CacheSettings { MaxBytes = maxBytes }));

    private static Task<PackedBytes> InstructionsAsync(ScheduleCache cache, StoredSchedule stored, WaitingFormat format) =>
        cache.InstructionsOfAsync(stored, format, null, null, CancellationToken.None).WaitAsync(Patience);

    private static async Task ShouldBeFreedAsync(WeakReference held)
    {
        for (var attempt = 0; held.IsAlive; attempt++)
        {
            attempt.ShouldBeLessThan(100, "nobody uses it");
            // The task that made it may still be on its way out.
            await Task.Delay(20);
            GC.Collect();
        }
    }

    [Fact]
    public async Task Families_are_made_once_however_many_compare_a_problem()
    {
        using var cache = new ScheduleCache(Options.Create(new CacheSettings()));
        var stored = (StoredProblem)Stored();
        var problem = stored.Read().Problem;
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => cache.FamiliesOfAsync(stored, problem, CancellationToken.None))));
        all.ShouldAllBe(rows => ReferenceEquals(rows, all[0]));
        all[0].ShouldContain(row => row.Name == "1f1b" && row.Admitted);
        (await cache.FamiliesOfAsync(stored, problem, CancellationToken.None)).ShouldBeSameAs(all[0]);
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

        public byte[] Bytes { get; init; } = Encoding.UTF8.GetBytes(name);

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
            output.Write(Bytes);
        }
    }
}
