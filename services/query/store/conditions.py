"""What a list asks of each of its tickets, as conditions on a row of `t`."""

from collections.abc import Iterator
from functools import cached_property

from services.query.domain.kinds import kinds
from services.query.domain.orders import BUSIEST, Filters, Request
from services.query.domain.sight import UNPLACED
from services.query.store.arguments import Arguments
from services.query.store.rows import AT
from services.query.store.search import Searching


class Conditions:
    """Of one request; what they compare with is bound to the statement's arguments as it is used."""

    def __init__(self, request: Request, arguments: Arguments) -> None:
        self._request = request
        self._filters = request.filters
        self._arguments = arguments
        self.searching = Searching(request, arguments) if request.filters.text else None

    @cached_property
    def all(self) -> str:
        """Everything but the state, each after an `and`."""
        return self.but_for_text + (f" and {self.searching.condition()}" if self.searching else "")

    @cached_property
    def but_for_text(self) -> str:
        """The same for tickets that the text was found in."""
        return "".join(f" and {condition}" for condition in self._but_for_text())

    def each(self) -> Iterator[str]:
        """One by one, the text as well."""
        yield from self._but_for_text()
        if self.searching:
            yield self.searching.condition()

    @property
    def places(self) -> str:
        return self._arguments.once("places", self._request.places, "uuid[]")

    @property
    def kinds(self) -> str:
        return self._arguments.once("kinds", kinds(self._filters), "smallint[]")

    def asked(self, name: str, kind: str = "uuid[]") -> str:
        """What a filter asks for."""
        return self._arguments.once(name, getattr(self._filters, name), kind)

    @property
    def mine(self) -> str:
        """Rows of whom is asked for; or else of whoever lists, as they see their own wherever they are."""
        if self._request.responsible:
            return f"t.assignee = any({self.asked('responsible_id')}) and t.responsible_id is not null"
        return self.seen_elsewhere

    @property
    def me(self) -> str:
        return self._arguments.once("me", self._request.sight.administrator, "uuid")

    @property
    def seen_elsewhere(self) -> str:
        """Rows of whoever lists, in the departments that are asked for; without that filter the statement is the same."""
        asked = self._arguments.once("department_id", list(self._filters.department_id) or None, "uuid[]")
        return f"t.assignee = {self.me} and ({asked} is null or t.place = any({asked}))"

    def _but_for_text(self) -> Iterator[str]:
        filters = self._filters
        yield from self._sight()
        yield from self._responsible()
        for name, (condition, kind) in _FACTS.items():
            if (asked := getattr(filters, name)) not in {None, ()}:
                yield condition.format(self._arguments.once(name, asked, kind))
        if filters.waiting is not None:
            yield "t.waiting" if filters.waiting else "not t.waiting"
        if filters.blocked is not None:
            yield f"t.holder_id is {'not null' if filters.blocked else 'null'}"
        if filters.overdue is not None:
            # `is true` hides it from an index, which would be taken for each department again.
            yield f"(t.deadline_at < {AT}) is {'true' if filters.overdue else 'not true'}"

    def _sight(self) -> Iterator[str]:
        if self._request.places is None or self._request.is_by_place:
            return
        in_places = f"t.place = any({self.places})"
        is_whole = self._request.sight.departments is None
        yield in_places if is_whole else f"({in_places} or {self.seen_elsewhere})"

    def _responsible(self) -> Iterator[str]:
        """Unless what is listed is read from those of the responsible in the first place."""
        asked = self._filters.responsible_id
        if not asked or (self._request.responsible and self._request.sort in BUSIEST):
            return
        found = f"t.responsible_id = any({self.asked('responsible_id')})"
        yield f"({found} or t.responsible_id is null)" if UNPLACED in asked else found


def is_narrowed(filters: Filters) -> bool:
    """Whether more is asked for than what the busiest orders have indexes for."""
    names = ("text", *(name for name in _FACTS if name != "account_id"))
    return any(getattr(filters, name) not in {None, ()} for name in names)


_FACTS = {
    "account_id": ("t.account_id = {}", "uuid"),
    "user_id": ("t.user_id = {}", "uuid"),
    "category_id": ("t.category_id = any({})", "uuid[]"),
    "project_id": ("t.in_project = any({})", "uuid[]"),
    "group_id": ("t.in_group = any({})", "uuid[]"),
    "attitude": ("t.attitude = any({})", "text[]"),
    "urgency": ("t.urgency = any({})", "text[]"),
    "channel": ("t.channel = any({})", "text[]"),
    "tag": ("t.tags && {}", "text[]"),
    "unread": ("t.unread = {}", "boolean"),
    "opened_since": ("t.opened_at >= {}", "timestamptz"),
    "opened_before": ("t.opened_at < {}", "timestamptz"),
}
