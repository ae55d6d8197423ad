-- accounts that were deleted, whose tickets are to be deleted after them; the cause is that event
-- depends: intake_0005_bulk

-- migrate: apply
create table erased_accounts (
    account      uuid primary key,
    causation    uuid not null,
    correlation  text not null,
    traceparent  text,
    requested_at timestamptz not null,
    searched_at  timestamptz, -- all tickets that were there were deleted
    done_at      timestamptz  -- and those whose submission was under way
);
create index erased_accounts_pending on erased_accounts (requested_at) where done_at is null;

-- migrate: rollback
