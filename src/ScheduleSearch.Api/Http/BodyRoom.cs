using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Limits;

namespace ScheduleSearch.Api.Http;

/// <summary>
/// The memory and the turns that the bodies of all requests share. A body takes room as its bytes arrive, so that one which is only announced takes
/// none; the first bytes of every body have room of their own, so that small bodies do not wait behind large ones. What is large is worked on in
/// turns, which begin once it has arrived: a slow sender holds none up.
/// </summary>
internal sealed class BodyRoom(IOptions<LimitSettings> limits) : IDisposable
{
    /// <summary>Bytes of a body that count as small.</summary>
    public const int Small = 64 * 1024;

    /// <summary>The part of the room that the first bytes of bodies have for themselves.</summary>
    private const int PartOfFirst = 4;

    /// <summary>Large bodies that have arrived and wait for their turn.</summary>
    private const int MostWaiting = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrencyLimiter _turns = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = limits.Value.LargeBodies,
        QueueLimit = MostWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    private readonly int _mostFirst = limits.Value.MaxBodyBytesInFlight / PartOfFirst;
    private readonly int _mostLater = limits.Value.MaxBodyBytesInFlight - limits.Value.MaxBodyBytesInFlight / PartOfFirst;
    private long _first;
    private long _later;

    /// <summary>Room for one body, none at first.</summary>
    public Share Open() => new(this);

    public void Dispose() => _turns.Dispose();

    private static RequestFault Full() => new(
        StatusCodes.Status503ServiceUnavailable, "The server has as many bodies in hand as it has room for.") { RetryAfter = 1 };

    private static void Take(ref long taken, int bytes, int most)
    {
        if (Interlocked.Add(ref taken, bytes) <= most) return;
        Interlocked.Add(ref taken, -bytes);
        throw Full();
    }

    /// <summary>What one body has of the room, until it is disposed of.</summary>
    internal sealed class Share(BodyRoom room) : IDisposable
    {
        private int _first;
        private int _later;
        private RateLimitLease? _turn;

        /// <summary>Takes room for bytes that have arrived.</summary>
        /// <exception cref="RequestFault">503: there is none.</exception>
        public void Grow(int bytes)
        {
            var first = Math.Min(bytes, Small - _first);
            if (first > 0)
            {
                Take(ref room._first, first, room._mostFirst);
                _first += first;
            }

            if (bytes <= first) return;
            Take(ref room._later, bytes - first, room._mostLater);
            _later += bytes - first;
        }

        /// <summary>Waits until it is this body's turn to be worked on, which a large one needs.</summary>
        /// <exception cref="RequestFault">503: too many are before it.</exception>
        public async Task TakeTurnAsync(CancellationToken cancellation)
        {
            if (_turn is not null) return;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(Patience);
            try
            {
                _turn = await room._turns.AcquireAsync(permitCount: 1, patience.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw Full();
            }

            if (!_turn.IsAcquired) throw Full();
        }

        public void Dispose()
        {
            Interlocked.Add(ref room._first, -_first);
            Interlocked.Add(ref room._later, -_later);
            (_first, _later) = (0, 0);
            _turn?.Dispose();
            _turn = null;
        }
    }
}
