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
-- Where tickets are; see libs/events/ticket_places.py.
create table ticket_places (
    ticket      uuid primary key,
    department  uuid,
    responsible uuid
);
