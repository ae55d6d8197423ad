-- named views of the list: what their makers chose, which no log knows
-- depends: query_0001_plans

-- migrate: apply
create table views (
    id             uuid primary key,
    version        integer not null default 1,
    owner_id       uuid not null,
    name           text not null,
    filters        jsonb not null,
    sort           text not null,
    "order"        text,
    columns        text[] not null,
    is_for_all     boolean not null,
    department_ids uuid[] not null,
    created_at     timestamptz not null,
    changed_at     timestamptz not null
);
create index views_of_owner on views (owner_id);
create index views_shared on views (id) where is_for_all or department_ids <> '{}';

-- In which order an administrator wants to see them; those that are not named come after.
create table view_orders (
    administrator uuid primary key,
    view_ids      uuid[] not null
);

-- Counts the changes of views: so processes that serve them learn that there was one, at the cost of reading one row.
create table view_changes (seen integer not null);
insert into view_changes values (0);

-- Kept for ever, so a retry is harmless for ever; of the same shape as in the services that have a log.
create table idempotency (
    key         text primary key,
    fingerprint text not null,
    entity      uuid
);

-- migrate: rollback
