create table write_key (
    organisation uuid not null,
    digest bytea not null,
    primary key (organisation, digest)
);

create index write_key_digest on write_key (digest);

select tributary_guard('write_key');

create function find_write_key(wanted bytea) returns uuid
    language sql stable
as 'select organisation from write_key where digest = wanted';

select tributary_lookup('find_write_key(bytea)', 'write_key');
