using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Limits;

namespace ScheduleSearch.Api.Http;

/// <summary>
/// The memory and the turns that the bodies of all requests share. A body takes room as its bytes arrive, so that one which is only announced takes
/// none; small bodies have room of their own, so that they do not wait behind large ones. What is large is worked on in turns, which begin once it has
/// arrived: a slow sender holds none up.
/// </summary>
internal sealed class BodyRoom(IOptions<LimitSettings> limits) : IDisposable
{
    /// <summary>Bytes of a body that count as small.</summary>
    public const int Small = 64 * 1024;

    /// <summary>The part of the room that small bodies have for themselves: a quarter.</summary>
    private const int PartOfSmall = 4;

    /// <summary>Large bodies that have arrived and wait for their turn.</summary>
    private const int MostWaiting = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrencyLimiter _turns = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = limits.Value.LargeBodies,
        QueueLimit = MostWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    private readonly int _mostSmall = limits.Value.MaxBodyBytesInFlight / PartOfSmall;
    private readonly int _mostLarge = limits.Value.MaxBodyBytesInFlight - limits.Value.MaxBodyBytesInFlight / PartOfSmall;
    private long _small;
    private long _large;

    /// <summary>Room for one body, none at first.</summary>
    public Share Open() => new(this);

    public void Dispose() => _turns.Dispose();

    private static RequestFault Full() => new(
        StatusCodes.Status503ServiceUnavailable, "The server has as many bodies in hand as it has room for.")
    { RetryAfter = 1 };

    private static void Take(ref long taken, int bytes, int most)
    {
        if (Interlocked.Add(ref taken, bytes) <= most) return;
        Interlocked.Add(ref taken, -bytes);
        throw Full();
    }

    /// <summary>What one body has of the room, until it is disposed of.</summary>
    internal sealed class Share(BodyRoom room) : IDisposable
    {
        private int _small;
        private int _large;
        private RateLimitLease? _turn;

        /// <summary>Takes room for bytes that have arrived: as soon as they are many, all of it from what is for large bodies.</summary>
        /// <exception cref="RequestFault">503: there is none.</exception>
        public void Grow(int bytes)
        {
            if (_large == 0 && _small + bytes <= Small)
            {
                Take(ref room._small, bytes, room._mostSmall);
                _small += bytes;
                return;
            }

            var more = bytes + _small;
            Take(ref room._large, more, room._mostLarge);
            _large += more;
            Interlocked.Add(ref room._small, -_small);
            _small = 0;
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

        /// <summary>Leaves the turn to the next body, and keeps the room.</summary>
        public void EndTurn()
        {
            _turn?.Dispose();
            _turn = null;
        }

        public void Dispose()
        {
            Interlocked.Add(ref room._small, -_small);
            Interlocked.Add(ref room._large, -_large);
            (_small, _large) = (0, 0);
            EndTurn();
        }
    }
}
