"""What a ticket is about and where it belongs: by hand, and by rule."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from libs.events.catalogue.intake import Property, TicketAssigned, TicketEdited, TicketRouted, Urgency
from libs.events.catalogue.routing import DepartmentDecided
from libs.service.problems import Invalid
from libs.service.rights import Role, Staff
from services.intake.domain import properties
from services.intake.domain.properties import Assignee, Destination
from services.intake.domain.ticket import MOST_TAGS, ByHand
from services.intake.problems import Blocked
from tests.unit.intake.ticket_world import ANN, BOB, World

HERE, THERE = uuid4(), uuid4()


def edit(world: World, **wanted: Any) -> World:
    return world.take(
        properties.edit(world.turn(), {Property(name): value for name, value in wanted.items()}, "the subject")
    )


def adopt(world: World, department: UUID, version: int, responsible: UUID | None = None, **more: Any) -> World:
    decided = DepartmentDecided.model_validate(
        {"department_id": department, "responsible_id": responsible, "judged_version": version, **more}
    )
    return world.take(properties.adopt(world.turn(), decided, uuid4()))


def transfer(world: World, department: UUID, who: UUID = ANN) -> World:
    return world.take(properties.transfer(world.turn(), who, Destination(department, is_open=True)))


def assign(world: World, responsible: Staff | None) -> World:
    assignee = Assignee(responsible.id, responsible) if responsible else None
    return world.take(properties.assign(world.turn(), assignee))


def test_an_edit_tells_what_is_different_and_how_all_of_it_is_now() -> None:
    world = World()
    category, project = world.ticket.category_id, world.ticket.project_id
    change = properties.edit(world.turn(), {Property.URGENCY: Urgency.HIGH, Property.TAGS: ["imap"]}, "the subject")
    (event,) = change.events
    assert event.data == TicketEdited(
        changed=[Property.URGENCY, Property.TAGS],
        category_id=category,
        urgency=Urgency.HIGH,
        project_id=project,
        tags=["imap"],
    )
    assert world.take(change).ticket.by_hand == (ByHand.TAGS, ByHand.URGENCY)


def test_the_subject_is_told_only_when_it_is_another_one() -> None:
    same = edit(World(), subject="the subject", tags=["a"])
    assert [same.ticket.tags, same.last.changed, same.last.subject] == [("a",), [Property.TAGS], None]
    assert edit(World(), subject="another").last.subject == "another"


def test_an_edit_that_changes_nothing_is_none() -> None:
    world = World()
    assert edit(world, urgency=world.ticket.urgency, tags=[], subject="the subject").told == []


def test_a_decision_is_adopted_once() -> None:
    world = adopt(World(), HERE, 1)
    assert world.ticket.department_id == HERE
    assert adopt(world, HERE, 1).told == ["routed"]


def test_what_was_decided_on_the_category_before_does_not_count_any_more() -> None:
    world = edit(World(), category=uuid4())
    assert adopt(world, HERE, 1).ticket.department_id is None
    assert adopt(world, THERE, 2).ticket.department_id == THERE


def test_editing_what_no_department_depends_on_does_not_keep_a_decision_out() -> None:
    assert adopt(edit(World(), tags=["a"]), HERE, 1).ticket.department_id == HERE


def test_a_department_chosen_by_hand_stays_whatever_is_edited_later() -> None:
    world = transfer(adopt(World(), HERE, 1), THERE)
    edit(world, category=uuid4())
    assert adopt(world, HERE, world.version, ANN).ticket.department_id == THERE
    assert world.ticket.responsible_id is None


def test_who_was_made_responsible_by_hand_stays_when_a_rule_moves_the_ticket() -> None:
    world = adopt(World(), HERE, 1, BOB)
    assert world.ticket.responsible_id == BOB
    world.take(properties.take(world.turn(), ANN))
    edit(world, category=uuid4())
    adopt(world, THERE, world.version, BOB)
    assert (world.ticket.department_id, world.ticket.responsible_id) == (THERE, ANN)
    assert isinstance(world.last, TicketRouted)


def test_a_ticket_given_back_to_its_department_by_hand_gets_nobody_by_rule() -> None:
    world = assign(adopt(World(), HERE, 1, BOB), None)
    assert world.last == TicketAssigned(responsible_id=None)
    assert adopt(world, HERE, 1, BOB).ticket.responsible_id is None


def test_after_a_transfer_nobody_is_responsible() -> None:
    world = World()
    world.take(properties.take(world.turn(), ANN))
    assert transfer(world, THERE).ticket.responsible_id is None
    assert transfer(world, THERE).told == ["assigned", "transferred"]


def test_a_ticket_is_not_taken_from_under_somebody_who_is_writing() -> None:
    world = World()
    world.block(ANN)
    with pytest.raises(Blocked):
        transfer(world, THERE, BOB)
    assert transfer(world, THERE, ANN).told == ["blocked", "unblocked", "transferred"]


def test_whoever_is_made_responsible_must_be_somebody_who_works() -> None:
    world = transfer(World(), THERE)
    agent = Staff(uuid4(), Role.AGENT)
    assert assign(world, agent).ticket.responsible_id == agent.id
    with pytest.raises(Invalid) as refused:
        assign(world, Staff(uuid4(), Role.OWNER, enabled=False))
    assert refused.value.members["errors"][0]["pointer"] == "/responsible_id"
    with pytest.raises(Invalid):
        properties.assign(world.turn(), Assignee(uuid4(), None))


def test_a_ticket_goes_to_no_department_that_is_not_open() -> None:
    with pytest.raises(Invalid):
        properties.transfer(World().turn(), ANN, Destination(HERE, is_open=False))


def test_taking_again_changes_nothing() -> None:
    world = World()
    for _ in range(2):
        world.take(properties.take(world.turn(), ANN))
    assert world.told == ["assigned"]


def test_urgency_and_tags_are_adopted_with_the_department_and_once() -> None:
    world = adopt(World(), HERE, 1, urgency="low", tags=["vip", "night"])
    assert (world.ticket.urgency, world.ticket.tags) == (Urgency.LOW, ("night", "vip"))
    assert world.ticket.by_hand == ()
    assert adopt(world, HERE, 1, urgency="low", tags=["vip"]).told == ["routed"]
    assert adopt(world, HERE, 1, tags=["new"]).ticket.tags == ("new", "night", "vip")


def test_what_a_person_changed_by_hand_stays_and_the_rest_is_adopted() -> None:
    world = adopt(edit(World(), urgency=Urgency.HIGH), HERE, 1, urgency="low", tags=["vip"])
    assert (world.ticket.department_id, world.ticket.urgency, world.ticket.tags) == (HERE, Urgency.HIGH, ("vip",))
    world = adopt(edit(World(), tags=["mine"]), HERE, 1, urgency="low", tags=["vip"])
    assert (world.ticket.urgency, world.ticket.tags) == (Urgency.LOW, ("mine",))
    world = adopt(transfer(World(), THERE), HERE, 1, BOB, urgency="low")
    assert (world.ticket.department_id, world.ticket.responsible_id) == (THERE, None)
    assert world.ticket.urgency == Urgency.LOW
    world = adopt(World(), HERE, 1, urgency="low")
    assert edit(world, urgency=Urgency.HIGH).ticket.urgency == Urgency.HIGH
    assert adopt(world, HERE, 1, urgency="low").ticket.urgency == Urgency.HIGH


def test_a_ticket_has_no_more_tags_than_it_may() -> None:
    world = adopt(World(), HERE, 1, tags=[f"t{at:02}" for at in range(MOST_TAGS + 5)])
    assert len(world.ticket.tags) == MOST_TAGS
    assert adopt(world, HERE, 1, tags=["more"]).told == ["routed"]
