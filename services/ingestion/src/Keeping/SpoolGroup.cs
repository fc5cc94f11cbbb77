namespace Tributary.Ingestion.Keeping;

/// <summary>The events that go to the disk by one write and one flush. Filled under the spool's lock.</summary>
internal sealed class SpoolGroup
{
    private readonly TaskCompletionSource<Outcome> _completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<int> _persons = [];
    private byte[] _records = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Records => _records.AsSpan(0, Length);

    public IReadOnlyList<int> Persons => _persons;

    public Task<Outcome> Completion => _completion.Task;

    public void Add(Parcel parcel, IReadOnlyList<int> events)
    {
        foreach (var index in events)
        {
            var key = parcel.Key(index);
            var value = parcel.Value(index);
            var length = SpoolRecord.LengthOf(key.Length, value.Length);
            if (_records.Length - Length < length)
                Array.Resize(ref _records, Math.Max(_records.Length * 2, Length + length));
            SpoolRecord.Write(key, value, _records.AsSpan(Length, length));
            Length += length;
            _persons.Add(SpooledPersons.PlaceOf(key));
        }
    }

    public void Complete(Outcome outcome) => _completion.SetResult(outcome);
}
