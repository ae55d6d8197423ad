-- by which settings the tickets' closing by themselves is scheduled
-- depends: intake_0002_attachments

-- migrate: apply
create table auto_close_schedule (
    only_row boolean primary key default true check (only_row),
    settings text not null
);

-- migrate: rollback
