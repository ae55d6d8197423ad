create table notes (
    id      text primary key,
    version integer not null default 0,
    lines   integer not null default 0,
    text    text not null default '',
    state   text not null default 'open'
);
create table seen (position bigint primary key, event_id text not null);
