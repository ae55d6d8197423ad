-- What routing must know of the others to judge tickets.

-- Groups and projects: that they are there.
create table named (id uuid primary key, kind text not null);

-- Every version of an account, because a ticket that waits no more is weighed by the account as it was then.
create table account_versions (
    account_id    uuid not null,
    version       integer not null,
    since         timestamptz not null,
    attitude      text not null,
    product_types text[] not null, -- one for each service
    expenses      numeric not null,
    group_id      uuid,
    primary key (account_id, version)
);

create table tickets (
    id             uuid primary key,
    account_id     uuid not null,
    category_id    uuid not null,
    project_id     uuid,
    urgency        text not null,
    channel        text not null,
    language       text,
    version        integer not null,
    categorised    integer not null, -- the version that gave it its category
    categorised_at timestamptz not null,
    opened_at      timestamptz not null,
    waited_until   timestamptz, -- null while the client waits
    is_open        boolean not null,
    department_id  uuid,
    responsible_id uuid
);
create index tickets_account on tickets (account_id, (coalesce(waited_until, 'infinity')));
create index tickets_opened on tickets (opened_at, id);
create index tickets_open on tickets (id) where is_open;
create index tickets_load on tickets (responsible_id) where is_open;
-- What was written, as far as rules may ask about it: the subject as it is, the text as it was submitted. Gone with the ticket.
create table ticket_words (
    ticket  uuid primary key,
    subject text not null,
    text    text not null
);
-- Departments' hours as sla tells them: each version's zone, and the tables that it was compiled to.
create table hours (
    department_id uuid not null,
    version       integer not null,
    since         timestamptz not null,
    zone          text not null,
    primary key (department_id, version)
);
create table calendars (
    department_id uuid not null,
    version       integer not null,
    since         bigint not null, -- microseconds, where this table begins
    compiled      json not null,
    primary key (department_id, version, since)
);
-- Where tickets are; see libs/events/ticket_places.py.
create table ticket_places (
    ticket      uuid primary key,
    department  uuid,
    responsible uuid
);
