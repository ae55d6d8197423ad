-- credentials, signing keys, failed sign-ins, and the orders in which accounts and people are listed
-- depends: events_0001_log

-- migrate: apply

create extension if not exists pg_trgm;

-- How a person signs in. `email` is folded as it is compared, so the key makes addresses unique over all people.
create table credentials (
    person        uuid primary key,
    email         text not null unique,
    password_hash text not null
);

-- How a system signs in. The secret has 256 random bits, so a plain SHA-256 of it cannot be searched.
create table api_keys (
    id          uuid primary key,
    secret_hash bytea not null
);

-- Private keys of access tokens, PEM; encrypted when a password for them was set as they were made.
create table private_keys (
    key_id  text primary key,
    pem     text not null,
    made_at timestamptz not null default clock_timestamp()
);

-- Failed sign-ins by hashed e-mail address and by hashed network address. Unlogged: a crash may forget them.
create unlogged table sign_in_failures (
    subject  bytea primary key,
    since    timestamptz not null,
    failures integer not null
);

create index entities_by_name on entities (kind, lower(state->>'name'), id);
create index accounts_by_group on entities ((state->>'group_id'), lower(state->>'name'), id) where kind = 'account';
create index accounts_by_project on entities ((state->>'project_id'), lower(state->>'name'), id) where kind = 'account';
create index users_by_account on entities ((state->>'account_id'), lower(state->>'name'), id) where kind = 'user';
create index accounts_by_part_of_name on entities using gin (lower(state->>'name') gin_trgm_ops) where kind = 'account';

-- migrate: rollback
