"""How acting as a client begins and ends."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from libs.events.catalogue.accounts import ActAsEnded, ActAsEndReason, ActAsStarted, SessionEnded
from services.accounts.domain import USER
from services.accounts.domain.acting import ActAs, Change, end, expire, start
from services.accounts.domain.persons import Person

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
JANE, ACME, SAM, SESSION = (UUID(int=number) for number in range(1, 5))
CLIENT = Person(JANE, USER.name, {"account_id": str(ACME), "name": "Jane", "enabled": True}, {"enabled": True})


def begun() -> ActAs:
    return start(CLIENT, SAM, SESSION, NOW, HOUR).acting


def reason(change: Change) -> ActAsEndReason:
    told = change.events[0].data
    assert isinstance(told, ActAsEnded)
    return told.reason


def test_it_begins_with_an_end_in_sight() -> None:
    change = start(CLIENT, SAM, SESSION, NOW, HOUR)
    (event,) = change.events
    assert event.data == ActAsStarted(account_id=ACME, user_id=JANE, administrator_id=SAM, expires_at=NOW + HOUR)
    assert change.due_at == NOW + HOUR


def test_who_is_acting_is_the_client_and_named_as_well() -> None:
    caller = CLIENT.caller(SESSION, acting=SAM)
    assert (caller.kind, caller.user_id, caller.account_id) == ("client", JANE, ACME)
    assert (caller.actor, caller.on_behalf_of) == (f"user:{SAM}", f"user:{JANE}")


def test_an_end_before_its_time_tells_everybody_to_refuse_the_token() -> None:
    change = end(begun(), ActAsEndReason.RETURNED, NOW + timedelta(minutes=5))
    assert reason(change) is ActAsEndReason.RETURNED
    session_ended = change.events[1].data
    assert isinstance(session_ended, SessionEnded)
    assert session_ended.tokens_until > NOW + HOUR
    assert change.due_at is None


def test_what_runs_out_ends_at_its_own_instant() -> None:
    (event,) = expire(begun()).events
    assert event.time == NOW + HOUR
    assert reason(expire(begun())) is ActAsEndReason.EXPIRED


def test_who_hands_it_back_too_late_is_told_that_it_had_run_out() -> None:
    change = end(begun(), ActAsEndReason.RETURNED, NOW + 2 * HOUR)
    assert (reason(change), change.events[0].time) == (ActAsEndReason.EXPIRED, NOW + HOUR)


def test_it_ends_once() -> None:
    ended = end(begun(), ActAsEndReason.TAKEN_AWAY, NOW).acting
    assert end(ended, ActAsEndReason.RETURNED, NOW).events == []
