create table if not exists {{table users_daily}}
(
    organisation UUID comment 'Whose person it is.' codec(ZSTD(1)),
    person String comment 'Who: user_id where it is known, anonymous_id otherwise.' codec(ZSTD(1)),
    day Date comment 'The day, in UTC.' codec(DoubleDelta, ZSTD(1)),
    utm_campaign LowCardinality(String)
        comment 'utm_campaign of the events; of the first: ask for argMin(utm_campaign, first_at).' codec(ZSTD(1)),
    events SimpleAggregateFunction(sum, UInt64)
        comment 'Events of that day: ask for sum(events).' codec(T64, ZSTD(1)),
    revenue SimpleAggregateFunction(sum, Decimal(38, 4))
        comment 'Revenue of that day: ask for sum(revenue).' codec(ZSTD(1)),
    first_at SimpleAggregateFunction(min, DateTime64(3, 'UTC'))
        comment 'The first event of the day: ask for min(first_at).' codec(T64, ZSTD(1)),
    last_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
        comment 'The last event of the day: ask for max(last_at).' codec(T64, ZSTD(1))
)
engine = {{engine AggregatingMergeTree}}
partition by toYYYYMM(day)
order by (organisation, day, person, utm_campaign)
ttl day + interval {{daily_days}} day
settings {{deduplication}},
    ttl_only_drop_parts = 1
comment 'A row per person, active day and campaign: retention, lifetime value, first touch.';

{{distributed users_daily by cityHash64(organisation, person)}}

create materialized view if not exists {{view events_to_users_daily}} to {{local users_daily}} as
select
    organisation,
    person,
    toDate(at) as day,
    utm_campaign,
    count() as events,
    sum(revenue) as revenue,
    min(at) as first_at,
    max(at) as last_at
from {{local events}}
group by organisation, day, person, utm_campaign;
