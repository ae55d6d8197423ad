-- What sla keeps of routing's and intake's facts.
create table departments (
    id   uuid primary key,
    name text not null
);
-- `begun` is the ticket's version that began the wait; what ends it has a higher one.
create table waits (
    ticket uuid not null,
    since  timestamptz not null,
    begun  integer not null,
    until  timestamptz,
    primary key (ticket, since)
);
create index waits_open on waits (ticket) where until is null;
create index waits_ended on waits (until, ticket) where until is not null;
-- Which department had a ticket from when on.
create table placements (
    ticket     uuid not null,
    version    integer not null,
    since      timestamptz not null,
    department uuid not null,
    primary key (ticket, version)
);
create index placements_department on placements (department, ticket);
-- Who is responsible, if anybody is: they may ask about a deadline wherever the ticket is.
create table responsibles (
    ticket      uuid primary key,
    responsible uuid not null
);
