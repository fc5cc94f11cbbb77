create table if not exists {{table events}}
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
engine = {{engine MergeTree}}
partition by toYYYYMM(at)
order by (organisation, event, toStartOfHour(at), person)
ttl toDateTime(at) + interval {{events_days}} day
settings {{deduplication}},
    ttl_only_drop_parts = 1
comment 'Every event, each message id once. Ask with organisation first, then event and a span of at.';

{{distributed events by cityHash64(organisation, person)}}
