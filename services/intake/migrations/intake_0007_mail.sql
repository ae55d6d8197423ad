-- mail gateways, and every mail that came in by them
-- depends: intake_0006_erased_accounts

-- migrate: apply
create table mail_gateways (
    id             uuid primary key,
    address        text not null unique, -- lower case, without what comes after a plus
    category_id    uuid not null,
    project_id     uuid,
    language       text,
    enabled        boolean not null,
    authserv_id    text, -- the server whose Authentication-Results count
    imap_host      text,
    imap_port      integer,
    imap_security  text check (imap_security in ('tls', 'starttls', 'none')),
    imap_user      text,
    imap_folder    text,
    imap_password  bytea, -- sealed
    version        integer not null default 1,
    changed_by     text not null,
    changed_at     timestamptz not null,
    -- how far the mailbox has been read
    uid_validity   bigint,
    last_uid       bigint not null default 0,
    read_at        timestamptz,
    failing_since  timestamptz,
    last_error     text
);

create table mails (
    id              uuid primary key,
    gateway         uuid not null,
    content_hash    bytea not null,
    message_id      text not null,
    recipient       text not null,
    envelope_sender text,
    received_at     timestamptz not null,
    state           text not null check (state in ('received', 'unmatched', 'broken', 'ticket', 'reply', 'automatic',
                                                   'discarded', 'erased')),
    reason          text,
    sender          text,
    subject         text,
    ticket_id       uuid,
    user_id         uuid,
    settled_by      text,
    settled_at      timestamptz,
    tries           integer not null default 0,
    retry_at        timestamptz,
    raw             bytea,
    unique (gateway, content_hash),
    -- Whoever gives its bytes up has settled it.
    check (raw is not null or state in ('discarded', 'erased'))
);
alter table mails alter column raw set storage external; -- mail is mostly base64 of what is compressed already
create index mails_to_do on mails (retry_at) where state = 'received';
create index mails_waiting on mails (received_at, id) where state in ('unmatched', 'broken');
create index mails_automatic on mails (received_at) where state = 'automatic';
create index mails_by_message_id on mails (message_id) where message_id <> '';
create index mails_by_sender on mails (sender, received_at) where sender is not null;
create index mails_of_ticket on mails (ticket_id) where ticket_id is not null;

-- migrate: rollback
