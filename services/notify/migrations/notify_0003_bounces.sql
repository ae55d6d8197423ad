-- what servers say after they have taken a mail
-- depends: notify_0001_outbox

-- migrate: apply

-- Where a mail was handed over for, as a hash: a bounce tells of that address, and the person may have another by then.
alter table outbox add column address bytea;

-- Of a bounce there is a status (RFC 3463), and no code.
alter table refused_addresses alter column code drop not null, add column status text;

-- migrate: rollback
