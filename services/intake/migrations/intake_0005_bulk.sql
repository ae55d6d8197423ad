-- what was refused of a request on many tickets, so that a retry is answered the same; a key of idempotency each
-- depends: intake_0004_drafts

-- migrate: apply
create table bulk_refusals (
    key     text primary key,
    problem json not null
);

-- migrate: rollback
