-- when a signing key begins to sign
-- depends: accounts_0001_credentials

-- migrate: apply

alter table private_keys add column signs_from timestamptz;
update private_keys set signs_from = made_at;
alter table private_keys alter column signs_from set not null, alter column made_at drop default;

-- migrate: rollback
