-- What intake must know of the others to judge submissions, edits and transfers.
create table accounts (
    id            uuid primary key,
    project_id    uuid,
    product_types text[] not null default '{}',
    enabled       boolean not null
);
create table users (
    id         uuid primary key,
    account_id uuid not null,
    enabled    boolean not null,
    email      text not null -- lower case; by it the sender of a mail is known
);
create index users_account on users (account_id);
create index users_email on users (email);
create table projects (id uuid primary key);
create table departments (
    id      uuid primary key,
    enabled boolean not null
);
create table categories (
    id            uuid primary key,
    name          text not null,
    place         integer not null, -- in the list
    product_types text[] not null,
    enabled       boolean not null,
    project_id    uuid -- whose accounts alone may choose it
);
