-- what a service keeps of others' events: one schema that is read, one that is being built
-- depends:

-- migrate: apply

-- Wishes for a rebuild. The active consumer takes the oldest that is not finished.
create table rebuilds (
    id           integer generated always as identity primary key,
    reason       text not null,
    requested_at timestamptz not null default clock_timestamp(),
    finished_at  timestamptz
);

-- migrate: rollback
