-- who acts as a client just now
-- depends: accounts_0003_sessions

-- migrate: apply

create index acting_now on entities (id) where kind = 'act_as' and due_at is not null;

-- migrate: rollback
