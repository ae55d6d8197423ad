-- external ids, people without a password, and the orders in which accounts, people and their history are listed
-- depends: accounts_0001_credentials

-- migrate: apply

-- What other systems call an account or a user.
create table external_ids (
    kind        text not null,
    external_id text not null,
    entity      uuid not null unique,
    primary key (kind, external_id)
);

-- Who came with a bulk of accounts has none until they set one.
alter table credentials alter column password_hash drop not null;

create index accounts_by_attitude on entities ((state->>'attitude'), lower(state->>'name'), id) where kind = 'account';
create index accounts_by_enabled on entities ((state->>'enabled'), lower(state->>'name'), id) where kind = 'account';
create index users_by_enabled on entities ((state->>'enabled'), lower(state->>'name'), id) where kind = 'user';
create index users_by_part_of_name on entities using gin (lower(state->>'name') gin_trgm_ops) where kind = 'user';

-- Whose events the history of an account tells besides its own.
create index belongings_of_account on entities ((state->>'account_id'), id) where kind in ('user', 'act_as');

-- Administrators were all owners before there were roles.
update entities set state = (jsonb '{"role": "owner", "rights": []}' || state::jsonb)::json
 where kind = 'administrator';

-- migrate: rollback
