using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tributary.Contracts;
using Tributary.Streaming.Writing;

namespace Tributary.Ingestion.Keeping;

/// <summary>
/// Puts events where they last, and says when they do: in the log, or in the spool while the log takes none. While
/// someone has an event in the spool, their later ones go there too. What was handed to the log is never moved to the
/// spool, because it may be kept after all: its outcome is the log's. Safe on any thread.
/// </summary>
internal sealed class Keeper(
    ByteProducer log, SpooledPersons persons, Spool? spool, KeepingOptions options, TimeProvider time)
{
    private static readonly Outcome NoRoom = new Outcome.NotNow("too much is on its way to Kafka");
    private int _waiting;
    private long _waitingSince;
    private volatile bool _isClosed;

    /// <summary>Events go to the spool, because the log takes none.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>The parcel is the caller's again when this returns its task.</summary>
    public ValueTask<Outcome> KeepAsync(Parcel parcel)
    {
        if (IsSilent()) Saw(LogSign.Silent);
        if (spool is not null && (_isClosed || persons.Any)) return DivideAsync(spool, parcel);
        if (log.TrySend(parcel.Buffer, parcel.Places, out var answered)) return OutcomeAsync(answered);
        Saw(LogSign.Full);
        return spool is null ? new(NoRoom) : DivideAsync(spool, parcel);
    }

    public void Saw(LogSign sign) => _isClosed = new LogRoad(_isClosed).After(sign).IsClosed;

    private ValueTask<Outcome> DivideAsync(Spool into, Parcel parcel)
    {
        List<int> spooled = [];
        List<RecordPlace> sent = [];
        var isClosed = _isClosed;
        for (var index = 0; index < parcel.Count; index++)
        {
            var person = SpooledPersons.PlaceOf(parcel.Key(index));
            if (!isClosed && !persons.Has(person))
            {
                sent.Add(parcel.Places[index]);
                continue;
            }
            persons.Add(person); // Now, so that their next event of this request follows.
            spooled.Add(index);
        }
        var spooling = spooled.Count > 0 ? into.AppendAsync(parcel, spooled) : null;
        if (!log.TrySend(parcel.Buffer, CollectionsMarshal.AsSpan(sent), out var answered))
            return BothAsync(spooling, new(NoRoom));
        return BothAsync(spooling, sent.Count > 0 ? OutcomeAsync(answered) : new(Outcome.InLog));
    }

    private static async ValueTask<Outcome> BothAsync(Task<Outcome>? spooling, ValueTask<Outcome> sending)
    {
        var spooled = spooling is null ? Outcome.InLog : await spooling;
        var sent = await sending;
        return sent is Outcome.Kept ? spooled : sent;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Outcome> OutcomeAsync(ValueTask<Delivery?> sending)
    {
        if (Interlocked.Increment(ref _waiting) == 1) Volatile.Write(ref _waitingSince, time.GetTimestamp());
        var worst = await sending;
        Interlocked.Decrement(ref _waiting);
        if (worst is null) Volatile.Write(ref _waitingSince, time.GetTimestamp());
        else if (worst is not Delivery.Refused { Lasting: true }) Saw(LogSign.NotKept);
        return worst switch
        {
            null => Outcome.InLog,
            Delivery.Refused { Lasting: true, Reason: var reason } => new Outcome.Never(reason),
            Delivery.Refused { Reason: var reason } => new Outcome.NotNow(reason),
            Delivery.Unknown { Reason: var reason } => new Outcome.Unknown(reason),
            _ => throw new UnreachableException(),
        };
    }

    private bool IsSilent() => Volatile.Read(ref _waiting) > 0
        && time.GetElapsedTime(Volatile.Read(ref _waitingSince)) > options.Patience;
}
