-- judging open tickets again, because somebody asks for it
-- depends: routing_0002_turns

-- migrate: apply

create table rejudgements (
    id           uuid primary key,
    key          text not null unique, -- the idempotency key it was asked for with
    actor        text not null,
    on_behalf_of text,
    correlation  text not null,
    traceparent  text,
    requested_at timestamptz not null,
    rules_of     timestamptz not null, -- the weight rules in force then count from now on
    total        integer not null, -- open tickets when it was asked for
    done         integer not null default 0,
    changed      integer not null default 0,
    after        uuid not null default '00000000-0000-0000-0000-000000000000', -- the last ticket that was judged
    state        text not null default 'running' check (state in ('running', 'stopped', 'done')),
    finished_at  timestamptz
);
create unique index rejudgements_running on rejudgements ((true)) where state = 'running';
create index rejudgements_requested on rejudgements (requested_at, id);

-- migrate: rollback
