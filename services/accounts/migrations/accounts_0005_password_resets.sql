-- links by which somebody sets a password without knowing the present one
-- depends: accounts_0001_credentials

-- migrate: apply

-- One a person: a new one takes the place of the one before. The secret has 256 random bits, so a plain SHA-256 will do.
create table password_resets (
    person      uuid primary key,
    secret_hash bytea not null unique,
    expires_at  timestamptz not null
);

-- migrate: rollback
