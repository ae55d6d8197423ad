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

-- What is looked for in names may have one or two characters, of which trigrams know nothing.
create function short_parts(name text) returns text[] language sql immutable strict parallel safe as
'select array_agg(distinct substr(name, place, size)) from generate_series(1, length(name)) place, generate_series(1, 2) size';
create index accounts_by_short_part on entities using gin (short_parts(lower(state->>'name'))) where kind = 'account';
create index users_by_short_part on entities using gin (short_parts(lower(state->>'name'))) where kind = 'user';
create statistics entities_short_parts on (short_parts(lower(state->>'name'))) from entities;

-- How many accounts a filter leaves decides which index a list with several comes off.
create statistics entities_facts (mcv)
    on kind, (state->>'attitude'), (state->>'enabled'), (state->>'group_id'), (state->>'project_id') from entities;

-- Whose events the history of an account tells besides its own.
create index belongings_of_account on entities ((state->>'account_id'), id) where kind in ('user', 'act_as');

-- Administrators were all owners before there were roles.
update entities set state = (jsonb '{"role": "owner", "rights": []}' || state::jsonb)::json
 where kind = 'administrator';

-- migrate: rollback
