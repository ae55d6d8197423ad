-- what administrators have written and not yet sent: one draft each and ticket, kept nowhere else
-- depends: intake_0003_auto_close

-- migrate: apply
create table drafts (
    ticket        uuid not null,
    administrator uuid not null,
    text          text not null,
    saved_at      timestamptz not null,
    primary key (ticket, administrator)
);

-- migrate: rollback
