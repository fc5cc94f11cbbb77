create table if not exists {{table events_repeated}}
(
    organisation UUID comment 'Whose events they were.',
    source UUID comment 'The source whose write key was used.' codec(ZSTD(1)),
    at DateTime('UTC')
        comment 'When the next event that was no repeat came into Kafka.' codec(DoubleDelta, ZSTD(1)),
    repeats UInt64 comment 'How many events came again and were left out: ask for sum(repeats).' codec(T64, ZSTD(1))
)
engine = {{engine SummingMergeTree(repeats)}}
partition by toYYYYMM(at)
order by (organisation, source, at)
ttl at + interval {{rejected_days}} day
settings {{deduplication}}
comment 'Events whose message id had come before. They are counted here and nowhere else.';

{{distributed events_repeated by cityHash64(organisation)}}
