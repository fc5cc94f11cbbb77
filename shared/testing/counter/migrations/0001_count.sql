-- One row per event as it was handled. Nothing here is unique by message: an event handled twice is to show.
create table handled (
    organisation uuid not null,
    line bigint generated always as identity,
    message_id text not null,
    place text not null,
    handled_at timestamptz not null default clock_timestamp(),
    primary key (organisation, line)
);

select tributary_guard('handled');

create table tally (
    organisation uuid not null,
    person text not null,
    events bigint not null check (events > 0),
    primary key (organisation, person)
);

select tributary_guard('tally');
