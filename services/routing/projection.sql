-- What routing must know of the others to judge tickets.

-- Groups and projects: that they are there.
create table named (id uuid primary key, kind text not null);

-- Every version of an account, because a ticket that waits no more is weighed by the account as it was then.
create table account_versions (
    account_id    uuid not null,
    version       integer not null,
    since         timestamptz not null,
    attitude      text not null,
    services      integer not null,
    expenses      numeric not null,
    primary key (account_id, version)
);

create table tickets (
    id           uuid primary key,
    account_id   uuid not null,
    category_id  uuid not null,
    urgency      text not null,
    version      integer not null,
    categorised  integer not null, -- the version that gave it its category
    opened_at    timestamptz not null,
    waited_until timestamptz -- null while the client waits
);
create index tickets_account on tickets (account_id, (coalesce(waited_until, 'infinity')));
-- Where tickets are; see libs/events/ticket_places.py.
create table ticket_places (
    ticket      uuid primary key,
    department  uuid,
    responsible uuid
);
