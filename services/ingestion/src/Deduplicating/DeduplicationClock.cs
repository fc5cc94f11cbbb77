namespace Tributary.Ingestion.Deduplicating;

/// <summary>When a window is due to be saved.</summary>
internal sealed class DeduplicationClock(TimeSpan saveEvery, TimeProvider time)
{
    public bool IsTimeToSave(PartitionState state)
    {
        var now = time.GetTimestamp();
        if (state.SavedAt == 0) state.SavedAt = now; // Opened from the log: nothing is gained by saving at once.
        if (time.GetElapsedTime(state.SavedAt, now) < saveEvery) return false;
        state.SavedAt = now;
        return true;
    }
}
