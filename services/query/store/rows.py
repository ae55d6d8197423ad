"""How a ticket is shown. PostgreSQL builds the JSON; these are its parts.

They stand over `t` (tickets) and `asof` (one row: the instant as `at`, and as `us` in microseconds).
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


def utc(instant: str) -> str:
    return f"""to_char({instant}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def named(identity: str, table: str) -> str:
    return f"case when {identity} is not null then json_build_object('id', {identity}, 'name', {table}.name) end"


_WAITED = f"greatest(0, {NOW} - t.rank - t.points * 60000000::bigint)"
_LEFT = f"t.deadline_clock - {worked(NOW, 't.department_id', 't.calendar_version')}"

ADMINISTRATORS_JOINS = """
  left join accounts a on a.id = t.account_id
  left join names g on g.id = a.group_id
  left join names u on u.id = t.user_id
  left join names r on r.id = t.responsible_id
  left join names d on d.id = t.department_id
  left join names p on p.id = t.project_id
  left join names c on c.id = t.category_id
  left join names h on h.id = t.holder_id
"""
ADMINISTRATORS_ROW = f"""
  t.id, t.number, t.subject,
  json_build_object('id', t.account_id, 'name', a.name, 'attitude', a.attitude, 'group', {named("a.group_id", "g")})
    as account,
  {named("t.user_id", "u")} as "user",
  t.points + case when t.waiting then {_WAITED} / 60000000 else 0 end as weight,
  t.points,
  case when t.waiting then {_WAITED} / 1000000 end as delay_seconds,
  case when t.deadline_clock is not null then floor(({_LEFT}) / 1000000.0::float8)::bigint end as remaining_seconds,
  {utc("t.deadline_at")} as deadline_at,
  coalesce(t.deadline_at < {AT}, false) as overdue,
  {named("t.responsible_id", "r")} as responsible,
  {named("t.department_id", "d")} as department,
  {named("t.project_id", "p")} as project,
  {named("t.category_id", "c")} as category,
  t.urgency, t.channel, t.unread,
  case when t.holder_id is not null
       then json_build_object('holder', {named("t.holder_id", "h")}, 'since', {utc("t.blocked_at")}) end as block,
  {utc("t.waiting_since")} as waiting_since,
  {utc("t.opened_at")} as opened_at,
  t.state
"""
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
  t.state
"""
