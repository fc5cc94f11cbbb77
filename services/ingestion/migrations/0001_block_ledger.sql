-- The one block of each partition that may be in ClickHouse already: written down before it is inserted.
create table block_ledger (
    consumer text not null,
    topic_id uuid not null,
    partition int not null check (partition >= 0),
    first_offset bigint not null,
    next_offset bigint not null check (next_offset > first_offset),
    written_down_at timestamptz not null default now(),
    inserted_at timestamptz,
    primary key (consumer, topic_id, partition)
) with (fillfactor = 50);

comment on table block_ledger is
    'The last block of each partition. One without inserted_at is repeated, exactly, before any other is begun.';
comment on column block_ledger.first_offset is
    'The stored offset that it began at, which stays in kafka_offset until it is inserted.';
comment on column block_ledger.inserted_at is 'When ClickHouse had answered.';

do $$
begin
    execute format('grant select, insert, update on block_ledger to %I', tributary_role('consumer'));
end
$$;
