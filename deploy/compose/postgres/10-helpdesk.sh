# The services' role and their databases, once, in a new cluster. Sourced by the image's entry point.
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres -v password="$HELPDESK_POSTGRES_PASSWORD" <<'SQL'
create role helpdesk login password :'password';
create database helpdesk_accounts owner helpdesk;
create database helpdesk_intake owner helpdesk;
create database helpdesk_routing owner helpdesk;
create database helpdesk_sla owner helpdesk;
create database helpdesk_notify owner helpdesk;
create database helpdesk_query owner helpdesk;
SQL
