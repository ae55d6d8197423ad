-- strangers who are told, once, how to register
-- depends: intake_0007_mail

-- migrate: apply
alter table mail_gateways
    add column answers_strangers boolean not null default false,
    -- Or whoever's address was forged would be answered.
    add check (not answers_strangers or authserv_id is not null);

-- Addresses of strangers who are answered, as hashes by a key that is not in the database, for as long as they are not
-- answered again.
create table answered_strangers (
    address bytea primary key,
    at      timestamptz not null
);
create index answered_strangers_at on answered_strangers (at);

-- migrate: rollback
