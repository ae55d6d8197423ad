-- The active-ticket read model. All of it is folded from events; see services/query/README.md for what serves which list.

-- All properties of a ticket that have a few values, as one number: see domain/kinds.py.
create function kind_of(attitude text, urgency text, channel text, unread boolean, responsible_id uuid) returns smallint
    language sql immutable parallel safe
    return coalesce(array_position(array['bad', 'neutral', 'good'], attitude) - 1, 3) * 36
        + (array_position(array['low', 'medium', 'high'], urgency) - 1) * 12
        + (array_position(array['api', 'email', 'panel'], channel) - 1) * 4
        + unread::integer * 2 + (responsible_id is not null)::integer;

-- A row is there from the first word of any source on, and is seen (`state` is set) once intake has told the opening.
create table tickets (
    id                  uuid primary key,
    number              bigint,
    version             integer not null default 0,
    state               text,
    subject             text,
    -- as domain/collation.py says
    subject_key         text collate "C",
    account_id          uuid,
    user_id             uuid,
    -- the account's, so that lists can be narrowed by them
    attitude            text,
    group_id            uuid,
    category_id         uuid,
    project_id          uuid,
    urgency             text,
    tags                text[] not null default '{}',
    channel             text,
    unread              boolean not null default false,
    -- answers that nobody of the account has opened
    unread_answers      integer not null default 0,
    opened_at           timestamptz,
    -- when something last happened that the account's users may know of
    active_at           timestamptz,
    -- when it was opened, or last reopened
    active_since        timestamptz,
    -- when it will be closed unless the client writes, as the client was told
    closes_at           timestamptz,
    closed_at           timestamptz,
    close_reason        text,
    waiting_since       timestamptz,
    -- how many waits have begun
    waits               integer not null default 0,
    department_id       uuid,
    responsible_id      uuid,
    holder_id           uuid,
    blocked_at          timestamptz,
    block_expires_at    timestamptz,
    weighed_points      integer not null default 0,
    weighed_breakdown   json not null default '[]',
    -- sla's escalation, which counts only while the wait it is about lasts
    escalated_wait      timestamptz,
    escalation_points   integer not null default 0,
    escalation          json,
    -- sla's last word, which counts only while it is about the present wait and department
    judged_wait         timestamptz,
    judged_department   uuid,
    calendar_version    integer,
    due_at              timestamptz,
    worked_when_due     bigint,
    target_seconds      integer,
    used_seconds        double precision,
    -- the time of each service's last word on it
    intake_at           timestamptz,
    routing_at          timestamptz,
    sla_at              timestamptz,
    -- Derived from the above when a row is written.
    -- The department, or the nil UUID while there is none: so those without one are found as any department's are.
    place               uuid not null default '00000000-0000-0000-0000-000000000000',
    -- Routing's points, and those of an escalation of the present wait.
    points              integer not null default 0,
    breakdown           json not null default '[]',
    -- Ascending is heaviest first: waiting_since - points in microseconds while waiting, else - points.
    waiting             boolean not null default false,
    rank                bigint not null default 0,
    deadline_at         timestamptz,
    -- W in microseconds at which the target is used up, on the department's calendar of `calendar_version`
    deadline_clock      bigint,
    -- Nil UUIDs stand for none here, too; who has it: the administrator, or the department until somebody takes it.
    in_project          uuid generated always as (coalesce(project_id, '00000000-0000-0000-0000-000000000000')) stored,
    in_group            uuid generated always as (coalesce(group_id, '00000000-0000-0000-0000-000000000000')) stored,
    assignee            uuid generated always as (coalesce(responsible_id, place)) stored,
    -- see domain/kinds.py
    kind                smallint generated always as (
        kind_of(attitude, urgency, channel, unread, responsible_id)) stored
) with (fillfactor = 85);

create unique index tickets_number on tickets (number);
create index tickets_by_number on tickets (state, number);
create index tickets_by_weight on tickets (waiting, rank, number) where state = 'active';
create index tickets_by_delay on tickets (waiting_since, number) where state = 'active' and waiting;
create index tickets_untimed on tickets (number) where state = 'active' and deadline_clock is null;
create index tickets_closed_by_weight on tickets (rank, number) where state = 'closed';
create index tickets_overdue on tickets (deadline_at) where state = 'active' and deadline_at is not null;
create index tickets_blocked on tickets (blocked_at, number) where state = 'active' and holder_id is not null;
create index tickets_of_account_by_number on tickets (account_id, state, number);
create index tickets_of_account_by_weight on tickets (account_id, waiting, rank, number) where state = 'active';
create index tickets_of_account_by_delay on tickets (account_id, waiting_since, number)
    where state = 'active' and waiting;
create index tickets_of_account_by_remaining on tickets (account_id, department_id, calendar_version, deadline_clock, number)
    where state = 'active' and deadline_clock is not null;
create index tickets_of_account_by_activity on tickets (account_id, state, active_at, number);
create index tickets_of_department_by_number on tickets (place, state, number);
create index tickets_of_department_by_weight on tickets (place, waiting, rank, number) where state = 'active';
create index tickets_of_department_by_delay on tickets (place, waiting_since, number) where state = 'active' and waiting;
create index tickets_of_department_untimed on tickets (place, number) where state = 'active' and deadline_clock is null;
create index tickets_of_department_closed on tickets (place, rank, number) where state = 'closed';
create index tickets_by_remaining on tickets (department_id, calendar_version, deadline_clock, number)
    where state = 'active' and deadline_clock is not null;
create index tickets_by_subject on tickets (state, subject_key, number);
create index tickets_by_opening on tickets (state, opened_at, number);
create index tickets_by_activity on tickets (state, active_at, number);
create index tickets_of_kind on tickets (kind, state, number);
create index tickets_of_user on tickets (user_id, state, number);
create index tickets_of_category on tickets (category_id, state, number);
create index tickets_of_project on tickets (in_project, state, number);
create index tickets_of_group on tickets (in_group, state, number);
create index tickets_of_assignee on tickets (assignee, state, number);
create index tickets_tagged on tickets using gin (tags) with (fastupdate = off) where tags <> '{}';
create index tickets_of_assignee_closed on tickets (assignee, rank, number) where state = 'closed';

-- What stays of a deleted ticket.
create table tombstones (
    id           uuid primary key,
    number       bigint not null,
    deleted_at   timestamptz not null,
    deleted_by   text not null,
    on_behalf_of text
);

-- Words in their forms, of English if they are in ASCII, else of Russian; other languages' are taken as they are written,
-- or nearly. None is left out for being frequent: people search for phrases.
create text search dictionary english_words (template = snowball, language = english);
create text search dictionary russian_words (template = snowball, language = russian);
create text search configuration helpdesk (copy = pg_catalog.russian);
alter text search configuration helpdesk alter mapping replace english_stem with english_words;
alter text search configuration helpdesk alter mapping replace russian_stem with russian_words;

create table messages (
    ticket_id    uuid not null,
    position     bigint not null,
    id           uuid not null,
    -- client, staff, note; or system, which has no author
    kind         text not null,
    author_id    uuid,
    actor        text not null,
    on_behalf_of text,
    channel      text,
    at           timestamptz not null,
    text         text not null,
    attachments  json not null default '[]',
    -- the ticket's subject, folded as domain/search.py does, with the message that opened it
    subject      text,
    parts        integer[],
    -- What comes later in a very long text is not searched: PostgreSQL takes 1 MB of words. They are not compressed, so that
    -- a search of the files for what was deleted sees them.
    words        tsvector storage external generated always as (
        to_tsvector('helpdesk', left(coalesce(subject || ' ', '') || text, 50000))) stored,
    primary key (ticket_id, position)
);
create index messages_by_words on messages using gin (words);
create index messages_by_part_of_subject on messages using gin (parts) where subject is not null;
-- When clients write, for figures of the load.
create index messages_of_clients on messages (at, ticket_id) where kind = 'client';

-- How many messages have words, or parts of the subject, as the planner would guess: in a millisecond, however many they are.
create function hits_estimated(words tsquery, parts integer[]) returns double precision language plpgsql as $$
declare
    plan json;
    hits double precision := 0;
begin
    execute 'explain (format json) select from messages where words @@ $1' into plan using words;
    hits := hits + coalesce((plan -> 0 -> 'Plan' ->> 'Plan Rows')::double precision, 0);
    if parts is not null then
        execute 'explain (format json) select from messages where subject is not null and parts @> $1' into plan using parts;
        hits := hits + coalesce((plan -> 0 -> 'Plan' ->> 'Plan Rows')::double precision, 0);
    end if;
    return hits;
end $$;

-- Each rating that was given; of an answer the last one counts.
create table ratings (
    ticket_id  uuid not null,
    message_id uuid not null,
    position   bigint not null,
    user_id    uuid not null,
    at         timestamptz not null,
    rating     smallint not null,
    comment    text,
    primary key (ticket_id, message_id, position)
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
    -- property -> what it was and what it is now
    changes      json not null,
    primary key (ticket_id, at, source, position)
);

-- The past. What each service had said of a ticket from an instant on (`since`), until its next row: what was in force at an
-- instant is the last row with since <= instant, of each of these tables. Only what lists show makes a row; `position` is
-- that of the event in its service's log. What never changes (number, account, user, channel) is in `tickets` alone.
create table course_versions (
    ticket_id      uuid not null,
    since          timestamptz not null,
    position       bigint not null,
    state          text not null,
    unread         boolean not null,
    waiting_since  timestamptz,
    department_id  uuid,
    responsible_id uuid,
    holder_id      uuid,
    blocked_at     timestamptz,
    closes_at      timestamptz,
    closed_at      timestamptz,
    close_reason   text,
    active_at      timestamptz not null,
    primary key (ticket_id, since, position)
);
create table wording_versions (
    ticket_id   uuid not null,
    since       timestamptz not null,
    position    bigint not null,
    subject     text not null,
    subject_key text collate "C" not null,
    category_id uuid not null,
    project_id  uuid,
    urgency     text not null,
    tags        text[] not null,
    primary key (ticket_id, since, position)
);
create table points_versions (
    ticket_id         uuid not null,
    since             timestamptz not null,
    position          bigint not null,
    weighed_points    integer not null,
    weighed_breakdown json not null,
    primary key (ticket_id, since, position)
);
create table deadline_versions (
    ticket_id         uuid not null,
    since             timestamptz not null,
    position          bigint not null,
    judged_wait       timestamptz not null,
    judged_department uuid,
    calendar_version  integer not null,
    due_at            timestamptz,
    worked_when_due   bigint,
    target_seconds    integer,
    used_seconds      double precision,
    primary key (ticket_id, since, position)
);
create table escalation_versions (
    ticket_id         uuid not null,
    since             timestamptz not null,
    position          bigint not null,
    escalated_wait    timestamptz not null,
    escalation_points integer not null,
    escalation        json not null,
    primary key (ticket_id, since, position)
);
create table account_versions (
    id        uuid not null,
    since     timestamptz not null,
    position  bigint not null,
    name      text not null,
    sorted_as text collate "C" not null,
    attitude  text not null,
    group_id  uuid,
    primary key (id, since, position)
);
create table name_versions (
    id        uuid not null,
    since     timestamptz not null,
    position  bigint not null,
    name      text not null,
    sorted_as text collate "C" not null,
    primary key (id, since, position)
);

-- Each time that a ticket was active, and is not any more: from its opening, or from when it was reopened, to its closing.
-- It lasted less than 2^level microseconds, and at least half of that: what was active at an instant is looked for level by
-- level among what began at most so long before, and at least every other one is found there.
create table periods (
    ticket_id     uuid not null,
    since         timestamptz not null,
    until         timestamptz not null,
    level         smallint not null,
    position      bigint not null,
    reason        text not null,
    -- the administrator or the user; null if it closed by itself
    ended_by      uuid,
    account_id    uuid not null,
    department_id uuid,
    category_id   uuid not null,
    project_id    uuid,
    urgency       text not null,
    primary key (ticket_id, position)
);
create index periods_by_end on periods (until, ticket_id, position);
create index periods_by_level on periods (level, since);

-- Each wait that is over: how it ended, where the ticket was by then, and sla's last word on it, whichever came first.
create table waits (
    ticket_id        uuid not null,
    since            timestamptz not null,
    ended_at         timestamptz not null,
    position         bigint not null,
    -- 1 for the ticket's first
    ordinal          integer not null,
    -- answered, or closed without an answer
    ended            text not null,
    -- the administrator who answered, or whoever closed; null if it closed by itself
    ended_by         uuid,
    account_id       uuid not null,
    department_id    uuid,
    category_id      uuid not null,
    project_id       uuid,
    urgency          text not null,
    due_at           timestamptz,
    target_seconds   integer,
    used_department  uuid,
    calendar_version integer,
    worked_when_due  bigint,
    primary key (ticket_id, position)
);
create index waits_by_end on waits (ended_at, ticket_id, position);

-- Up to when all that the others said is known to have been folded: what was before does not change any more.
create table completeness (
    source  text primary key,
    instant timestamptz not null
);

create table accounts (
    id         uuid primary key,
    name       text not null,
    sorted_as  text collate "C" not null,
    folded     text not null,
    parts      integer[] not null,
    attitude   text not null,
    group_id   uuid,
    project_id uuid,
    enabled    boolean not null
);
create index accounts_in_order on accounts (sorted_as, id);
create index accounts_by_part on accounts using gin (parts);

-- Users, administrators, API keys, groups, projects, departments, categories: all that lists need of them is the name.
create table names (
    id        uuid primary key,
    kind      text not null,
    name      text not null,
    sorted_as text collate "C" not null,
    -- of users alone: as domain/search.py says
    folded    text,
    parts     integer[]
);
create index names_in_order on names (kind, sorted_as, id);
create index names_by_part on names using gin (parts) where kind = 'user';

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

-- What viewers are told, in the order of commits: that of whoever may know of the ticket before or after the change.
create table changes (
    seq        bigint generated always as identity primary key,
    kind       text not null,
    ticket_id  uuid,
    -- null when the change is none of the client's business
    account_id uuid,
    -- what it depended on before the change which lists the ticket was in; null when it was in none
    before     json
);
create index changes_of_ticket on changes (ticket_id) where before is not null;
-- The last change of names or calendars: what is remembered of them is good until the next.
create index changes_refresh on changes (seq) where kind = 'refresh';
