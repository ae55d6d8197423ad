-- What notify keeps of the others' facts: whom to tell, and of what.
create table people (
    id      uuid primary key,
    kind    text not null, -- client, administrator
    account uuid,
    name    text not null,
    email   text not null,
    enabled boolean not null
);
create index people_account on people (account);
create table accounts (id uuid primary key, enabled boolean not null);
create table projects (id uuid primary key, name text not null);
create table departments (id uuid primary key, name text not null, language text not null);
create table tickets (
    id          uuid primary key,
    number      bigint not null,
    subject     text not null,
    account     uuid not null,
    user_id     uuid not null,
    project     uuid,
    urgency     text not null,
    department  uuid,
    responsible uuid,
    language    text,
    closed      boolean not null default false,
    said        text not null -- the last that was said in public
);
-- sla's word on when a ticket has to be answered; it may be read before the ticket is.
create table deadlines (
    ticket        uuid primary key,
    waiting_since timestamptz not null,
    due_at        timestamptz
);
-- Tickets that are gone: what another source says of one later is not kept.
create table gone (ticket uuid primary key);
-- Where tickets are; see libs/events/ticket_places.py.
create table ticket_places (
    ticket      uuid primary key,
    department  uuid,
    responsible uuid
);
