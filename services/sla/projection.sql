-- What sla keeps of routing's and intake's facts.
create table departments (
    id   uuid primary key,
    name text not null
);
-- `clock` is what is waited for: an answer, or a resolution. `begun` is the ticket's version that began the wait; what ends
-- it has a higher one.
create table waits (
    ticket uuid not null,
    clock  text not null,
    since  timestamptz not null,
    begun  integer not null,
    until  timestamptz,
    primary key (ticket, clock, since)
);
create index waits_open on waits (clock, ticket) where until is null;
create index waits_ended on waits (clock, until, ticket) where until is not null;
create index waits_since on waits (since, ticket) where clock = 'answer';
-- Which department had a ticket from when on.
create table placements (
    ticket     uuid not null,
    version    integer not null,
    since      timestamptz not null,
    department uuid not null,
    primary key (ticket, version)
);
create index placements_department on placements (department, ticket);
-- What a ticket was from when on. No urgency: as before; and so is its project, unless it was told.
create table traits (
    ticket        uuid not null,
    version       integer not null,
    since         timestamptz not null,
    urgency       text,
    project       uuid,
    tells_project boolean not null,
    primary key (ticket, version)
);
create table ticket_accounts (
    ticket  uuid primary key,
    account uuid not null
);
create index ticket_accounts_account on ticket_accounts (account);
create table account_versions (
    account       uuid not null,
    version       integer not null,
    since         timestamptz not null,
    attitude      text not null,
    group_id      uuid,
    project       uuid,
    product_types text[] not null,
    primary key (account, version)
);
-- Groups and projects that a target may name.
create table named (
    id   uuid primary key,
    kind text not null
);
-- Categories, for who asks when an answer can be expected.
create table categories (
    id            uuid primary key,
    department    uuid not null,
    project       uuid, -- open to its accounts only
    product_types text[] not null,
    enabled       boolean not null
);
-- Where tickets are; see libs/events/ticket_places.py.
create table ticket_places (
    ticket      uuid primary key,
    department  uuid,
    responsible uuid
);
