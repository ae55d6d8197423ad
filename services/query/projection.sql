-- The active-ticket read model. All of it is folded from events; see services/query/README.md for what serves which list.

-- A row is there from the first word of any source on, and is seen (`state` is set) once intake has told the opening.
create table tickets (
    id                  uuid primary key,
    number              bigint,
    version             integer not null default 0,
    state               text,
    subject             text,
    account_id          uuid,
    user_id             uuid,
    category_id         uuid,
    project_id          uuid,
    urgency             text,
    channel             text,
    unread              boolean not null default false,
    opened_at           timestamptz,
    waiting_since       timestamptz,
    department_id       uuid,
    responsible_id      uuid,
    holder_id           uuid,
    blocked_at          timestamptz,
    block_expires_at    timestamptz,
    points              integer not null default 0,
    breakdown           json not null default '[]',
    -- sla's last word, which counts only while it is about the present wait and department
    judged_wait         timestamptz,
    judged_department   uuid,
    calendar_version    integer,
    due_at              timestamptz,
    worked_when_due     bigint,
    target_seconds      integer,
    used_seconds        double precision,
    -- Derived from the above when a row is written.
    -- Ascending is heaviest first: waiting_since - points in microseconds while waiting, else - points.
    waiting             boolean not null default false,
    rank                bigint not null default 0,
    deadline_at         timestamptz,
    -- W in microseconds at which the target is used up, on the department's calendar of `calendar_version`
    deadline_clock      bigint
) with (fillfactor = 85);

create unique index tickets_number on tickets (number);
create index tickets_by_number on tickets (state, number);
create index tickets_by_weight on tickets (waiting, rank, number) where state = 'active';
create index tickets_by_delay on tickets (waiting_since, number) where state = 'active' and waiting;
create index tickets_untimed on tickets (number) where state = 'active' and deadline_clock is null;
create index tickets_closed_by_weight on tickets (rank, number) where state = 'closed';
create index tickets_overdue on tickets (deadline_at) where state = 'active' and deadline_at is not null;
create index tickets_blocked on tickets (number) where state = 'active' and holder_id is not null;
create index tickets_of_account_by_number on tickets (account_id, state, number);
create index tickets_of_account_by_weight on tickets (account_id, waiting, rank, number) where state = 'active';
create index tickets_of_account_by_delay on tickets (account_id, waiting_since, number)
    where state = 'active' and waiting;
create index tickets_of_account_by_remaining on tickets (account_id, department_id, calendar_version, deadline_clock, number)
    where state = 'active' and deadline_clock is not null;
create index tickets_of_department_by_number on tickets (department_id, state, number);
create index tickets_of_department_by_weight on tickets (department_id, waiting, rank, number) where state = 'active';
create index tickets_of_department_by_delay on tickets (department_id, waiting_since, number)
    where state = 'active' and waiting;
create index tickets_by_remaining on tickets (department_id, calendar_version, deadline_clock, number)
    where state = 'active' and deadline_clock is not null;
create index tickets_of_responsible on tickets (responsible_id, state, number);

-- What stays of a deleted ticket.
create table tombstones (
    id           uuid primary key,
    number       bigint not null,
    deleted_at   timestamptz not null,
    deleted_by   text not null,
    on_behalf_of text
);

create table messages (
    ticket_id    uuid not null,
    position     bigint not null,
    id           uuid not null,
    kind         text not null,
    author_id    uuid not null,
    on_behalf_of text,
    channel      text,
    at           timestamptz not null,
    text         text not null,
    primary key (ticket_id, position)
);

create table history (
    ticket_id    uuid not null,
    at           timestamptz not null,
    source       text not null,
    position     bigint not null,
    event_id     uuid not null,
    type         text not null,
    actor        text not null,
    on_behalf_of text,
    facts        json not null,
    primary key (ticket_id, at, source, position)
);

create table accounts (
    id         uuid primary key,
    name       text not null,
    attitude   text not null,
    group_id   uuid,
    project_id uuid,
    enabled    boolean not null
);

-- Users, administrators, API keys, groups, projects, departments, categories: all that lists need of them is the name.
create table names (
    id   uuid primary key,
    kind text not null,
    name text not null
);

-- W(t) of a department's calendar: `worked` at `opens`, and from there one second a second until `closes`, all in
-- microseconds. A calendar without rows is always open, and W(t) is t.
create table segments (
    department_id uuid not null,
    version       integer not null,
    opens         bigint not null,
    closes        bigint not null,
    worked        bigint not null,
    primary key (department_id, version, opens) include (closes, worked)
);

-- The calendars that deadlines of active tickets are kept by, and maybe some more: where a list by remaining time looks.
create table clocks (
    department_id uuid,
    version       integer,
    primary key (department_id, version)
);

-- What viewers are told, in the order of commits.
create table changes (
    seq        bigint generated always as identity primary key,
    kind       text not null,
    ticket_id  uuid,
    account_id uuid
);
