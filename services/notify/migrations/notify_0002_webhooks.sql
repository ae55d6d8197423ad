-- webhooks, and what is delivered to them
-- depends: notify_0001_outbox

-- migrate: apply

-- `secret` is encrypted: whoever signs needs the secret itself, so a hash will not do.
create table webhooks (
    id            uuid primary key,
    name          text not null,
    url           text not null,
    types         text[] not null,
    secret        bytea not null,
    state         text not null check (state in ('active', 'paused', 'disabled')),
    version       integer not null,
    created_at    timestamptz not null,
    failing_since timestamptz,
    paused_at     timestamptz,
    last_error    text
);

-- Events as they travel, for as long as one may look at what was delivered; redacted with what they are about.
create table webhook_events (
    id      uuid primary key,
    source  text not null,
    entity  uuid not null,
    type    text not null,
    at      timestamptz not null,
    payload text not null
);
create index webhook_events_entity on webhook_events (entity);
create index webhook_events_at on webhook_events (at);

-- In the order of `number` for each webhook and entity.
create table webhook_deliveries (
    number       bigint generated always as identity primary key,
    webhook      uuid not null references webhooks on delete cascade,
    event        uuid not null references webhook_events on delete cascade,
    entity       uuid not null,
    is_replay    boolean not null default false,
    state        text not null default 'pending' check (state in ('pending', 'delivered', 'failed')),
    queued_at    timestamptz not null,
    next_at      timestamptz not null,
    leased_until timestamptz,
    attempts     integer not null default 0,
    status       integer,
    error        text,
    done_at      timestamptz
);
create unique index webhook_deliveries_once on webhook_deliveries (webhook, event) where not is_replay;
create index webhook_deliveries_pending on webhook_deliveries (webhook, entity, number) where state = 'pending';
create index webhook_deliveries_of on webhook_deliveries (webhook, number);
create index webhook_deliveries_event on webhook_deliveries (event);

-- migrate: rollback
