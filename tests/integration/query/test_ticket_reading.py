"""Who reads what of a ticket."""

from uuid import uuid4

from libs.events.catalogue import intake, routing
from libs.events.catalogue.notify import TicketMailFailed
from libs.service.auth import Caller
from libs.service.http import encode_cursor
from tests.infrastructure.unheeded import made_of_events
from tests.integration.query.query_world import World


async def test_an_administrator_sees_a_new_ticket_in_the_list(world: World) -> None:
    ticket = await world.open_ticket(subject="Mail is late", urgency="high")
    answer = await world.get("tickets", after=str(await world.token("intake")))
    assert answer.headers["Consistency-Reached"] == "true"
    (row,) = answer.json()["items"]
    assert row["id"] == str(ticket)
    assert row["subject"] == "Mail is late"
    assert row["account"] == {"id": str(world.account), "name": "Acme", "attitude": "good", "group": None}
    assert row["user"] == {"id": str(world.user), "name": "Jane"}
    assert (row["urgency"], row["unread"], row["state"], row["department"]) == ("high", True, "active", None)
    assert row["waiting_since"].endswith("Z")


async def test_a_history_s_cursor_that_nobody_was_given_is_refused(world: World) -> None:
    ticket = await world.open_ticket()
    await world.caught_up()
    for place in (["2026-01-05T09:00:00Z", "\0", 1], ["9999-12-31T23:59:59-23:59", "intake", 1]):
        answer = await world.get(f"tickets/{ticket}/history", cursor=encode_cursor(place))
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "query/cursor")


async def test_details_hold_the_messages_and_the_version_for_an_edit(world: World) -> None:
    ticket = await world.open_ticket()
    noted = intake.NoteAdded(message_id=uuid4(), author_id=world.ann, text="Queue was full")
    await world.players["intake"].tell(ticket, noted)
    await world.caught_up()
    answer = await world.get(f"tickets/{ticket}")
    details = answer.json()
    assert [(m["kind"], m["author"]["name"], m["text"]) for m in details["messages"]] == [
        ("client", "Jane", "It is broken"),
        ("note", "Ann", "Queue was full"),
    ]
    assert answer.headers["ETag"] == f'"{details["version"]}"' == '"2"'


async def test_a_client_sees_the_own_tickets_without_what_is_the_providers(world: World) -> None:
    ticket = await world.open_ticket()
    await world.open_ticket(account_id=uuid4())
    await world.players["intake"].tell(ticket, intake.NoteAdded(message_id=uuid4(), author_id=world.ann, text="psst"))
    await world.players["routing"].tell(ticket, routing.TicketWeighed(points=7, breakdown=[], judged_version=1))
    await world.caught_up()
    (row,) = (await world.found("my/tickets", world.client()))["items"]
    assert row["id"] == str(ticket)
    details = await world.found(f"tickets/{ticket}", world.client())
    assert [message["kind"] for message in details["messages"]] == ["client"]
    providers = {"weight", "points", "account", "breakdown", "unread", "remaining_seconds", "deadline_at", "block"}
    assert not providers & (row.keys() | details.keys())
    history = await world.found(f"tickets/{ticket}/history", world.client())
    assert [entry["type"] for entry in history["items"]] == ["ticket.opened.v1"]


async def test_a_client_cannot_tell_anothers_ticket_from_none(world: World) -> None:
    ticket = await world.open_ticket(account_id=uuid4())
    await world.caught_up()
    for path in (f"tickets/{ticket}", f"tickets/{ticket}/history", f"tickets/{uuid4()}"):
        assert (await world.get(path, world.client())).status_code == 404
    for path in ("tickets", f"tickets/{ticket}/weight"):
        assert (await world.get(path, world.client())).status_code == 403


async def test_a_system_needs_the_scope(world: World) -> None:
    await world.open_ticket()
    await world.caught_up()
    for scopes, status in ((frozenset[str](), 403), (frozenset({"tickets:read"}), 200)):
        caller = Caller(kind="system", id="billing", scopes=scopes)
        assert (await world.get("tickets", world.headers(caller))).status_code == status


async def test_my_tickets_come_newest_first_page_by_page(world: World) -> None:
    tickets = [str(await world.open_ticket()) for _ in range(5)]
    await world.caught_up()
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await world.found("my/tickets", world.client(), limit=2, **cursor)
        seen += [row["id"] for row in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == tickets[::-1]


async def test_history_names_those_it_mentions_page_by_page(world: World) -> None:
    ticket = await world.open_ticket()
    tell = world.players["intake"].tell
    await tell(ticket, intake.TicketRead(reader_id=world.ann), intake.TicketAssigned(responsible_id=world.ann))
    await world.caught_up()
    first = await world.found(f"tickets/{ticket}/history", limit=2)
    rest = await world.found(f"tickets/{ticket}/history", limit=2, cursor=first["next_cursor"])
    types = [entry["type"] for entry in first["items"] + rest["items"]]
    assert types == ["ticket.opened.v1", "ticket.read.v1", "ticket.assigned.v1"]
    assert rest["names"][str(world.ann)] == "Ann"
    assert "text" not in first["items"][0]["facts"]
    assert rest["next_cursor"] is None


async def test_history_has_what_became_of_mail_about_a_ticket(world: World) -> None:
    ticket = await world.open_ticket()
    await world.players["notify"].tell(ticket, TicketMailFailed.example())
    await world.caught_up()
    await world.players["intake"].tell(ticket, intake.MailBounced.example())
    await world.caught_up()
    history = await world.found(f"tickets/{ticket}/history")
    types = ["ticket.opened.v1", "ticket.mail_failed.v1", "ticket.mail_bounced.v1"]
    assert [entry["type"] for entry in history["items"]] == types
    assert history["items"][2]["facts"]["status"] == "5.1.1"
    assert await world.found("parked") == []


async def test_the_weight_tells_its_rules(world: World) -> None:
    ticket = await world.open_ticket()
    rule = routing.Points(rule_id=uuid4(), name="Big customers", points=15)
    await world.players["routing"].tell(ticket, routing.TicketWeighed(points=15, breakdown=[rule], judged_version=1))
    await world.caught_up()
    weight = await world.found(f"tickets/{ticket}/weight")
    assert weight == {"weight": 15, "points": 15, "minutes_waiting": 0, "rules": [rule.model_dump(mode="json")]}


async def test_administrators_learn_who_deleted_a_ticket(world: World) -> None:
    ticket = await world.open_ticket()
    await world.players["intake"].tell(ticket, intake.TicketDeleted(number=1001))
    await world.caught_up()
    answer = await world.get(f"tickets/{ticket}")
    assert answer.status_code == 410
    assert answer.json()["deleted_by"] == "service:test"
    assert (await world.get(f"tickets/{ticket}", world.client())).status_code == 404
    assert (await world.found("tickets"))["items"] == []


async def test_bad_parameters_are_refused(world: World) -> None:
    (one, other) = [await world.open_ticket() for _ in range(2)]
    assert one != other
    await world.caught_up()
    cursor = (await world.found("tickets", limit=1))["next_cursor"]
    for asked in ({"limit": 0}, {"limit": 201}, {"sort": "color"}, {"colour": "red"}, {"cursor": "!"}):
        assert (await world.get("tickets", **asked)).status_code == 422
    assert (await world.get("tickets", cursor=cursor, sort="delay")).status_code == 422
    assert (await world.get("tickets", after="nonsense")).status_code == 422


async def test_a_mail_in_intake_s_log_is_no_ticket_to_show(world: World) -> None:
    await world.open_ticket()
    await world.caught_up()
    before, mail = await made_of_events(world.pool), uuid4()
    await world.players["intake"].tell(mail, intake.StrangerWrote(gateway_id=uuid4()))
    await world.caught_up()
    assert await made_of_events(world.pool) == before
    for path in ("", "/history"):
        assert (await world.get(f"tickets/{mail}{path}")).status_code == 404
