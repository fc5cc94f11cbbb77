create table if not exists {{table events_rejected}}
(
    organisation UUID comment 'Whose request it was.' codec(ZSTD(1)),
    received_at DateTime64(3, 'UTC')
        comment 'When the edge had read the request.' codec(T64, ZSTD(1)),
    reason LowCardinality(String)
        comment 'Why it was refused, of a closed list: invalid_json, no_identity, too_large, schema, quota, …'
        codec(ZSTD(1)),
    source UUID comment 'The source whose write key was used.' codec(ZSTD(1)),
    rejection UUID comment 'This refusal''s own name, for show and replay.' codec(ZSTD(1)),
    route LowCardinality(String) comment 'The path that it came by.' codec(ZSTD(1)),
    detail String comment 'Why, for a person: which field, which bound.' codec(ZSTD(1)),
    message_id String comment 'The sender''s name for the event, where it could be read.' codec(ZSTD(1)),
    position UInt32 comment 'Its place in the batch, from 0.' codec(ZSTD(1)),
    body String comment 'What came, at most 64 KB of it.' codec(ZSTD(3)),
    truncated Bool comment 'The body was longer than what is kept of it.' codec(T64, ZSTD(1))
)
engine = {{engine MergeTree}}
partition by toYYYYMM(received_at)
order by (organisation, reason, received_at)
ttl toDateTime(received_at) + interval {{rejected_days}} day
settings {{deduplication}},
    ttl_only_drop_parts = 1
comment 'What came in after authentication and was refused, and why.';

{{distributed events_rejected by cityHash64(organisation)}}
