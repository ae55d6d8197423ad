-- departments whose waiting tickets are to be judged again, as their hours or target have changed
-- depends: events_0001_log

-- migrate: apply

-- Written with the change itself, so that a crash cannot come between; `after` says how far the tickets have been judged.
create table rejudgements (
    department uuid primary key,
    changed_at timestamptz not null,
    position   bigint not null,
    after      uuid
);

-- migrate: rollback
