create table arm (
    organisation uuid not null,
    arm_id uuid not null,
    reward double precision not null default 0 check (reward >= 0),
    primary key (organisation, arm_id)
);

select tributary_guard('arm');
