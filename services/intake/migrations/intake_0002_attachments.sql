-- files that came with messages, or are waiting for one; the bytes are in the file store under the same id
-- depends: events_0001_log

-- migrate: apply
create table attachments (
    id           uuid primary key,
    owner        text not null,
    state        text not null check (state in ('receiving', 'ready', 'claimed', 'removing')),
    name         text not null,
    content_type text not null,
    size         bigint not null,
    sha256       bytea,
    ticket_id    uuid,
    internal     boolean not null default false,
    remove_at    timestamptz,
    retry_at     timestamptz,
    tries        integer not null default 0,
    -- Only what a message holds stays without a time to go.
    check ((state = 'claimed') = (remove_at is null)),
    check ((state = 'claimed') <= (ticket_id is not null))
);
create index attachments_of_ticket on attachments (ticket_id) where ticket_id is not null;
create index attachments_to_remove on attachments (remove_at) where remove_at is not null;
create index attachments_unclaimed on attachments (owner) where state in ('receiving', 'ready');

-- migrate: rollback
