create table kafka_offset (
    consumer text not null,
    topic text not null,
    topic_id uuid not null,
    partition int not null check (partition >= 0),
    next_offset bigint not null check (next_offset >= 0),
    positions jsonb not null default '{}',
    moved_at timestamptz not null default now(),
    primary key (consumer, topic_id, partition)
);

comment on table kafka_offset is
    'Where each consumer goes on in a partition; moved in the transaction that keeps the rows.';
comment on column kafka_offset.positions is 'The highest position kept of each source (topic id or outbox id).';

create index kafka_offset_topic on kafka_offset (consumer, topic, partition);

create table rejected_origin (
    consumer text not null,
    topic_id uuid not null,
    partition int not null,
    "offset" bigint not null,
    rejected_at timestamptz not null default now(),
    applied_at timestamptz,
    primary key (consumer, topic_id, partition, "offset")
);

comment on table rejected_origin is
    'Records that went to dead letters. One that comes back by the retry topic is applied if it is here, and once.';
comment on column rejected_origin.rejected_at is
    'The last time. Lines are deleted 90 days after it, when no dead letter of it can be replayed any more.';

create index rejected_origin_age on rejected_origin (rejected_at);

do $$
begin
    execute format('grant select, insert, update on kafka_offset to %I', tributary_role('consumer'));
    execute format('grant select, insert, update, delete on rejected_origin to %I', tributary_role('consumer'));
end
$$;
