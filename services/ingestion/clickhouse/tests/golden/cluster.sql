-- 0001_events.sql
create table if not exists events_local on cluster tributary
(
    organisation UUID comment 'Whose event it is.' codec(ZSTD(1)),
    event LowCardinality(String)
        comment 'The name of a track event; otherwise the type (page, screen, identify, group, alias, merge).'
        codec(ZSTD(1)),
    at DateTime64(3, 'UTC')
        comment 'When it happened, corrected for the skew of the sender''s clock; received_at where absurd.'
        codec(T64, ZSTD(1)),
    person String comment 'Who: user_id where it is known, anonymous_id otherwise.' codec(ZSTD(1)),
    message_id String comment 'The sender''s name for the event; each counts once.' codec(ZSTD(1)),
    type LowCardinality(String)
        comment 'track, identify, page, screen, group, alias, merge, or whatever else a sender says.' codec(ZSTD(1)),
    source UUID comment 'The source whose write key was used.' codec(ZSTD(1)),
    app UUID comment 'The app that the source belongs to.' codec(ZSTD(1)),
    user_id String comment 'The sender''s name for a known person; empty when unknown.' codec(ZSTD(1)),
    anonymous_id String comment 'The sender''s name for a device or browser.' codec(ZSTD(1)),
    previous_id String comment 'Of alias and merge: the name that the person had before.' codec(ZSTD(1)),
    group_id String comment 'Of group: the sender''s name for the group.' codec(ZSTD(1)),
    session_id String comment 'The sender''s session; empty when it tells none.' codec(ZSTD(1)),
    session_start Bool comment 'The first event of its session, as the sender says.' codec(T64, ZSTD(1)),
    received_at DateTime64(3, 'UTC')
        comment 'When the edge had read the request.' codec(T64, ZSTD(1)),
    channel LowCardinality(String) comment 'web, mobile, server, as the sender says.' codec(ZSTD(1)),
    name String comment 'Of page and screen: its name.' codec(ZSTD(1)),
    page_url String comment 'The address of the page.' codec(ZSTD(1)),
    referrer String comment 'Where the visitor came from.' codec(ZSTD(1)),
    utm_source LowCardinality(String) comment 'utm_source of the visit.' codec(ZSTD(1)),
    utm_medium LowCardinality(String) comment 'utm_medium of the visit.' codec(ZSTD(1)),
    utm_campaign LowCardinality(String) comment 'utm_campaign of the visit.' codec(ZSTD(1)),
    utm_term String comment 'utm_term of the visit.' codec(ZSTD(1)),
    utm_content String comment 'utm_content of the visit.' codec(ZSTD(1)),
    click_ids Map(LowCardinality(String), String)
        comment 'The click ids of ad platforms, by parameter (gclid, fbclid, ttclid).' codec(ZSTD(1)),
    country LowCardinality(String) comment 'ISO 3166-1 alpha-2, upper case; empty when unknown.' codec(ZSTD(1)),
    region LowCardinality(String) comment 'ISO 3166-2 without the country.' codec(ZSTD(1)),
    city LowCardinality(String) comment 'In English.' codec(ZSTD(1)),
    device LowCardinality(String) comment 'desktop, mobile, tablet, tv, console, other.' codec(ZSTD(1)),
    os LowCardinality(String) comment 'The operating system''s name.' codec(ZSTD(1)),
    browser LowCardinality(String) comment 'The browser''s or app''s name.' codec(ZSTD(1)),
    bot Bool comment 'The user agent says that this is a program.' codec(T64, ZSTD(1)),
    revenue Decimal(18, 4)
        comment 'properties.revenue, or value, in its currency; 0 when there is none.' codec(ZSTD(1)),
    currency LowCardinality(String) comment 'ISO 4217, as the sender says.' codec(ZSTD(1)),
    properties String comment 'The event''s properties, JSON as received.' codec(ZSTD(3)),
    context String comment 'The event''s context, JSON as received.' codec(ZSTD(1)),
    traits String comment 'The person''s traits, JSON as received.' codec(ZSTD(1)),
    index message_id_seen message_id type bloom_filter(0.001) granularity 4,
    index person_seen person type bloom_filter(0.01) granularity 4
)
engine = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
partition by toYYYYMM(at)
order by (organisation, event, toStartOfHour(at), person)
ttl toDateTime(at) + interval 730 day
settings replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800,
    ttl_only_drop_parts = 1
comment 'Every event, each message id once. Ask with organisation first, then event and a span of at.';

create table if not exists events on cluster tributary as events_local
engine = Distributed(tributary, currentDatabase(), events_local, cityHash64(organisation, person));


-- 0002_events_rejected.sql
create table if not exists events_rejected_local on cluster tributary
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
engine = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
partition by toYYYYMM(received_at)
order by (organisation, reason, received_at)
ttl toDateTime(received_at) + interval 90 day
settings replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800,
    ttl_only_drop_parts = 1
comment 'What came in after authentication and was refused, and why.';

create table if not exists events_rejected on cluster tributary as events_rejected_local
engine = Distributed(tributary, currentDatabase(), events_rejected_local, cityHash64(organisation));


-- 0003_events_hourly.sql
create table if not exists events_hourly_local on cluster tributary
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
engine = ReplicatedSummingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', (events, revenue))
partition by toYYYYMM(hour)
order by (organisation, event, hour, utm_source, utm_campaign, country, device, currency)
ttl hour + interval 1826 day
settings replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800,
    ttl_only_drop_parts = 1
comment 'Counts and revenue by hour. Rows are summed in the background: always ask for sum(events), sum(revenue).';

create table if not exists events_hourly on cluster tributary as events_hourly_local
engine = Distributed(tributary, currentDatabase(), events_hourly_local, cityHash64(organisation));


create materialized view if not exists events_to_hourly on cluster tributary to events_hourly_local as
select
    organisation,
    toStartOfHour(toDateTime(at, 'UTC')) as hour,
    event, utm_source, utm_campaign, country, device, currency,
    count() as events,
    sum(revenue) as revenue
from events_local
group by organisation, event, hour, utm_source, utm_campaign, country, device, currency;

-- 0004_events_daily.sql
create table if not exists events_daily_local on cluster tributary
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
engine = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
partition by toYYYYMM(day)
order by (organisation, event, day, utm_campaign, currency)
ttl day + interval 1826 day
settings replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800,
    ttl_only_drop_parts = 1
comment 'Counts, revenue and distinct people by day and campaign.';

create table if not exists events_daily on cluster tributary as events_daily_local
engine = Distributed(tributary, currentDatabase(), events_daily_local, cityHash64(organisation));


create materialized view if not exists events_to_daily on cluster tributary to events_daily_local as
select
    organisation,
    toDate(at) as day,
    event, utm_campaign, currency,
    count() as events,
    sum(revenue) as revenue,
    uniqCombined64State(12)(person) as people
from events_local
group by organisation, event, day, utm_campaign, currency;

-- 0005_users_daily.sql
create table if not exists users_daily_local on cluster tributary
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
engine = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
partition by toYYYYMM(day)
order by (organisation, day, person, utm_campaign)
ttl day + interval 1826 day
settings replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800,
    ttl_only_drop_parts = 1
comment 'A row per person, active day and campaign: retention, lifetime value, first touch.';

create table if not exists users_daily on cluster tributary as users_daily_local
engine = Distributed(tributary, currentDatabase(), users_daily_local, cityHash64(organisation, person));


create materialized view if not exists events_to_users_daily on cluster tributary to users_daily_local as
select
    organisation,
    person,
    toDate(at) as day,
    utm_campaign,
    count() as events,
    sum(revenue) as revenue,
    min(at) as first_at,
    max(at) as last_at
from events_local
group by organisation, day, person, utm_campaign;

-- 0006_sessions.sql
create table if not exists sessions_local on cluster tributary
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
engine = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
partition by toYYYYMM(day)
order by (organisation, day, session_id, anonymous_id)
ttl day + interval 365 day
settings replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800,
    ttl_only_drop_parts = 1
comment 'A row per session and day, of those events whose sender tells a session.';

create table if not exists sessions on cluster tributary as sessions_local
engine = Distributed(tributary, currentDatabase(), sessions_local, cityHash64(organisation, anonymous_id, session_id));


create materialized view if not exists events_to_sessions on cluster tributary to sessions_local as
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
from events_local as e
where e.session_id != ''
group by organisation, day, session_id, anonymous_id;

-- 0007_funnel_steps.sql
create table if not exists funnel_steps_local on cluster tributary
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
engine = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
partition by toYYYYMM(day)
order by (organisation, event, day, person)
ttl day + interval 730 day
settings replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800,
    ttl_only_drop_parts = 1
comment 'Who took which step on which day: funnels without reading every event.';

create table if not exists funnel_steps on cluster tributary as funnel_steps_local
engine = Distributed(tributary, currentDatabase(), funnel_steps_local, cityHash64(organisation, person));


create materialized view if not exists events_to_funnel_steps on cluster tributary to funnel_steps_local as
select
    organisation,
    event,
    toDate(at) as day,
    person,
    min(at) as first_at,
    count() as times
from events_local
group by organisation, event, day, person;

-- 0008_stored_at.sql
alter table events_local on cluster tributary add column if not exists
    stored_at DateTime64(3, 'UTC') default now64(3)
        comment 'When it came into ClickHouse.' codec(T64, ZSTD(1));

alter table events on cluster tributary add column if not exists
    stored_at DateTime64(3, 'UTC') default now64(3)
        comment 'When it came into ClickHouse.';

alter table events_rejected_local on cluster tributary add column if not exists
    stored_at DateTime64(3, 'UTC') default now64(3)
        comment 'When it came into ClickHouse.' codec(T64, ZSTD(1));

alter table events_rejected on cluster tributary add column if not exists
    stored_at DateTime64(3, 'UTC') default now64(3)
        comment 'When it came into ClickHouse.';

alter table events_local on cluster tributary add index if not exists received_span
    received_at type minmax granularity 1;

-- 0009_events_repeated.sql
create table if not exists events_repeated_local on cluster tributary
(
    organisation UUID comment 'Whose events they were.',
    source UUID comment 'The source whose write key was used.' codec(ZSTD(1)),
    at DateTime('UTC')
        comment 'When the next event that was no repeat came into Kafka.' codec(DoubleDelta, ZSTD(1)),
    repeats UInt64 comment 'How many events came again and were left out: ask for sum(repeats).' codec(T64, ZSTD(1))
)
engine = ReplicatedSummingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', repeats)
partition by toYYYYMM(at)
order by (organisation, source, at)
ttl at + interval 90 day
settings replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800
comment 'Events whose message id had come before. They are counted here and nowhere else.';

create table if not exists events_repeated on cluster tributary as events_repeated_local
engine = Distributed(tributary, currentDatabase(), events_repeated_local, cityHash64(organisation));


