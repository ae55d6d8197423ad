"""Who may do what to a ticket."""

from uuid import UUID, uuid4

import pytest

from libs.events.catalogue.intake import Urgency
from libs.service.caller import Caller
from libs.service.problems import Forbidden
from libs.service.rights import Right, Role, Staff
from services.intake.domain.asker import Asker, admitted
from services.intake.domain.ticket import Status, Ticket
from services.intake.problems import TicketGone

HERE, THERE, ACCOUNT = uuid4(), uuid4(), uuid4()


def ticket(department: UUID | None = HERE, responsible: UUID | None = None, status: Status = Status.OPEN) -> Ticket:
    return Ticket(
        number=1001,
        account_id=ACCOUNT,
        user_id=uuid4(),
        category_id=uuid4(),
        urgency=Urgency.LOW,
        department_id=department,
        responsible_id=responsible,
        status=status,
    )


def staff(role: Role, **given: frozenset[UUID] | frozenset[Right]) -> Asker:
    one = Staff(uuid4(), role, **given)  # type: ignore[arg-type]  # named as the fields are
    return Asker(Caller(kind="administrator", id=str(one.id)), one)


def client(account: UUID) -> Asker:
    return Asker(Caller(kind="client", id=str(uuid4()), account_id=account))


MEMBER = {"departments": frozenset({HERE})}


def test_a_ticket_that_one_may_not_know_of_is_refused_like_one_that_does_not_exist() -> None:
    for asker in (staff(Role.AGENT), staff(Role.MANAGER), client(uuid4()), Asker(Caller(kind="system", id="k"))):
        refused = []
        for one in (None, ticket(), ticket(status=Status.DELETED)):
            with pytest.raises(TicketGone) as gone:
                admitted(one, asker, Right.READ)
            refused.append(gone.value.body())
        assert refused[0] == refused[1] == refused[2]


def test_who_sees_a_ticket_and_lacks_the_right_is_told_which() -> None:
    for right in (Right.UNBLOCK, Right.DELETE):
        with pytest.raises(Forbidden) as refused:
            admitted(ticket(), staff(Role.AGENT, **MEMBER), right)
        assert refused.value.members == {"right": right}


def test_rights_follow_the_ticket() -> None:
    agent = staff(Role.AGENT, **MEMBER)
    for seen in (ticket(), ticket(department=None), ticket(THERE, agent.id)):
        assert admitted(seen, agent, Right.ANSWER) is seen
    with pytest.raises(TicketGone):
        admitted(ticket(THERE), agent, Right.ANSWER)


def test_clients_do_what_they_like_with_their_own_account_s_tickets() -> None:
    seen = ticket()
    for right in Right:
        assert admitted(seen, client(ACCOUNT), right) is seen


@pytest.mark.parametrize(
    ("asker", "expected"),
    [
        (staff(Role.OWNER), True),
        (staff(Role.AGENT), True),
        (staff(Role.OBSERVER, **MEMBER), False),
        (staff(Role.OBSERVER, headed=frozenset({HERE})), True),
        (staff(Role.OBSERVER, extra=frozenset({Right.ANSWER})), True),
        (client(ACCOUNT), False),
    ],
)
def test_who_may_answer_somewhere(asker: Asker, expected: bool) -> None:  # noqa: FBT001 - a case of the table
    assert asker.may_somewhere(Right.ANSWER) is expected
