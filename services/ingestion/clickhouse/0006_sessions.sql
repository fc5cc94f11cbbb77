create table if not exists {{table sessions}}
(
    organisation UUID comment 'Whose visitor it is.' codec(ZSTD(1)),
    day Date comment 'The day of the events, in UTC: a session over midnight has a row in each.' codec(ZSTD(1)),
    session_id String
        comment 'The sender''s session: for many senders a moment, so that only with anonymous_id it is one visit.'
        codec(ZSTD(1)),
    anonymous_id String comment 'The sender''s name for the device or browser.' codec(ZSTD(1)),
    person SimpleAggregateFunction(any, String) comment 'Who: ask for any(person).' codec(ZSTD(1)),
    started_at SimpleAggregateFunction(min, DateTime64(3, 'UTC'))
        comment 'Its first event: ask for min(started_at).' codec(T64, ZSTD(1)),
    ended_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
        comment 'Its last event: ask for max(ended_at).' codec(T64, ZSTD(1)),
    events SimpleAggregateFunction(sum, UInt64)
        comment 'How many events: ask for sum(events).' codec(T64, ZSTD(1)),
    pages SimpleAggregateFunction(sum, UInt64)
        comment 'How many of them were pages or screens: ask for sum(pages).' codec(T64, ZSTD(1)),
    revenue SimpleAggregateFunction(sum, Decimal(38, 4)) comment 'Revenue: ask for sum(revenue).' codec(ZSTD(1)),
    entry_page AggregateFunction(argMin, String, DateTime64(3, 'UTC'))
        comment 'Address of its first event: ask for argMinMerge(entry_page).' codec(ZSTD(1)),
    utm_campaign AggregateFunction(argMin, String, DateTime64(3, 'UTC'))
        comment 'utm_campaign of its first event: ask for argMinMerge(utm_campaign).' codec(ZSTD(1))
)
engine = {{engine AggregatingMergeTree}}
partition by toYYYYMM(day)
order by (organisation, day, session_id, anonymous_id)
ttl day + interval {{sessions_days}} day
settings {{deduplication}},
    ttl_only_drop_parts = 1
comment 'A row per session and day, of those events whose sender tells a session.';

{{distributed sessions by cityHash64(organisation, anonymous_id, session_id)}}

create materialized view if not exists {{view events_to_sessions}} to {{local sessions}} as
select
    organisation,
    toDate(at) as day,
    session_id,
    anonymous_id,
    any(person) as person,
    min(at) as started_at,
    max(at) as ended_at,
    count() as events,
    countIf(type in ('page', 'screen')) as pages,
    sum(revenue) as revenue,
    argMinState(page_url, at) as entry_page,
    argMinState(toString(utm_campaign), at) as utm_campaign
from {{local events}} as e
where e.session_id != ''
group by organisation, day, session_id, anonymous_id;
