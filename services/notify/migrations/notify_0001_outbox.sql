-- mail to be sent, what people choose of it, and how it is worded
-- depends: events_0001_log

-- migrate: apply

-- Since when this installation tells anybody of anything: what happened before is history.
create table beginning (
    only_row boolean primary key default true check (only_row),
    at       timestamptz not null
);

-- Reasons to tell somebody that wait for another source to say whom: a deadline's breach may be read before its ticket.
create table postponed (
    cause  uuid not null,
    kind   text not null,
    ticket uuid not null,
    body   json not null,
    primary key (cause, kind)
);
create index postponed_ticket on postponed (ticket);

-- One row a cause, kind and recipient: the id is made of these three, and is the notification's in the log, too.
-- `said` is the text that is told of; it goes once the mail is sent, and the row goes with the ticket.
create table outbox (
    id           uuid primary key,
    cause        uuid not null,
    kind         text not null,
    recipient    uuid not null,
    ticket       uuid,
    correlation  text not null,
    said         text,
    facts        json not null default '{}',
    requested_at timestamptz not null,
    state        text not null default 'pending' check (state in ('pending', 'sent', 'failed')),
    next_at      timestamptz,
    in_digest    boolean not null default false,
    batch        uuid, -- mails that go as one: the id of the first of them
    attempts     integer not null default 0,
    unsure       integer not null default 0, -- attempts of which nobody knows whether they were taken
    leased_until timestamptz,
    last_error   text,
    done_at      timestamptz,
    unique (cause, recipient, kind)
);
create index outbox_due on outbox (next_at) where state = 'pending';
create index outbox_done on outbox (state, done_at);
create index outbox_ticket on outbox (ticket);
create index outbox_recipient on outbox (recipient, requested_at);
create index outbox_batch on outbox (batch) where batch is not null;

-- Addresses that a server has refused for good, as hashes; another address of the person is another row.
create table refused_addresses (
    person  uuid not null,
    address bytea not null,
    at      timestamptz not null,
    code    integer not null,
    primary key (person, address)
);

create table preferences (
    person  uuid primary key,
    version integer not null,
    body    json not null
);

create table templates (
    id       uuid primary key,
    kind     text not null,
    language text not null,
    project  uuid,
    subject  text not null,
    body     text not null,
    version  integer not null,
    changed_at timestamptz not null,
    changed_by text not null,
    unique nulls not distinct (kind, language, project)
);

-- migrate: rollback
