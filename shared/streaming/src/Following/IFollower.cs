using Google.Protobuf;

namespace Tributary.Streaming.Following;

/// <summary>What keeps the latest states of a topic in memory. All of it is called by one thread.</summary>
public interface IFollower<in TState> where TState : IMessage<TState>
{
    /// <summary>
    /// A state, possibly an old one or one that came before: whoever keeps it keeps the highest version. After a topic
    /// was made anew or truncated, all states come again; none is taken back.
    /// </summary>
    void Learn(TState state);

    /// <summary>No more is at hand, or enough was learnt: time to show it.</summary>
    void Show();
}
