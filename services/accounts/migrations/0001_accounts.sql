create table organization (
    organisation uuid not null primary key,
    name text not null,
    suspended boolean not null default false,
    events_per_second bigint not null default 0,
    events_per_month bigint not null default 0,
    version bigint not null default 0,
    created_at timestamptz not null,
    changed_at timestamptz not null
);
select tributary_guard('organization');

create table app (
    organisation uuid not null references organization,
    app uuid not null,
    name text not null,
    created_at timestamptz not null,
    primary key (organisation, app),
    unique (organisation, name)
);
select tributary_guard('app');

create table source (
    organisation uuid not null,
    source uuid not null,
    app uuid not null,
    name text not null,
    kind text not null,
    enabled boolean not null,
    allowed_origins text[] not null,
    created_at timestamptz not null,
    primary key (organisation, source),
    unique (organisation, app, name),
    foreign key (organisation, app) references app
);
select tributary_guard('source');

-- Public in every web page, so kept readable; the one without an end is the current one.
create table write_key (
    organisation uuid not null,
    hash bytea not null,
    source uuid not null,
    key text not null,
    good_until timestamptz,
    created_at timestamptz not null,
    primary key (organisation, hash),
    foreign key (organisation, source) references source on delete cascade
);
create index write_key_source on write_key (organisation, source);
select tributary_guard('write_key');

create table api_key (
    organisation uuid not null references organization,
    key uuid not null,
    name text not null,
    permissions text[] not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz not null,
    primary key (organisation, key)
);
-- A name is free again when its key was revoked.
create unique index api_key_name on api_key (organisation, name) where revoked_at is null;
select tributary_guard('api_key');

-- What a key is shown as: its hash. Two while it is rotated; the one without an end is the current one.
create table api_key_secret (
    organisation uuid not null,
    hash bytea not null,
    key uuid not null,
    prefix text not null,
    good_until timestamptz,
    created_at timestamptz not null,
    primary key (organisation, hash),
    foreign key (organisation, key) references api_key on delete cascade
);
create index api_key_secret_key on api_key_secret (organisation, key);
select tributary_guard('api_key_secret');

create table audit (
    organisation uuid not null,
    entry uuid not null,
    at timestamptz not null,
    caller uuid not null,
    caller_name text not null,
    action text not null,
    subject uuid not null,
    detail jsonb not null,
    primary key (organisation, entry)
);
select tributary_guard('audit');

-- For those who administer the installation.
create function list_organizations(after uuid, count integer) returns setof organization language sql stable as
    'select * from organization where organisation > after order by organisation limit count';
select tributary_lookup('list_organizations(uuid, integer)', 'organization');
