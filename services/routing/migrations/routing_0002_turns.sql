-- whose turn it was, and by which day's rules a ticket is weighed
-- depends: routing_0001_undecided

-- migrate: apply

-- Tickets that a rule has given to somebody: the last of each department and administrator, and all of the last minutes.
create table turns (
    ticket        uuid primary key,
    department    uuid not null,
    administrator uuid not null,
    at            timestamptz not null
);
create index turns_of on turns (department, administrator, at);
create index turns_recent on turns (administrator, at);

-- Tickets that somebody had judged again by the weight rules in force at an instant after they were opened.
create table rejudged (
    ticket   uuid primary key,
    rules_of timestamptz not null
);

-- migrate: rollback
