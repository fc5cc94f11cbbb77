alter table {{table events}} add column if not exists
    stored_at DateTime64(3, 'UTC') default now64(3)
        comment 'When it came into ClickHouse.' codec(T64, ZSTD(1));

alter table {{view events}} add column if not exists
    stored_at DateTime64(3, 'UTC') default now64(3)
        comment 'When it came into ClickHouse.';

alter table {{table events_rejected}} add column if not exists
    stored_at DateTime64(3, 'UTC') default now64(3)
        comment 'When it came into ClickHouse.' codec(T64, ZSTD(1));

alter table {{view events_rejected}} add column if not exists
    stored_at DateTime64(3, 'UTC') default now64(3)
        comment 'When it came into ClickHouse.';

alter table {{table events}} add index if not exists received_span
    received_at type minmax granularity 1;
