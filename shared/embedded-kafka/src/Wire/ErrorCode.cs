namespace Tributary.EmbeddedKafka.Wire;

/// <summary>Kafka's error codes, those that this broker gives.</summary>
internal static class ErrorCode
{
    public const short UnknownServerError = -1;
    public const short None = 0;
    public const short OffsetOutOfRange = 1;
    public const short CorruptMessage = 2;
    public const short UnknownTopicOrPartition = 3;
    public const short MessageTooLarge = 10;
    public const short OffsetMetadataTooLarge = 12;
    public const short CoordinatorLoadInProgress = 14;
    public const short CoordinatorNotAvailable = 15;
    public const short InvalidTopic = 17;
    public const short RecordListTooLarge = 18;
    public const short InvalidRequiredAcks = 21;
    public const short IllegalGeneration = 22;
    public const short InconsistentGroupProtocol = 23;
    public const short InvalidGroupId = 24;
    public const short UnknownMemberId = 25;
    public const short InvalidSessionTimeout = 26;
    public const short RebalanceInProgress = 27;
    public const short InvalidTimestamp = 32;
    public const short UnsupportedVersion = 35;
    public const short TopicAlreadyExists = 36;
    public const short InvalidPartitions = 37;
    public const short InvalidReplicationFactor = 38;
    public const short InvalidReplicaAssignment = 39;
    public const short InvalidConfig = 40;
    public const short InvalidRequest = 42;
    public const short UnsupportedForMessageFormat = 43;
    public const short PolicyViolation = 44;
    public const short OutOfOrderSequenceNumber = 45;
    public const short InvalidProducerEpoch = 47;
    public const short TransactionalIdNotFound = 105;
    public const short StorageError = 56;
    public const short InvalidTxnState = 48;
    public const short UnknownProducerId = 59;
    public const short NonEmptyGroup = 68;
    public const short GroupIdNotFound = 69;
    public const short FetchSessionIdNotFound = 70;
    public const short InvalidFetchSessionEpoch = 71;
    public const short FencedLeaderEpoch = 74;
    public const short UnknownLeaderEpoch = 75;
    public const short UnsupportedCompressionType = 76;
    public const short MemberIdRequired = 79;
    public const short GroupMaxSizeReached = 81;
    public const short FencedInstanceId = 82;
    public const short InvalidRecord = 87;
    public const short GroupSubscribedToTopic = 86;
    public const short MismatchedEndpointType = 114;
    public const short UnknownTopicId = 100;
    public const short InconsistentTopicId = 103;
}
