"""Drafts over HTTP: nothing that was written gets lost, and nothing of it outlives the ticket."""

import asyncio
from uuid import UUID

import httpx
import pytest

from libs.service.rights import Role
from tests.integration.intake.conftest import World


async def save(world: World, ticket: UUID, text: str, who: UUID | None = None) -> httpx.Response:
    headers = world.staff(who or world.ann)
    return await world.http.put(f"/api/intake/tickets/{ticket}/draft", json={"text": text}, headers=headers)


async def draft(world: World, ticket: UUID, who: UUID | None = None) -> str | None:
    answer = await world.http.get(f"/api/intake/tickets/{ticket}/draft", headers=world.staff(who or world.ann))
    if answer.status_code == 404:
        assert answer.json()["type"].endswith("no-draft")
        return None
    return str(answer.json()["text"])


async def block(world: World, ticket: UUID, who: UUID | None = None) -> dict[str, object]:
    taken = await world.act(ticket, "block", world.staff(who or world.ann))
    assert taken.status_code == 200, taken.text
    answer: dict[str, object] = taken.json()
    return {"token": answer["block"]["token"], "has_draft": answer["has_draft"]}  # type: ignore[index]  # JSON


async def test_everybody_has_a_draft_of_their_own_on_each_ticket(world: World) -> None:
    one, other = await world.submit(), await world.submit()
    for text in ("Dear", "Dear Jane"):
        assert (await save(world, one, text)).json()["text"] == text
    assert [await draft(world, one), await draft(world, other), await draft(world, one, world.bob)] == [
        "Dear Jane",
        None,
        None,
    ]
    assert await world.events(one) == ["opened"]
    discarded = await world.http.delete(f"/api/intake/tickets/{one}/draft", headers=world.staff(world.ann))
    assert (discarded.status_code, await draft(world, one)) == (204, None)


async def test_taking_the_block_tells_of_a_draft(world: World) -> None:
    ticket = await world.submit()
    assert (await block(world, ticket))["has_draft"] is False
    await save(world, ticket, "Dear")
    assert (await block(world, ticket))["has_draft"] is True


@pytest.mark.parametrize("what", ["replies", "notes"])
async def test_what_was_sent_is_no_draft_any_more(world: World, what: str) -> None:
    ticket = await world.submit()
    token = (await block(world, ticket))["token"]
    await save(world, ticket, "Dear")
    await save(world, ticket, "Mine", world.bob)
    headers = world.staff(world.ann)
    sent = await world.act(ticket, what, headers, text="Dear Jane", token=token)
    assert (sent.status_code, sent.json()["block"]) == (200, None)
    assert (await draft(world, ticket), await draft(world, ticket, world.bob)) == (None, "Mine")
    await save(world, ticket, "The next one")
    assert (await world.act(ticket, what, headers, text="Dear Jane", token=token)).status_code == 200
    assert await draft(world, ticket) == "The next one"


@pytest.mark.parametrize("what", ["replies", "notes"])
async def test_what_could_not_be_sent_because_the_block_was_lost_is_kept(world: World, what: str) -> None:
    ticket = await world.submit()
    token = (await block(world, ticket))["token"]
    await save(world, ticket, "Dear")
    await world.act(ticket, "unblock", world.staff(world.bob))
    await block(world, ticket, world.bob)
    late = await world.act(ticket, what, world.staff(world.ann), text="Dear Jane", token=token)
    assert (late.status_code, late.json()["draft_kept"]) == (409, True)
    assert (late.json()["type"].rpartition(":")[2], late.json()["holder_id"]) == ("block-lost", str(world.bob))
    assert await draft(world, ticket) == "Dear Jane"


async def test_an_answer_to_what_the_client_has_closed_meanwhile_is_kept(world: World) -> None:
    ticket = await world.submit()
    token = (await block(world, ticket))["token"]
    await world.act(ticket, "close", world.client())
    late = await world.act(ticket, "replies", world.staff(world.ann), text="Dear Jane", token=token)
    assert (late.status_code, late.json()["draft_kept"]) == (409, True)
    assert await draft(world, ticket) == "Dear Jane"


async def test_a_draft_needs_the_right_to_answer(world: World) -> None:
    ticket = await world.submit()
    observer = await world.hire(Role.OBSERVER)
    assert (await save(world, ticket, "Dear", observer)).status_code == 403
    await world.place(ticket, world.department)
    assert (await save(world, ticket, "Dear", observer)).status_code == 404
    path = f"/api/intake/tickets/{ticket}/draft"
    assert (await world.http.put(path, json={"text": "x"}, headers=world.client())).status_code == 403
    assert await world.database.fetchval("select count(*) from drafts") == 0


async def test_a_ticket_s_drafts_are_deleted_with_it_however_they_are_being_saved(world: World) -> None:
    for _ in range(5):
        ticket = await world.submit()
        await save(world, ticket, "Secret", world.bob)
        path = f"/api/intake/tickets/{ticket}"
        await asyncio.gather(
            *(save(world, ticket, f"Secret {n}") for n in range(4)),
            world.http.delete(path, headers=world.staff(world.ann)),
        )
        assert await world.events(ticket) == ["opened", "deleted"]
        assert (await save(world, ticket, "Secret")).status_code == 404
    assert await world.database.fetchval("select count(*) from drafts") == 0


async def test_nothing_of_a_draft_is_in_a_log_line_or_an_event(world: World, capfd: pytest.CaptureFixture[str]) -> None:
    ticket = await world.submit()
    token = (await block(world, ticket))["token"]
    await save(world, ticket, "Unspeakable")
    await world.act(ticket, "unblock", world.staff(world.bob))
    await world.act(ticket, "replies", world.staff(world.ann), text="Unspeakable", token=token)
    await save(world, ticket, "Unspeakable\0")
    said = capfd.readouterr()
    assert "nspeakable" not in said.out + said.err
    assert await world.database.fetchval("select count(*) from log where envelope::text like '%nspeakable%'") == 0
    assert await world.database.fetchval("select count(*) from entities where state::text like '%nspeakable%'") == 0
