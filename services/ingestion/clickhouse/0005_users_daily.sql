create table if not exists {{table users_daily}}
(
    organisation UUID comment 'Whose person it is.',
    person String comment 'Who: user_id where it is known, anonymous_id otherwise.' codec(ZSTD(1)),
    day Date comment 'The day, in UTC.' codec(DoubleDelta, ZSTD(1)),
    events SimpleAggregateFunction(sum, UInt64) comment 'Events of that day: ask for sum(events).',
    revenue SimpleAggregateFunction(sum, Decimal(38, 4)) comment 'Revenue of that day: ask for sum(revenue).',
    first_at SimpleAggregateFunction(min, DateTime64(3, 'UTC'))
        comment 'The first event of the day: ask for min(first_at).',
    last_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
        comment 'The last event of the day: ask for max(last_at).',
    first_campaign AggregateFunction(argMin, String, DateTime64(3, 'UTC'))
        comment 'utm_campaign of the first event of the day: ask for argMinMerge(first_campaign).'
)
engine = {{engine AggregatingMergeTree}}
partition by toYYYYMM(day)
order by (organisation, day, person)
ttl day + interval {{daily_days}} day
settings {{deduplication}}
comment 'A row per person and active day: retention, lifetime value, first touch.';

{{distributed users_daily by cityHash64(organisation, person)}}

create materialized view if not exists {{view events_to_users_daily}} to {{local users_daily}} as
select
    organisation,
    person,
    toDate(at) as day,
    count() as events,
    sum(revenue) as revenue,
    min(at) as first_at,
    max(at) as last_at,
    argMinState(toString(utm_campaign), at) as first_campaign
from {{local events}}
group by organisation, day, person;
