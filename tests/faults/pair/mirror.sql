create table notes (
    id      text primary key,
    version integer not null default 0,
    lines   integer not null default 0,
    text    text not null default '',
    state   text not null default 'open'
);
-- No unique position: an event that is taken in twice is to be seen twice.
create table seen (
    number   bigint generated always as identity primary key,
    position bigint not null,
    event_id text not null
);
