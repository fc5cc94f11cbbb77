create table if not exists {{table events_hourly}}
(
    organisation UUID comment 'Whose events they are.',
    hour DateTime('UTC') comment 'The hour of the events'' own time.' codec(DoubleDelta, ZSTD(1)),
    event LowCardinality(String) comment 'The events'' name.' codec(ZSTD(1)),
    utm_source LowCardinality(String) comment 'utm_source of the visits.' codec(ZSTD(1)),
    utm_campaign LowCardinality(String) comment 'utm_campaign of the visits.' codec(ZSTD(1)),
    country LowCardinality(String) comment 'Country of the visitors.' codec(ZSTD(1)),
    device LowCardinality(String) comment 'Kind of device.' codec(ZSTD(1)),
    currency LowCardinality(String) comment 'Currency of the revenue.' codec(ZSTD(1)),
    events UInt64 comment 'How many.' codec(T64, ZSTD(1)),
    revenue Decimal(38, 4) comment 'Their revenue together.' codec(ZSTD(1))
)
engine = {{engine SummingMergeTree((events, revenue))}}
partition by toYYYYMM(hour)
order by (organisation, event, hour, utm_source, utm_campaign, country, device, currency)
ttl hour + interval {{daily_days}} day
settings {{deduplication}},
    ttl_only_drop_parts = 1
comment 'Counts and revenue by hour. Rows are summed in the background: always ask for sum(events), sum(revenue).';

{{distributed events_hourly by cityHash64(organisation)}}

create materialized view if not exists {{view events_to_hourly}} to {{local events_hourly}} as
select
    organisation,
    toStartOfHour(toDateTime(at, 'UTC')) as hour,
    event, utm_source, utm_campaign, country, device, currency,
    count() as events,
    sum(revenue) as revenue
from {{local events}}
group by organisation, event, hour, utm_source, utm_campaign, country, device, currency;
