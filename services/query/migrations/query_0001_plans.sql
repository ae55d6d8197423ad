-- statements are planned once a session
-- depends:

-- migrate: apply

-- A list's plan is the same whatever its arguments are, because its indexes are made for it; planning it takes longer than
-- answering it, and by PostgreSQL's own estimates it would be planned anew each time.
do $plans$
begin
    execute format('alter database %I set plan_cache_mode = force_generic_plan', current_database());
end
$plans$;

-- migrate: rollback
