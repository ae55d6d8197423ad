-- What intake must know of the others to judge a submission.
create table accounts (
    id            uuid primary key,
    project_id    uuid,
    product_types text[] not null default '{}',
    enabled       boolean not null
);
create table users (
    id         uuid primary key,
    account_id uuid not null,
    enabled    boolean not null
);
create table categories (
    id            uuid primary key,
    product_types text[] not null,
    enabled       boolean not null
);
