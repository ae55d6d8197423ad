"""How tickets are read and shown.

Administrators' lists are the busiest there are: PostgreSQL only reads their rows, and domain/shown.py puts them together.
Of what clients see it builds the JSON itself. These are the parts of both; they stand over `t` (tickets) and `asof` (one
row: the instant as `at`, and as `us` in microseconds).
"""

NOW = "(select us from asof)"
AT = "(select at from asof)"

ASOF = """asof as materialized (
    select at, (extract(epoch from at) * 1000000)::bigint as us
      from (select coalesce($1::timestamptz, statement_timestamp()) as at) as one)"""


def worked(at: str, department: str, version: str) -> str:
    """W at an instant in microseconds, on a department's calendar; without one it is the instant itself."""
    return f"""coalesce((
        select s.worked + least({at} - s.opens, s.closes - s.opens) from segments s
         where s.department_id = {department} and s.version = {version} and s.opens <= {at}
         order by s.opens desc limit 1), {at})"""  # noqa: S608 - our own expressions


def version_at(table: str, of: str, at: str, key: str = "id") -> str:
    """What was in force at an instant of what a table keeps versions of."""
    return f"""
        select * from {table} x where x.{key} = {of} and x.since <= {at} order by x.since desc, x.position desc limit 1"""  # noqa: S608


def utc(instant: str) -> str:
    return f"""to_char({instant}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def named(identity: str, table: str) -> str:
    return f"case when {identity} is not null then json_build_object('id', {identity}, 'name', {table}.name) end"


MOVING_COLUMNS = """
  t.id::text as id, t.number, t.xmin::text::bigint as stamp,
  t.points, t.rank, t.waiting, t.deadline_at, t.deadline_clock, t.department_id::text as department_id, t.calendar_version,
  (select id from generation) as generation, (select max(seq) from changes where kind = 'refresh') as refreshed
"""
"""What `domain/shown.py` makes those parts of an administrators' row of that move with time.

`stamp` is another one whenever the row was written; the last two are what `Lookups` are of.
"""
ADMINISTRATORS_COLUMNS = f"""
  {MOVING_COLUMNS},
  t.subject, t.state, t.urgency, t.tags, t.channel, t.unread,
  t.account_id::text as account_id, t.user_id::text as user_id, t.responsible_id::text as responsible_id,
  t.project_id::text as project_id, t.category_id::text as category_id,
  t.holder_id::text as holder_id, t.blocked_at,
  t.waiting_since, t.opened_at, t.active_at, t.closes_at, t.closed_at, t.close_reason
"""
"""All of it."""

FACTS_COLUMNS = """
  t.id::text as id, t.number, t.state, t.account_id::text as account_id, t.user_id::text as user_id,
  t.department_id::text as department_id, t.responsible_id::text as responsible_id, t.category_id::text as category_id,
  t.project_id::text as project_id, t.group_id::text as group_id, t.attitude, t.urgency, t.channel, t.tags, t.unread,
  t.waiting, t.holder_id::text as holder_id, t.deadline_at, t.opened_at
"""
"""What `Facts.of_row` reads."""

CLIENTS_JOINS = """
  left join names u on u.id = t.user_id
  left join names p on p.id = t.project_id
  left join names c on c.id = t.category_id
"""
CLIENTS_ROW = f"""
  t.id, t.number, t.subject,
  {named("t.user_id", "u")} as "user",
  {named("t.project_id", "p")} as project,
  {named("t.category_id", "c")} as category,
  t.urgency, t.channel,
  {utc("t.waiting_since")} as waiting_since,
  {utc("t.opened_at")} as opened_at,
  {utc("t.active_at")} as last_activity_at,
  {utc("t.closes_at")} as closes_at, {utc("t.closed_at")} as closed_at, t.close_reason,
  t.unread_answers,
  t.state
"""
NO_NOTES = "m.kind <> 'note'"

_ACTING = "case when m.on_behalf_of is not null and m.actor like 'user:%' then substr(m.actor, 6)::uuid end"
MESSAGE_ROW = f"""
  m.id, m.kind, {named("m.author_id", "n")} as author, {named(_ACTING, "b")} as acted_by, m.channel,
  {utc("m.at")} as at, m.text, m.attachments,
  case when r.message_id is not null
       then json_build_object('rating', r.rating, 'comment', r.comment, 'user', {named("r.user_id", "ru")},
                              'at', {utc("r.at")}) end as rating
"""


def _message_joins(name: str, rated: str) -> str:
    """What messages are shown with: `name` gives that of somebody, and only ratings count that `rated` holds for."""
    rating = f"""select * from ratings r where r.ticket_id = m.ticket_id and r.message_id = m.id and {rated}
              order by r.position desc limit 1"""  # noqa: S608 - our own expressions
    return f"""
  left join {name.format("m.author_id")} n on true
  left join {name.format(_ACTING)} b on true
  left join lateral ({rating}) r on true
  left join {name.format("r.user_id")} ru on true
"""


MESSAGE_JOINS = _message_joins("lateral (select name from names where id = {})", "true")
MESSAGE_JOINS_THEN = _message_joins(f"lateral ({version_at('name_versions', '{}', AT)})", f"r.at <= {AT}")


def messages(where: str, joins: str = MESSAGE_JOINS) -> str:
    """JSON of what was said in `t`, in its order."""
    return f"""(
    select coalesce(json_agg(said.message order by said.position), '[]') from (
        select m.position, (select row_to_json(shown) from (select {MESSAGE_ROW}) shown) as message
          from messages m {joins} where m.ticket_id = t.id and {where}) said)"""  # noqa: S608 - our own expressions


MESSAGES_THEN = messages(f"m.at <= {AT}", MESSAGE_JOINS_THEN)
