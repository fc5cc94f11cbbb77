create table if not exists {{table sessions}}
(
    organisation UUID comment 'Whose visitor it is.',
    month Date comment 'The month of the events: a session over midnight of its last day has a row in each.',
    session_id String comment 'The sender''s session.' codec(ZSTD(1)),
    person SimpleAggregateFunction(any, String) comment 'Who: ask for any(person).' codec(ZSTD(1)),
    started_at SimpleAggregateFunction(min, DateTime64(3, 'UTC'))
        comment 'Its first event: ask for min(started_at).',
    ended_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
        comment 'Its last event: ask for max(ended_at).',
    events SimpleAggregateFunction(sum, UInt64) comment 'How many events: ask for sum(events).',
    pages SimpleAggregateFunction(sum, UInt64)
        comment 'How many of them were pages or screens: ask for sum(pages).',
    revenue SimpleAggregateFunction(sum, Decimal(38, 4)) comment 'Revenue: ask for sum(revenue).',
    entry_page AggregateFunction(argMin, String, DateTime64(3, 'UTC'))
        comment 'Address of its first event: ask for argMinMerge(entry_page).',
    utm_campaign AggregateFunction(argMin, String, DateTime64(3, 'UTC'))
        comment 'utm_campaign of its first event: ask for argMinMerge(utm_campaign).'
)
engine = {{engine AggregatingMergeTree}}
partition by toYYYYMM(month)
order by (organisation, month, session_id)
ttl month + interval {{sessions_days}} day
settings {{deduplication}}
comment 'A row per session, of those events whose sender tells one.';

{{distributed sessions by cityHash64(organisation, session_id)}}

create materialized view if not exists {{view events_to_sessions}} to {{local sessions}} as
select
    organisation,
    toStartOfMonth(toDate(at)) as month,
    session_id,
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
group by organisation, month, session_id;
