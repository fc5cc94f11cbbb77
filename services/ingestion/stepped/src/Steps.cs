namespace Tributary.Stepped;

/// <summary>Where a test may stop the program; each is reached before the next step begins.</summary>
public static class Steps
{
    /// <summary>Recipe 2: the tail was read and the window restored.</summary>
    public const string PlaceFound = "the place was found";

    /// <summary>Recipe 2: what is written of a batch is decided; none of it is sent.</summary>
    public const string BatchDecided = "a batch was decided";

    /// <summary>Recipe 2: all of a batch is in events.v1.</summary>
    public const string BatchAcknowledged = "a batch was acknowledged";

    /// <summary>Recipe 2: the window is at the batch's end.</summary>
    public const string BatchKept = "a batch was kept";

    /// <summary>Recipe 5: the ledger's row is made and not committed.</summary>
    public const string BoundsMade = "the bounds were made";

    /// <summary>Recipe 5: the bounds are written down; nothing is inserted.</summary>
    public const string BoundsWrittenDown = "the bounds were written down";

    /// <summary>Recipe 5: ClickHouse has answered; nothing is marked.</summary>
    public const string BlockInserted = "the block was inserted";

    /// <summary>Recipe 5: the mark is made and not committed.</summary>
    public const string MarkMade = "the mark was made";

    /// <summary>Recipe 5: the block is marked.</summary>
    public const string BlockMarked = "the block was marked";
}
