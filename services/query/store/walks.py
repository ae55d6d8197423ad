"""Lists by name, or by a property of a few values: from name to name, and of each name the tickets by number.

So nothing of a name is kept with the tickets: it may change at any time, and most names are those of a thousand tickets.
"""

from services.query.domain.kinds import RANKS, is_for_untaken
from services.query.domain.orders import Request
from services.query.store.conditions import Conditions
from services.query.store.keys import NAMES, Names


def column(request: Request) -> str:
    """The column of a ticket that says which step of the walk it belongs to."""
    return NAMES[request.sort].column if request.sort in NAMES else "kind"


def steps(request: Request, conditions: Conditions) -> str:
    """Query of `id` and `key` of all that has a name, or a value to be sorted by, and that may be asked for."""
    if names := NAMES.get(request.sort):
        restricted = "".join(f" and {condition}" for condition in _restrictions(request, conditions))
        return names.source + restricted
    return f"select k.id, {RANKS[request.sort].format(kind='k.id')} as key from unnest({conditions.kinds}) k(id)"  # noqa: S608


def nameless_steps(request: Request, conditions: Conditions) -> str:
    """Query of the `id` of all that has none: of what tickets belong to, or the nil UUID where they belong to nothing."""
    if names := NAMES.get(request.sort):
        return _nameless(names)
    return f"select s.id from ({steps(request, conditions)}) s where s.key is null"  # noqa: S608 - our own expressions


def _nameless(names: Names) -> str:
    """From id to id by the index: what tickets belong to is much less than they are."""
    return f"""
with recursive all_ids as (
    (select t.{names.column} as id from tickets t order by t.{names.column} limit 1)
    union all
    select (select t.{names.column} from tickets t where t.{names.column} > a.id order by t.{names.column} limit 1)
      from all_ids a where a.id is not null)
select a.id from all_ids a
 where a.id is not null and not exists (select from ({names.source}) named where named.id = a.id)"""  # noqa: S608


def _restrictions(request: Request, conditions: Conditions) -> list[str]:
    """Names under which there is nothing to be listed, and much to be turned down."""
    filters, own = request.filters, f"{request.sort}_id"
    found = []
    if request.sort in {"account", "user"} and getattr(filters, own):
        found.append(f"n.id = {conditions.asked(own, 'uuid')}")
    elif request.sort in {"project", "category", "group"} and getattr(filters, own):
        found.append(f"n.id = any({conditions.asked(own)})")
    elif request.sort == "responsible" and request.responsible:
        found.append(f"n.id = any({conditions.asked('responsible_id')})")
    if request.places is not None and request.sort == "department":
        found.append(_in_sight(request, conditions))
    if request.places is not None and request.sort == "responsible":
        found.append(f"(n.kind = 'administrator' or n.id = any({conditions.places}))")
    if request.sort == "responsible" and is_for_untaken(filters):
        found.append("n.kind = 'department'")
    return found


def _in_sight(request: Request, conditions: Conditions) -> str:
    in_places = f"n.id = any({conditions.places})"
    if request.sight.departments is None:
        return in_places
    mine = f"exists (select from tickets t where t.place = n.id and {conditions.seen_elsewhere})"
    return f"({in_places} or {mine})"
