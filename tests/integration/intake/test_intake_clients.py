"""What clients do besides writing: open answers, rate them, choose a category."""

from typing import Any
from uuid import UUID, uuid4

import httpx

from libs.events.catalogue.accounts import AccountChanged
from libs.events.catalogue.routing import CategoryChanged
from tests.integration.intake.conftest import World


async def rate(world: World, ticket: UUID, message: object, headers: dict[str, str], **body: Any) -> httpx.Response:
    return await world.act(ticket, f"messages/{message}/rating", headers, **body)


async def message(world: World, ticket: UUID, kind: str) -> str:
    """The id of the last message of a kind."""
    said = [event["data"] for event in await world.told(ticket) if event["type"] == f"ticket.{kind}.v1"]
    return str(said[-1]["message_id"])


async def test_the_first_of_the_account_to_open_an_answer_is_told_and_no_other(world: World) -> None:
    ticket = await world.submit()
    assert (await world.act(ticket, "read", world.client())).status_code == 200
    await world.answer(ticket)
    stranger = world.client(world.stranger, account=uuid4())
    assert (await world.act(ticket, "read", stranger)).status_code == 404
    acting = world.client(acting=str(world.ann))
    assert (await world.act(ticket, "read", acting)).status_code == 200
    for _ in range(2):
        assert (await world.act(ticket, "read", world.client())).status_code == 200
    assert await world.events(ticket) == ["opened", "blocked", "answered", "unblocked", "answer_read"]
    assert (await world.told(ticket))[-1]["data"] == {"reader_id": str(world.user)}
    await world.answer(ticket)
    await world.act(ticket, "read", world.client())
    assert (await world.events(ticket))[-1] == "answer_read"


async def test_a_client_rates_an_answer_and_rates_it_again(world: World) -> None:
    ticket = await world.submit()
    await world.answer(ticket)
    answer = await message(world, ticket, "answered")
    assert (await rate(world, ticket, answer, world.client(), rating=2, comment="Late")).status_code == 200
    assert (await rate(world, ticket, answer, world.client(), rating=5)).status_code == 200
    rated = [event["data"] for event in await world.told(ticket) if event["type"] == "ticket.rated.v1"]
    expected = {"message_id": answer, "user_id": str(world.user)}
    assert rated == [{**expected, "rating": 2, "comment": "Late"}, {**expected, "rating": 5, "comment": None}]


async def test_only_public_answers_of_one_s_own_account_are_rated(world: World) -> None:
    ticket, other = await world.submit(), await world.submit()
    await world.act(ticket, "notes", world.staff(world.ann), text="Internal")
    await world.answer(other)
    elsewhere, note = await message(world, other, "answered"), await message(world, ticket, "noted")
    for wrong in (note, await message(world, ticket, "opened"), elsewhere, uuid4()):
        refused = await rate(world, ticket, wrong, world.client(), rating=1)
        assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (404, "answer-not-found")
    stranger = world.client(world.stranger, account=uuid4())
    assert (await rate(world, other, elsewhere, stranger, rating=1)).status_code == 404
    assert (await rate(world, other, elsewhere, world.staff(world.ann), rating=1)).status_code == 403
    for rating in (0, 6):
        assert (await rate(world, other, elsewhere, world.client(), rating=rating)).status_code == 422


async def test_what_a_client_said_of_an_answer_is_gone_with_the_ticket(world: World) -> None:
    ticket = await world.submit()
    await world.answer(ticket)
    answer = await message(world, ticket, "answered")
    await rate(world, ticket, answer, world.client(), rating=1, comment="Unspeakable")
    await world.http.delete(f"/api/intake/tickets/{ticket}", headers=world.staff(world.ann))
    assert await world.database.fetchval("select count(*) from log where envelope::text like '%Unspeakable%'") == 0


async def offered(world: World, headers: dict[str, str], **query: str) -> list[dict[str, Any]]:
    answer = await world.http.get("/api/intake/categories", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_client_is_offered_what_is_open_to_its_account_and_nothing_behind_it(world: World) -> None:
    mail = {"id": str(world.category), "name": "Mail", "order": 0}
    assert await offered(world, world.client()) == [mail]
    await world.order_vps()
    vps = CategoryChanged(name="VPS", default_department_id=world.department, product_types=["vps"], order=-1)
    await world.routing.tell(world.vps_category, vps)
    await world.consumed()
    both = [{"id": str(world.vps_category), "name": "VPS", "order": -1}, mail]
    assert await offered(world, world.client()) == both
    account = str(world.account)
    assert await offered(world, world.staff(world.ann), account_id=account) == both
    assert await offered(world, world.system("tickets:submit"), account_id=account) == both
    await world.routing.tell(world.vps_category, vps.model_copy(update={"enabled": False}))
    await world.consumed()
    assert await offered(world, world.client()) == [mail]
    await world.accounts.tell(world.account, AccountChanged(name="Acme", enabled=False))
    await world.consumed()
    assert await offered(world, world.client()) == []


async def test_a_category_of_a_project_is_open_to_its_accounts_alone(world: World) -> None:
    brand = uuid4()
    branded = CategoryChanged(name="Mail", default_department_id=world.department, project_id=brand)
    await world.routing.tell(world.category, branded)
    await world.consumed()
    assert await offered(world, world.client()) == []
    await world.accounts.tell(world.account, AccountChanged(name="Acme", project_id=brand))
    await world.consumed()
    assert [one["id"] for one in await offered(world, world.client())] == [str(world.category)]


async def test_nobody_is_offered_another_account_s_categories(world: World) -> None:
    other = {"account_id": str(uuid4())}
    for headers, query, status in (
        (world.client(), other, 403),
        (world.system("log:read"), other, 403),
        (world.staff(world.ann), {}, 422),
    ):
        answer = await world.http.get("/api/intake/categories", params=query, headers=headers)
        assert answer.status_code == status
