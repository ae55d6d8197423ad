-- the log, its entities, its clock, its epochs
-- depends:

-- migrate: apply

-- Each life of this log: a new one begins when the log is created or was restored to an earlier point.
create table epochs (
    number     integer generated always as identity primary key,
    epoch      uuid not null unique,
    started_at timestamptz not null default clock_timestamp(),
    reason     text not null
);

-- The instant up to which this log has promised to be complete; nothing is appended at or before it.
create table log_clock (
    only_row       boolean primary key default true check (only_row),
    complete_until timestamptz not null
);
insert into log_clock values (true, '-infinity');

create sequence log_position;

-- One row an entity: the version to compare and set, and the fold of its events so far.
create table entities (
    id       uuid primary key,
    kind     text not null,
    version  integer not null,
    state    json not null,
    due_at   timestamptz
);
create index entities_due on entities (due_at) where due_at is not null;
create index entities_kind on entities (kind, id);

create table log (
    position bigint primary key,
    id       uuid not null,
    entity   uuid not null,
    version  integer not null,
    type     text not null,
    time     timestamptz not null,
    envelope json not null
);
create unique index log_entity_version on log (entity, version);

-- Kept for ever, so a retry is harmless for ever. No bodies and no secrets: a retry is answered from state.
create table idempotency (
    key         text primary key,
    fingerprint text not null,
    entity      uuid,
    position    bigint not null
);

-- Entities whose content is to be deleted from the stream as well, once their last event is in it.
create table erasures (
    entity       uuid primary key,
    kind         text not null,
    position     bigint not null,
    requested_at timestamptz not null default clock_timestamp(),
    done_at      timestamptz
);
create index erasures_pending on erasures (position) where done_at is null;

-- PostgreSQL's clock, never at or before what the log has declared complete.
create function log_now() returns timestamptz language sql volatile as
'select greatest(clock_timestamp(), complete_until + interval ''1 microsecond'') from log_clock';

-- Appends events to one or more entities: all or nothing, in one statement, without a lock that others wait for.
-- The transaction id comes before the first position (the tail's fence relies on it), the compare-and-set before the
-- first position too (so a conflict burns none), the idempotency key last (a clash of keys is rare, a conflict is not).
-- Row by row, because most appends are one event of one entity, for which joins of unnested arrays cost half as much again.
create function log_append(
    check_time timestamptz, the_key text, the_fingerprint text, the_entity uuid,
    entity_ids uuid[], kinds text[], expected integer[], versions integer[], states text[], dues timestamptz[],
    event_ids uuid[], event_entities uuid[], event_versions integer[], types text[], times timestamptz[],
    envelopes text[]
) returns bigint language plpgsql volatile as
$append$
declare
    last_position bigint;
begin
    perform pg_current_xact_id();
    perform from log_clock where complete_until >= check_time;
    if found then
        raise exception 'the log is already complete past %', check_time using errcode = 'HD003';
    end if;
    for i in 1 .. cardinality(entity_ids) loop
        if expected[i] > 0 then
            update entities set version = versions[i], state = states[i]::json, due_at = dues[i]
             where id = entity_ids[i] and version = expected[i];
        else
            insert into entities (id, kind, version, state, due_at)
            values (entity_ids[i], kinds[i], versions[i], states[i]::json, dues[i])
            on conflict do nothing;
        end if;
        if not found then
            raise exception 'another change came first' using errcode = 'HD001';
        end if;
    end loop;
    for i in 1 .. cardinality(event_ids) loop
        insert into log (position, id, entity, version, type, time, envelope)
        values (nextval('log_position'), event_ids[i], event_entities[i], event_versions[i], types[i], times[i],
                envelopes[i]::json)
        returning position into last_position;
    end loop;
    if the_key is not null then
        insert into idempotency (key, fingerprint, entity, position)
        values (the_key, the_fingerprint, the_entity, last_position)
        on conflict do nothing;
        if not found then
            raise exception 'the key was used before' using errcode = 'HD002';
        end if;
    end if;
    return last_position;
end
$append$;

-- migrate: rollback
