"""What is kept of an account's tickets, as one document."""

from uuid import UUID, uuid4

import pytest

from libs.events.catalogue import intake
from libs.service.rights import Right, Role
from services.query.api.models import Export
from services.query.store import export
from tests.integration.query.query_world import World


async def test_it_holds_all_tickets_with_their_messages_files_and_ratings(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "TICKETS", 2)
    monkeypatch.setattr(export, "MESSAGES", 2)
    file = intake.Attachment(id=uuid4(), name="log.txt", content_type="text/plain", size=12)
    tickets = [await world.open_ticket(attachments=[file]) for _ in range(5)]
    await world.open_ticket(account_id=uuid4(), subject="Somebody else's")
    tell, answer = world.players["intake"].tell, uuid4()
    await tell(tickets[1], intake.TicketClosed())
    await tell(tickets[2], intake.TicketAnswered(message_id=answer, author_id=world.ann, text="Fixed"))
    await tell(tickets[2], intake.NoteAdded(message_id=uuid4(), author_id=world.ann, text="Did not say please"))
    await tell(tickets[2], intake.AnswerRated(message_id=answer, user_id=world.user, rating=5))
    await tell(tickets[3], intake.TicketDeleted(number=1004))
    await world.caught_up()

    document = await world.found(f"accounts/{world.account}/export")
    found = Export.model_validate(document)
    assert [ticket.id for ticket in found.tickets] == [ticket for ticket in tickets if ticket != tickets[3]]
    assert found.account.name == "Acme"
    assert [ticket.state for ticket in found.tickets] == ["active", "closed", "active", "active"]
    assert [m.kind for m in found.tickets[2].messages] == ["client", "staff", "note"]
    assert [m.rating and m.rating.rating for m in found.tickets[2].messages] == [None, 5, None]
    assert found.tickets[0].messages[0].attachments[0].model_dump() == file.model_dump()

    without = await world.found(f"accounts/{world.account}/export", notes=False)
    assert "Did not say please" not in str(without)
    assert not without["with_notes"]


async def test_it_needs_the_right_and_tells_of_tickets_wherever_they_are(world: World) -> None:
    ticket = await world.open_ticket()
    await world.place(ticket, uuid4())
    manager = await world.employ(role=Role.MANAGER)
    trusted = await world.employ(rights=[Right.MANAGE_PEOPLE])
    for administrator in (manager, trusted):
        document = await world.found(f"accounts/{world.account}/export", world.staff_as(administrator))
        assert [UUID(ticket["id"]) for ticket in document["tickets"]] == [ticket]
    for headers in (world.staff_as(await world.employ()), world.client()):
        assert (await world.get(f"accounts/{world.account}/export", headers)).status_code == 403
    assert (await world.get(f"accounts/{uuid4()}/export")).status_code == 404
