create table if not exists {{table events_daily}}
(
    organisation UUID comment 'Whose events they are.',
    day Date comment 'The day, in UTC, of the events'' own time.' codec(DoubleDelta, ZSTD(1)),
    event LowCardinality(String) comment 'The events'' name.' codec(ZSTD(1)),
    utm_campaign LowCardinality(String) comment 'utm_campaign of the visits.' codec(ZSTD(1)),
    currency LowCardinality(String) comment 'Currency of the revenue.' codec(ZSTD(1)),
    events SimpleAggregateFunction(sum, UInt64) comment 'How many: ask for sum(events).',
    revenue SimpleAggregateFunction(sum, Decimal(38, 4)) comment 'Their revenue: ask for sum(revenue).',
    people AggregateFunction(uniqCombined64(12), String)
        comment 'Distinct people, within 2 %: ask for uniqCombined64Merge(12)(people).'
)
engine = {{engine AggregatingMergeTree}}
partition by toYYYYMM(day)
order by (organisation, event, day, utm_campaign, currency)
ttl day + interval {{daily_days}} day
settings {{deduplication}},
    ttl_only_drop_parts = 1
comment 'Counts, revenue and distinct people by day and campaign.';

{{distributed events_daily by cityHash64(organisation)}}

create materialized view if not exists {{view events_to_daily}} to {{local events_daily}} as
select
    organisation,
    toDate(at) as day,
    event, utm_campaign, currency,
    count() as events,
    sum(revenue) as revenue,
    uniqCombined64State(12)(person) as people
from {{local events}}
group by organisation, event, day, utm_campaign, currency;
