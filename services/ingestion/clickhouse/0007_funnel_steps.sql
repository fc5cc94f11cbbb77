create table if not exists {{table funnel_steps}}
(
    organisation UUID comment 'Whose person it is.',
    event LowCardinality(String) comment 'The step: an event''s name.' codec(ZSTD(1)),
    day Date comment 'The day, in UTC.' codec(DoubleDelta, ZSTD(1)),
    person String comment 'Who took it.' codec(ZSTD(1)),
    first_at SimpleAggregateFunction(min, DateTime64(3, 'UTC'))
        comment 'When first on that day: ask for min(first_at).' codec(T64, ZSTD(1)),
    times SimpleAggregateFunction(sum, UInt64)
        comment 'How often on that day: ask for sum(times).' codec(T64, ZSTD(1))
)
engine = {{engine AggregatingMergeTree}}
partition by toYYYYMM(day)
order by (organisation, event, day, person)
ttl day + interval {{events_days}} day
settings {{deduplication}},
    ttl_only_drop_parts = 1
comment 'Who took which step on which day: funnels without reading every event.';

{{distributed funnel_steps by cityHash64(organisation, person)}}

create materialized view if not exists {{view events_to_funnel_steps}} to {{local funnel_steps}} as
select
    organisation,
    event,
    toDate(at) as day,
    person,
    min(at) as first_at,
    count() as times
from {{local events}}
group by organisation, event, day, person;
