create table outbox_head (
    only_row boolean primary key default true check (only_row),
    outbox_id uuid not null default gen_random_uuid(),
    position bigint not null default 0,
    database text not null
);

comment on table outbox_head is
    'The last position taken. Its row is locked until commit, so positions grow in commit order.';
comment on column outbox_head.database is
    'The database that took it; another one is a restored copy and takes a new outbox id.';

create table outbox (
    position bigint primary key,
    outbox_id uuid not null,
    topic text not null,
    key bytea,
    value bytea,
    headers jsonb not null default '{}',
    appended_at timestamptz not null default clock_timestamp()
);

comment on column outbox.outbox_id is
    'Of the database that appended it; kept by a restored one, whose readers skip what was sent.';

create table outbox_sent (
    only_row boolean primary key default true check (only_row),
    position bigint not null default 0
);

comment on table outbox_sent is 'Every message up to this position was acknowledged by Kafka.';

-- Which database this is: server, timeline (changed by point-in-time recovery and fail-over), and oid (by a dump).
create function outbox_database() returns text
    language sql volatile set search_path from current
return (
    select system_identifier || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8) || '/' || oid
    from pg_control_system(), pg_database
    where datname = current_database());

-- The last statement of a transaction: takes a position for each message and inserts them.
create function outbox_append(topics text[], keys bytea[], contents bytea[], header_sets jsonb[]) returns bigint
    language plpgsql security definer set search_path from current
as $$
declare
    here text := outbox_database();
    head outbox_head;
begin
    update outbox_head
    set position = position + cardinality(topics),
        outbox_id = case when database = here then outbox_id else gen_random_uuid() end,
        database = here
    returning * into strict head;

    insert into outbox (position, outbox_id, topic, key, value, headers)
    select head.position - cardinality(topics) + number, head.outbox_id, topic, key, content, header_set
    from unnest(topics, keys, contents, header_sets) with ordinality
        as message (topic, key, content, header_set, number);

    perform pg_notify('outbox.' || current_schema(), '');
    return head.position;
end
$$;

-- For a copy that can't be told from its original, such as a disk snapshot: before it takes its first message.
create function outbox_renew() returns uuid
    language sql set search_path from current
begin atomic
    update outbox_head
    set outbox_id = gen_random_uuid()
    returning outbox_id;
end;

revoke execute on function outbox_append(text[], bytea[], bytea[], jsonb[]), outbox_renew() from public;

insert into outbox_head (database) values (outbox_database());
insert into outbox_sent default values;

do $$
begin
    execute format('grant execute on function outbox_append(text[], bytea[], bytea[], jsonb[]) to %I, %I',
        tributary_role('request'), tributary_role('consumer'));
    execute format('grant select, delete on outbox to %I', tributary_role('relay'));
    execute format('grant select on outbox_head to %I', tributary_role('relay'));
    execute format('grant select, update on outbox_sent to %I', tributary_role('relay'));
end
$$;
