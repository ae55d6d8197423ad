"""What another set of rules would make of tickets, against what the present one makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from libs.events.catalogue.routing import Points, TicketWeighed
from services.routing.domain.judgement import Case, Judged, judge, routing_of
from services.routing.domain.submission import Routed

MOST_EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What rules make of a ticket. Who becomes responsible is said by the way they are found, as nobody is chosen."""

    routed: Routed | None
    """None while it cannot be decided."""
    breakdown: Sequence[Points]

    @property
    def department_id(self) -> UUID | None:
        return self.routed.department_id if self.routed else None

    @property
    def points(self) -> int:
        return sum(part.points for part in self.breakdown)


def outcome(case: Case) -> Outcome:
    """As if nothing had been decided on the ticket before."""
    routed = routing_of(Judged(), case)
    weighed = next(event for event in judge(Judged(), case) if isinstance(event, TicketWeighed))
    return Outcome(routed, weighed.breakdown)


@dataclass(frozen=True, slots=True)
class Example:
    """A ticket that would go elsewhere."""

    ticket_id: UUID
    now: UUID | None
    then: UUID | None


@dataclass
class Comparison:
    """What would be different, over many tickets."""

    tickets: int = 0
    elsewhere: int = 0
    responsible: int = 0
    urgency: int = 0
    tags: int = 0
    heavier: int = 0
    lighter: int = 0
    points_now: int = 0
    points_then: int = 0
    examples: list[Example] = field(default_factory=list)

    def add(self, ticket_id: UUID, now: Outcome, then: Outcome, *, is_example: bool = True) -> None:
        """`is_example`: it may be named as one."""
        self.tickets += 1
        self.points_now += now.points
        self.points_then += then.points
        self.heavier += then.points > now.points
        self.lighter += then.points < now.points
        self.responsible += _of(now, "responsible") != _of(then, "responsible")
        self.urgency += _of(now, "urgency") != _of(then, "urgency")
        self.tags += _tags(now) != _tags(then)
        if now.department_id != then.department_id:
            self.elsewhere += 1
            if is_example and len(self.examples) < MOST_EXAMPLES:
                self.examples.append(Example(ticket_id, now.department_id, then.department_id))

    @property
    def average_now(self) -> float:
        return self.points_now / self.tickets if self.tickets else 0.0

    @property
    def average_then(self) -> float:
        return self.points_then / self.tickets if self.tickets else 0.0


def _of(one: Outcome, what: str) -> object:
    return getattr(one.routed, what) if one.routed else None


def _tags(one: Outcome) -> set[str]:
    return set(one.routed.tags) if one.routed else set()
