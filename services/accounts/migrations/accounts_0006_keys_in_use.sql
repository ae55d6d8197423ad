-- when systems' keys were used last
-- depends: accounts_0001_credentials

-- migrate: apply

-- To the hour, or each exchange of a key would be a write. A revoked key has no secret any more.
alter table api_keys add column used_at timestamptz, alter column secret_hash drop not null;

-- migrate: rollback
