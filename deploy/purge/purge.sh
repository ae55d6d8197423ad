#!/bin/sh
# Removes from PostgreSQL's files what has been erased: PostgreSQL only marks old versions of rows as free, and keeps them in
# its write-ahead log, so their bytes stay there until something else happens to be written over them.
#
#     PGHOST=… PGPORT=… PGUSER=postgres PGPASSWORD=… sh purge.sh [DATABASE …]      (all of helpdesk_… if none is named)
#
# Needs psql, and a superuser. The services may go on: what they ask of a table waits while the table is written anew.
# It ends with 1, and says why, when something is not erased yet or cannot be removed; then run it again.
set -eu

PATIENCE=${PURGE_PATIENCE_SECONDS:-60}

ask() { psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 --dbname="$1" --command="$2"; }
run() { psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 --dbname="$1" >/dev/null; }
has() { [ "$(ask "$1" "select to_regclass('$2') is not null")" = t ]; }
fail() { echo "· purge: $1" >&2; exit 1; }

# until WHAT COMMAND …: repeats the command until it says 0.
until_none() {
  what=$1 left=$PATIENCE
  shift
  while count=$("$@") && [ "$count" != 0 ]; do
    [ "$left" -gt 0 ] || fail "$what"
    left=$((left - 1))
    sleep 1
  done
  [ "$count" = 0 ]
}

# --- what is asked for has been erased, and everybody has heard of it ------------------------------

not_erased() { ask "$1" "select count(*) from erasures where done_at is null"; }
not_removed() { ask "$1" "select count(*) from attachments where state = 'removing'"; }
not_heard() { ask "$1" "select count(*) from live.checkpoints where source = '$2' and position < $3"; }

await_erasures() {
  for database in $all; do
    if has "$database" erasures; then
      until_none "$database has erasures that wait for NATS" not_erased "$database"
      last=$(ask "$database" "select coalesce(max(position), 0) from erasures")
      for reader in $all; do
        if has "$reader" live.checkpoints; then
          until_none "$reader has not read all of $database" not_heard "$reader" "${database#helpdesk_}" "$last"
        fi
      done
    fi
    if has "$database" attachments; then
      until_none "$database has files that are still to be removed" not_removed "$database"
    fi
  done
}

# --- tables, their indexes, long values and statistics ---------------------------------------------

# A transaction that began before now may still see the old rows, and they would be written anew with the others.
old_readers() {
  ask "$1" "
    select (select count(*) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid() and age(backend_xmin) > age('$2'::xid))
         + (select count(*) from pg_replication_slots where age(xmin) > age('$2'::xid))
         + (select count(*) from pg_prepared_xacts where database = current_database())"
}

rewrite_tables() {
  now=$(ask "$1" "select pg_current_xact_id()::xid")
  until_none "an old transaction or replication slot holds on to what was erased in $1" old_readers "$1" "$now"
  # The statistics hold samples of the values: first new ones, then the table that held the old ones, with all others.
  run "$1" <<'SQL'
analyze;
select format('vacuum (full) %s', c.oid::regclass)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'm') and c.relpersistence = 'p'
   and (n.nspname !~ '^(pg_|information_schema$)' or c.oid in ('pg_statistic'::regclass, 'pg_statistic_ext_data'::regclass))
\gexec
SQL
}

# --- the write-ahead log ---------------------------------------------------------------------------

# Segments that are done with are not removed but renamed for later use, old content and all. So the log is led through
# those that are there already, which writes over them, and no new ones are made in this way meanwhile.
renew_write_ahead_log() {
  last=$(ask postgres "select max(name) from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$'")
  if [ "$(ask postgres "show wal_recycle")" = on ]; then
    trap 'recycle on' EXIT
    recycle off
  fi
  until_none "segments of pg_wal up to $last are kept by an archiver, a replication slot or wal_keep_size" old_segments
}

recycle() {
  ask postgres "alter system set wal_recycle = $1"
  ask postgres "select pg_reload_conf()" >/dev/null
}

old_segments() {
  ask postgres "select pg_logical_emit_message(false, 'purge', ''), pg_switch_wal() from pg_ls_waldir()" >/dev/null
  ask postgres "checkpoint"
  ask postgres "select count(*) from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$' and name <= '$last'"
}

all=$(ask postgres "select datname from pg_database where datname like 'helpdesk\\_%' order by 1")
await_erasures
for database in ${*:-$all}; do
  rewrite_tables "$database"
done
renew_write_ahead_log
echo "· purged"
