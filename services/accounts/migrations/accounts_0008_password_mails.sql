-- links by which somebody sets a password that go by mail
-- depends: accounts_0005_password_resets

-- migrate: apply

-- The link's name towards notify, which asks for the token when it writes the mail; null for one that was shown.
alter table password_resets add column mail uuid unique;

-- Addresses that somebody says to have forgotten the password of, known or not, for the moments until they are looked up.
create table password_mail_requests (
    number       bigint generated always as identity primary key,
    email        text not null,
    requested_at timestamptz not null
);

-- migrate: rollback
