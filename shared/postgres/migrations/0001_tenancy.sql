-- Names of the service's roles; all follow from the owner of its schema.
create function tributary_role(kind text) returns name
    language sql stable set search_path from current
return (
    select regexp_replace(pg_get_userbyid(nspowner), '_owner$', '_' || kind)::name
    from pg_namespace
    where nspname = current_schema());

-- Puts a table under the organisation's policy, also for its owner, and grants it to requests and consumers.
create function tributary_guard(guarded regclass) returns void
    language plpgsql set search_path from current
as $$
begin
    if not exists (
        select from pg_attribute
        where attrelid = guarded and attname = 'organisation' and atttypid = 'uuid'::regtype and attnotnull)
    then
        raise exception 'table % has no column "organisation uuid not null"', guarded;
    end if;

    execute format('alter table %s enable row level security', guarded);
    execute format('alter table %s force row level security', guarded);
    execute format('drop policy if exists organisation on %s', guarded);
    -- The subselect is read once a statement; without it the list is parsed for every row.
    execute format($policy$
        create policy organisation on %s
        using (organisation = any(
            (select string_to_array(current_setting('tributary.organisations', true), ',')::uuid[])::uuid[]))
        $policy$, guarded);
    execute format('grant select, insert, update, delete on %s to %I, %I',
        guarded, tributary_role('request'), tributary_role('consumer'));
end
$$;

-- Lets one named function read the given tables across organisations, and requests and consumers call it.
create function tributary_lookup(looking regprocedure, variadic tables regclass[]) returns void
    language plpgsql set search_path from current
as $$
declare
    lookup name := tributary_role('lookup');
    guarded regclass;
begin
    foreach guarded in array tables loop
        execute format('drop policy if exists lookup on %s', guarded);
        execute format('create policy lookup on %s for select to %I using (true)', guarded, lookup);
        execute format('grant select on %s to %I', guarded, lookup);
    end loop;

    execute format('alter function %s security definer set search_path = %I, pg_temp', looking, current_schema());
    execute format('revoke execute on function %s from public', looking);
    execute format('grant execute on function %s to %I, %I',
        looking, tributary_role('request'), tributary_role('consumer'));
    execute format('grant create on schema %I to %I', current_schema(), lookup);
    execute format('alter function %s owner to %I', looking, lookup);
    execute format('revoke create on schema %I from %I', current_schema(), lookup);
end
$$;

revoke execute on function tributary_guard(regclass), tributary_lookup(regprocedure, regclass[]) from public;
