-- short numbers for tickets: unique, stable, never reused; a refused submission may leave one out
-- depends: events_0001_log

-- migrate: apply
create sequence ticket_numbers start 1001;

-- migrate: rollback
