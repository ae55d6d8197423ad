"""Intake's commands over HTTP, on real PostgreSQL and NATS."""

import asyncio
from datetime import datetime
from uuid import uuid4

from libs.events.catalogue.routing import DepartmentDecided
from tests.infrastructure.cast import until
from tests.integration.intake.conftest import World


async def test_a_submitted_ticket_is_in_the_log_with_who_and_why(world: World) -> None:
    headers = {**world.client(), "X-Correlation-Id": "abc-123"}
    response = await world.http.post("/api/intake/tickets", json=world.submission(), headers=headers)
    assert response.status_code == 201
    assert response.json()["number"] >= 1001
    row = await world.database.fetchrow("select position, envelope::jsonb as e from log")
    assert row is not None
    assert f".{row['position']}" in response.headers["Consistency-Token"]
    assert f'"actor": "user:{world.user}"' in row["e"]
    assert '"correlationid": "abc-123"' in row["e"]


async def test_a_retry_with_the_same_key_is_the_same_ticket_and_no_second_event(world: World) -> None:
    headers = world.client()
    answers = await asyncio.gather(
        *(world.http.post("/api/intake/tickets", json=world.submission(), headers=headers) for _ in range(8))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await world.database.fetchval("select count(*) from log") == 1


async def test_a_key_that_stood_for_another_request_is_refused(world: World) -> None:
    headers = world.client()
    await world.http.post("/api/intake/tickets", json=world.submission(), headers=headers)
    other = await world.http.post("/api/intake/tickets", json=world.submission(subject="Other"), headers=headers)
    assert other.status_code == 422


async def test_nobody_submits_without_being_known_and_enabled(world: World) -> None:
    unknown = await world.http.post("/api/intake/tickets", json=world.submission(), headers=world.client(uuid4()))
    assert unknown.status_code == 403
    for_nobody = world.submission(user_id=str(uuid4()))
    by_staff = await world.http.post("/api/intake/tickets", json=for_nobody, headers=world.staff(world.ann))
    assert by_staff.status_code == 422
    assert await world.database.fetchval("select count(*) from log") == 0


async def test_a_category_must_be_open_to_what_the_account_has_ordered(world: World) -> None:
    submission = world.submission(category_id=str(world.vps_category))
    refused = await world.http.post("/api/intake/tickets", json=submission, headers=world.client())
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/category_id"
    await world.order_vps()
    taken = await world.http.post("/api/intake/tickets", json=submission, headers=world.client())
    assert taken.status_code == 201


async def test_a_system_submits_for_a_user_only_with_the_scope(world: World) -> None:
    submission = world.submission(user_id=str(world.user))
    refused = await world.http.post("/api/intake/tickets", json=submission, headers=world.system("log:read"))
    assert refused.status_code == 403
    taken = await world.http.post("/api/intake/tickets", json=submission, headers=world.system("tickets:submit"))
    assert taken.status_code == 201
    assert taken.json()["waiting_since"] is not None


async def test_what_staff_submits_for_a_client_does_not_wait(world: World) -> None:
    submission = world.submission(user_id=str(world.user))
    taken = await world.http.post("/api/intake/tickets", json=submission, headers=world.staff(world.ann))
    assert taken.json()["waiting_since"] is None


async def test_another_account_s_ticket_is_not_there(world: World) -> None:
    ticket = await world.submit()
    stranger = world.client(world.stranger, account=uuid4())
    assert (await world.act(ticket, "replies", stranger, text="hi")).status_code == 404
    assert (await world.act(ticket, "close", stranger)).status_code == 404


async def test_a_client_may_not_do_what_administrators_do(world: World) -> None:
    ticket = await world.submit()
    for what in ("block", "notes", "take", "unblock"):
        headers = {**world.client(), "If-Match": "*"}
        assert (await world.act(ticket, what, headers, text="x")).status_code == 403


async def test_block_answer_and_close(world: World) -> None:
    ticket = await world.submit()
    block = (await world.act(ticket, "block", world.staff(world.ann))).json()["block"]
    refused = await world.act(ticket, "block", world.staff(world.bob))
    assert (refused.status_code, refused.json()["holder_id"]) == (409, str(world.ann))
    answered = await world.act(ticket, "replies", world.staff(world.ann), text="Done", token=block["token"], close=True)
    assert answered.status_code == 200, answered.text
    assert (answered.json()["status"], answered.json()["block"]) == ("closed", None)
    late = await world.act(ticket, "replies", world.staff(world.ann), text="Again", token=block["token"])
    assert late.status_code == 409
    assert await world.events(ticket) == ["opened", "blocked", "answered", "unblocked", "closed"]


async def test_of_two_administrators_at_once_one_gets_the_block(world: World) -> None:
    for _ in range(10):
        ticket = await world.submit()
        answers = await asyncio.gather(
            *(world.act(ticket, "block", world.staff(who)) for who in (world.ann, world.bob) * 3)
        )
        holders = {answer.json()["block"]["holder_id"] for answer in answers if answer.status_code == 200}
        assert len(holders) == 1
        assert sum(answer.status_code == 200 for answer in answers) == 3


async def test_a_lost_block_refuses_the_late_send_and_says_so(world: World) -> None:
    ticket = await world.submit()
    token = (await world.act(ticket, "block", world.staff(world.ann))).json()["block"]["token"]
    await world.act(ticket, "unblock", world.staff(world.bob))
    late = await world.act(ticket, "replies", world.staff(world.ann), text="Late", token=token)
    assert late.status_code == 409
    assert late.json()["type"].endswith("block-lost")
    assert "holder_id" not in late.json()
    await world.act(ticket, "block", world.staff(world.bob))
    late = await world.act(ticket, "replies", world.staff(world.ann), text="Late", token=token)
    assert late.json()["holder_id"] == str(world.bob)


async def test_routing_s_decision_is_adopted_once_however_often_it_is_told(world: World) -> None:
    ticket, department = await world.submit(), uuid4()
    decision = DepartmentDecided(department_id=department, judged_version=1)
    await world.routing.tell(ticket, decision)
    await until(world.has_event, ticket, "routed")
    await world.routing.tell(ticket, decision)
    await world.consumed()
    assert await world.events(ticket) == ["opened", "routed"]


async def test_an_expired_block_is_recorded_at_its_own_instant(world: World) -> None:
    ticket = await world.submit()
    block = (await world.act(ticket, "block", world.staff(world.ann))).json()["block"]
    # Time passes: the end of the block is moved into the past, as the log's clock cannot be moved from outside.
    past = datetime.fromisoformat(block["since"])
    await world.database.execute(
        "update entities set due_at = $2, state = jsonb_set(state::jsonb, '{block,expires_at}', to_jsonb($3::text))"
        " where id = $1",
        ticket,
        past,
        block["since"],
    )
    await until(world.has_event, ticket, "unblocked")
    row = await world.database.fetchrow("select time from log where entity = $1 order by version desc limit 1", ticket)
    assert row is not None
    assert row["time"] == past


async def test_deleting_leaves_a_tombstone_and_no_text(world: World) -> None:
    ticket = await world.submit()
    deleted = await world.http.delete(f"/api/intake/tickets/{ticket}", headers=world.staff(world.ann))
    assert deleted.status_code == 204
    assert await world.events(ticket) == ["opened", "deleted"]
    assert await world.database.fetchval("select count(*) from log where envelope::text like '%broken%'") == 0
    again = await world.http.delete(f"/api/intake/tickets/{ticket}", headers=world.staff(world.ann))
    assert again.status_code == 404


async def test_bad_input_is_told_where_it_is_wrong(world: World) -> None:
    bad = {"category_id": "x", "subject": "", "text": "a\u0000b", "urgency": "soon"}
    refused = await world.http.post("/api/intake/tickets", json=bad, headers=world.client())
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    pointers = {error["pointer"] for error in refused.json()["errors"]}
    assert pointers == {"/category_id", "/subject", "/text", "/urgency"}
