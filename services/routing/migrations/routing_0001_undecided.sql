-- the tickets that have no department yet
-- depends: events_0001_log

-- migrate: apply

create index routing_undecided on entities (id) where kind = 'ticket' and (state -> 'department') is null;

-- migrate: rollback
