"""Named views over HTTP: made, shared, changed, placed, deleted; and lists by them."""

from typing import Any
from uuid import UUID, uuid4

import httpx

from libs.events.catalogue import intake
from libs.service.auth import Caller
from libs.service.rights import Right, Role
from services.query.domain.usual import USUAL
from tests.integration.query.query_world import World

EVERYBODY = {"everybody": True}


async def post(world: World, path: str, headers: dict[str, str], key: str | None = None, **body: Any) -> httpx.Response:
    headers = {**headers, "Idempotency-Key": key or str(uuid4())}
    return await world.http.post(f"/api/query/{path}", json=body, headers=headers)


async def made(world: World, headers: dict[str, str], **body: Any) -> dict[str, Any]:
    answer = await post(world, "views", headers, **{"name": "A view", **body})
    assert answer.status_code == 201, answer.text
    view: dict[str, Any] = answer.json()
    return view


async def patch(world: World, view: str, headers: dict[str, str], match: str = "*", **body: Any) -> httpx.Response:
    return await world.http.patch(f"/api/query/views/{view}", json=body, headers={**headers, "If-Match": match})


async def listed(world: World, headers: dict[str, str], **asked: Any) -> list[str]:
    return [view["id"] for view in (await world.found("views", headers, **asked))["items"]]


def system(world: World) -> dict[str, str]:
    return world.headers(Caller(kind="system", id=str(uuid4()), scopes=frozenset({"tickets:read"})))


async def test_a_view_is_made_read_changed_and_deleted(world: World) -> None:
    owner = world.staff()
    filters = {"responsible_id": ["me"], "overdue": True, "tag": ["imap"], "opened_since": "2026-01-05T09:00:00Z"}
    view = await made(world, owner, name=" Mine ", filters=filters, sort="remaining", columns=["number", "account"])
    assert (view["name"], view["version"], view["order"], view["filters"]) == ("Mine", 1, None, filters)
    answer = await world.get(f"views/{view['id']}")
    assert (answer.json(), answer.headers["ETag"]) == (view, '"1"')
    after = await patch(world, view["id"], owner, '"1"', name="Ours", filters={}, sharing=EVERYBODY)
    assert after.headers["ETag"] == '"2"'
    expected = {"name": "Ours", "filters": {}, "version": 2, "sharing": {"everybody": True, "department_ids": []}}
    assert after.json() | expected == after.json()
    assert after.json()["columns"] == ["number", "account"], "what is left out stays"
    assert (await patch(world, view["id"], owner, '"1"', name="Late")).status_code == 412
    unconditional = await world.http.patch(f"/api/query/views/{view['id']}", json={"name": "x"}, headers=owner)
    assert unconditional.status_code == 428
    assert (await world.http.delete(f"/api/query/views/{view['id']}", headers=owner)).status_code == 204
    assert (await world.get(f"views/{view['id']}")).status_code == 404


async def test_a_retry_makes_no_second_view_and_not_even_after_it_was_deleted(world: World) -> None:
    owner, key = world.staff(), str(uuid4())
    first = await post(world, "views", owner, key, name="Once")
    again = await post(world, "views", owner, key, name="Once")
    assert (first.json(), again.status_code) == (again.json(), 201)
    assert (await post(world, "views", owner, key, name="Twice")).status_code == 422
    assert len(await listed(world, owner)) == 1
    await world.http.delete(f"/api/query/views/{first.json()['id']}", headers=owner)
    assert (await post(world, "views", owner, key, name="Once")).status_code == 404
    assert await listed(world, owner) == []


async def test_what_the_list_would_refuse_no_view_holds(world: World) -> None:
    for filters, pointer in (
        ({"overdue": 1}, "/filters/overdue"),
        ({"overdue": "true"}, "/filters/overdue"),
        ({"account_id": 5}, "/filters/account_id"),
        ({"tag": ["a", 5]}, "/filters/tag/1"),
        ({"department_id": ["me"]}, "/filters/department_id/0"),
        ({"responsible_id": [str(UUID(int=5)), "you"]}, "/filters/responsible_id/1"),
        ({"state": "open"}, "/filters/state"),
        ({"unknown": True}, "/filters/unknown"),
        ({"view": str(uuid4())}, "/filters/view"),
    ):
        answer = await post(world, "views", world.staff(), name="Bad", filters=filters)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), answer.text
    for body in ({"name": " "}, {"name": "x", "columns": ["nothing"]}, {"name": "x", "sort": "luck"}, {"name": "\0"}):
        assert (await post(world, "views", world.staff(), **body)).status_code == 422
    assert await listed(world, world.staff()) == []


async def test_a_view_is_its_makers_until_it_is_shared(world: World) -> None:
    department = uuid4()
    agent, colleague = await world.employ(department), await world.employ()
    mine, theirs = world.staff_as(agent), world.staff_as(colleague)
    view = await made(world, mine)
    assert await listed(world, mine) == [view["id"]]
    assert await listed(world, theirs) == await listed(world, world.staff(), managed=True) == []
    assert (await world.get(f"views/{view['id']}", theirs)).status_code == 404
    assert (await patch(world, view["id"], theirs, name="x")).status_code == 404
    assert (await patch(world, view["id"], mine, sharing=EVERYBODY)).status_code == 403
    assert (await patch(world, view["id"], mine, sharing={"department_ids": [str(department)]})).status_code == 403
    shared = await made(world, world.staff(), sharing=EVERYBODY)
    assert await listed(world, theirs) == await listed(world, system(world)) == [shared["id"]]
    assert (await patch(world, shared["id"], theirs, name="x")).status_code == 403
    assert (await world.http.delete(f"/api/query/views/{shared['id']}", headers=theirs)).status_code == 403
    assert (await world.get("views", world.client())).status_code == 403
    assert (await post(world, "views", system(world), name="x")).status_code == 403


async def test_heads_share_with_their_departments_and_who_manages_settings_with_all(world: World) -> None:
    own, other = uuid4(), uuid4()
    member, head = await world.employ(), await world.employ()
    keeper = await world.employ(role=Role.OBSERVER, rights=[Right.MANAGE_SETTINGS])
    await world.manned(own, member, head=head)
    await world.manned(other, uuid4())
    token = str(await world.token("routing"))
    await world.found("views", world.staff_as(member), managed=False)
    await world.found("tickets", world.staff_as(member), after=token)
    with_own, with_both = [{"department_ids": [str(one) for one in ids]} for ids in ((own,), (own, other))]
    view = await made(world, world.staff_as(head), sharing=with_own)
    assert await listed(world, world.staff_as(member)) == [view["id"]]
    assert (await post(world, "views", world.staff_as(head), name="x", sharing=with_both)).status_code == 403
    assert (await post(world, "views", world.staff_as(head), name="x", sharing=EVERYBODY)).status_code == 403
    for sharing in (with_own, with_both, EVERYBODY):
        await made(world, world.staff_as(keeper), sharing=sharing)
    assert len(await listed(world, world.staff_as(keeper))) == 3, "one's own"
    assert len(await listed(world, world.staff_as(keeper), managed=True)) == 4
    assert (await patch(world, view["id"], world.staff_as(keeper), name="Better")).status_code == 200
    assert (
        await world.http.delete(f"/api/query/views/{view['id']}", headers=world.staff_as(keeper))
    ).status_code == 204


async def test_everybody_places_views_for_themselves(world: World) -> None:
    agent = world.staff_as(await world.employ())
    shared = [(await made(world, world.staff(), name=name, sharing=EVERYBODY))["id"] for name in "ab"]
    own = (await made(world, agent))["id"]
    wanted = {"ids": [own, shared[1]]}
    answer = await world.http.put("/api/query/views/order", json=wanted, headers=agent)
    assert [view["id"] for view in answer.json()["items"]] == [own, shared[1], shared[0]]
    assert await listed(world, agent) == [own, shared[1], shared[0]]
    assert await listed(world, world.staff()) == shared
    strange = await world.http.put("/api/query/views/order", json={"ids": [own, str(uuid4())]}, headers=agent)
    assert (strange.status_code, strange.json()["errors"][0]["pointer"]) == (422, "/ids/1")


async def test_a_list_by_a_view_has_its_filters_and_order_and_what_narrows_them(world: World) -> None:
    other = uuid4()
    first, second, third = (
        await world.open_ticket(),
        await world.open_ticket(account_id=other),
        await world.open_ticket(),
    )
    await world.players["intake"].tell(third, intake.TicketAssigned(responsible_id=world.ann))
    await world.caught_up()
    view = (await made(world, world.staff(), filters={"responsible_id": [str(UUID(int=0))]}, sort="id", order="asc"))[
        "id"
    ]

    async def ids(**asked: Any) -> list[str]:
        return [ticket["id"] for ticket in (await world.found("tickets", view=view, **asked))["items"]]

    assert await ids() == [str(first), str(second)]
    assert await ids(order="desc") == [str(second), str(first)]
    assert await ids(account_id=str(other)) == [str(second)]
    assert await ids(responsible_id=str(world.ann)) == [], "both hold, and nothing meets both"
    assert (await world.get("tickets", view=str(uuid4()))).status_code == 404
    page = await world.found("tickets", view=view, limit=1)
    assert await ids(limit=1, cursor=page["next_cursor"]) == [str(second)]
    tagged = (await made(world, world.staff(), filters={"tag": ["a"]}))["id"]
    assert (await world.get("tickets", view=tagged, tag="b")).status_code == 422


async def test_me_and_mine_in_a_shared_view_are_whoever_reads(world: World) -> None:
    department = uuid4()
    agent = await world.employ(department)
    tickets = [await world.open_ticket() for _ in range(3)]
    await world.place(tickets[0], department)
    await world.players["intake"].tell(tickets[1], intake.TicketAssigned(responsible_id=world.ann))
    await world.caught_up()
    mine = (await made(world, world.staff(), filters={"responsible_id": ["me"]}, sharing=EVERYBODY))["id"]
    ours = (await made(world, world.staff(), filters={"department_id": ["mine"]}, sharing=EVERYBODY))["id"]
    expected = {(world.ann, mine): [1], (world.ann, ours): [], (agent, mine): [], (agent, ours): [0]}
    for (reader, view), places in expected.items():
        found = (await world.found("tickets", world.staff_as(reader), view=view))["items"]
        assert [UUID(one["id"]) for one in found] == [tickets[place] for place in places]
        counts = await world.found("views/counts", world.staff_as(reader))
        assert counts["counts"][view] == len(places)
    assert (await world.found("views/counts", system(world)))["counts"] == {mine: 0, ours: 0}
    assert (await world.found("tickets", responsible_id="me"))["items"][0]["id"] == str(tickets[1])


async def test_the_lists_that_everybody_has_are_counted_for_who_wants_them(world: World) -> None:
    department = uuid4()
    agent = await world.employ(department)
    mine, nobodys, unseen = [await world.open_ticket() for _ in range(3)]
    await world.players["intake"].tell(mine, intake.TicketAssigned(responsible_id=agent))
    await world.players["intake"].tell(mine, intake.TicketRead(reader_id=agent))
    await world.place(nobodys, department)
    await world.place(unseen, uuid4())
    await world.caught_up()
    view = (await made(world, world.staff_as(agent)))["id"]
    counts = (await world.found("views/counts", world.staff_as(agent), usual="true"))["counts"]
    assert counts == {view: 2, "active": 2, "mine": 1, "nobodys": 1, "unread": 1, "overdue": 0, "blocked": 0}
    for name, filters in USUAL.items():
        asked = filters.model_dump(mode="json", exclude_unset=True)
        assert len((await world.found("tickets", world.staff_as(agent), **asked))["items"]) == counts[name], name


async def test_a_view_of_what_has_vanished_still_works(world: World) -> None:
    filters = {name: [str(uuid4())] for name in ("department_id", "category_id", "project_id", "group_id")}
    view = (await made(world, world.staff(), filters={**filters, "account_id": str(uuid4())}))["id"]
    assert (await world.found("tickets", view=view))["items"] == []
    assert (await world.found("views/counts"))["counts"] == {view: 0}


async def test_counts_follow_what_a_command_answered(world: World) -> None:
    view = (await made(world, world.staff()))["id"]
    other = uuid4()
    for number in range(1, 4):
        await world.open_ticket(account_id=other if number == 3 else world.account)
        answer = await world.get("views/counts", after=str(await world.token("intake")))
        assert answer.headers["Consistency-Reached"] == "true"
        assert answer.json()["counts"] == {view: number}
    assert (await world.found("views/counts", account_id=str(other)))["counts"] == {view: 1}
    assert (await world.found("views/counts", waiting="false"))["counts"] == {view: 0}


async def test_views_survive_the_read_model(world: World) -> None:
    view = await made(world, world.staff())
    await world.pool.execute("drop schema live cascade")
    assert await world.pool.fetchval("select count(*) from views where id = $1", UUID(view["id"])) == 1
