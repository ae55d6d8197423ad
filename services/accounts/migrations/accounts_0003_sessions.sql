-- sessions, and those that ended while their tokens were still good
-- depends: accounts_0001_credentials

-- migrate: apply

-- One row for each session that goes on. Of its refresh tokens there are hashes only: they have 256 random bits, so a plain
-- SHA-256 of them cannot be searched. `family` is what all refresh tokens of the session share, `current` is the one that is
-- good, `replaced` the one before it; `salt` made the one of the other, for a client that did not get the answer.
create table sessions (
    id           uuid primary key,
    person       uuid not null,
    begun_at     timestamptz not null,
    used_at      timestamptz not null,
    ends_at      timestamptz not null,
    good_until   timestamptz not null,
    tokens_until timestamptz not null,
    family       bytea not null,
    current      bytea not null,
    replaced     bytea,
    salt         bytea,
    rotated_at   timestamptz,
    repeated     boolean not null default false,
    address      text not null,
    user_agent   text not null
);
create index sessions_of_person on sessions (person, id);
create index sessions_by_end on sessions (good_until);

-- Sessions whose access tokens have to be refused although they have not expired.
create table ended_sessions (
    id           uuid primary key,
    tokens_until timestamptz not null
);
create index ended_sessions_until on ended_sessions (tokens_until);

-- Counts how often the password was changed, so that a sign-in with the one before cannot come through behind the change.
alter table credentials add column changes integer not null default 0;

-- migrate: rollback
