"""What is decided about accounts, people and keys, and what events make of it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from libs.events.catalogue.accounts import (
    AccountChanged,
    AccountCreated,
    AccountFacts,
    ApiKeyCreated,
    ApiKeyRevoked,
    SessionEnded,
    UserChanged,
    UserFacts,
    UserPasswordChanged,
)
from libs.service.problems import Invalid
from services.accounts.domain import (
    ACCOUNT,
    USER,
    ApiKey,
    decide_api_key,
    decide_change,
    decide_creation,
    decide_revocation,
    evolve_api_key,
    fold,
)

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
KEY = UUID(int=7)
VPS = {"product_type": "vps", "price": "19.90"}
MAIL = {"product_type": "mail", "price": "0.10"}


def account(**fields: Any) -> AccountFacts:
    return fold(ACCOUNT, None, decide_creation(ACCOUNT, {"name": "Acme", "services": [], **fields}))


def user() -> UserFacts:
    fields = {"account_id": UUID(int=1), "name": "Jane", "email": "jane@example.com"}
    return fold(USER, None, decide_creation(USER, fields))


# --- accounts --------------------------------------------------------------------------------
def test_expenses_are_the_sum_of_the_prices() -> None:
    assert account(services=[VPS, MAIL, VPS]).expenses == Decimal("39.90")


def test_an_account_without_services_has_no_expenses() -> None:
    assert account().expenses == 0


def test_services_keep_their_order() -> None:
    assert [one.product_type for one in account(services=[VPS, MAIL, VPS]).services] == ["vps", "mail", "vps"]


def test_an_edit_replaces_the_services_and_their_sum() -> None:
    (event,) = decide_change(ACCOUNT, account(services=[VPS, MAIL]), {"services": [MAIL]})
    assert isinstance(event, AccountChanged)
    assert event.expenses == Decimal("0.10")


def test_an_edit_tells_the_account_whole() -> None:
    before = account(services=[VPS], attitude="good", group_id=UUID(int=7))
    (event,) = decide_change(ACCOUNT, before, {"name": "Acme Ltd"})
    assert fold(ACCOUNT, before, [event]) == before.model_copy(update={"name": "Acme Ltd"})


def test_an_edit_to_what_already_is_changes_nothing() -> None:
    state = account(services=[VPS])
    assert decide_change(ACCOUNT, state, {"name": "Acme", "services": [VPS]}) == []
    assert fold(ACCOUNT, state, []) == state


def test_a_group_can_be_left() -> None:
    (event,) = decide_change(ACCOUNT, account(group_id=UUID(int=7)), {"group_id": None})
    assert isinstance(event, AccountChanged)
    assert event.group_id is None


def test_creation_tells_the_account_as_created() -> None:
    (event,) = decide_creation(ACCOUNT, {"name": "Acme", "services": []})
    assert isinstance(event, AccountCreated)


# --- people ----------------------------------------------------------------------------------
def test_a_new_password_is_told_without_what_it_is() -> None:
    state = user()
    events = decide_change(USER, state, {}, new_password=True)
    assert events == [UserPasswordChanged()]
    assert fold(USER, state, events) == state


def test_a_new_password_and_a_new_name_are_two_facts() -> None:
    events = decide_change(USER, user(), {"name": "Joan"}, new_password=True)
    assert [type(event) for event in events] == [UserChanged, UserPasswordChanged]
    assert fold(USER, user(), events).name == "Joan"


# --- systems' keys ---------------------------------------------------------------------------
def key(**fields: Any) -> ApiKey:
    (event,) = decide_api_key({"name": "billing", "scopes": ["log:read"], **fields}, NOW)
    return evolve_api_key(None, event)


def test_a_key_is_good_until_it_expires() -> None:
    expiring = key(expires_at=NOW + timedelta(hours=1))
    assert expiring.is_good(NOW + timedelta(minutes=59))
    assert not expiring.is_good(NOW + timedelta(hours=1))


def test_a_key_without_an_end_is_good_until_revoked() -> None:
    unlimited = key()
    assert unlimited.is_good(NOW + timedelta(days=9999))
    event, session_ended = decide_revocation(unlimited, KEY, NOW)
    assert session_ended == SessionEnded(person_id=KEY, tokens_until=NOW)
    assert isinstance(event, ApiKeyRevoked)
    assert not evolve_api_key(unlimited, event).is_good(NOW)


def test_revoking_twice_is_told_once() -> None:
    assert decide_revocation(key().model_copy(update={"revoked": True}), KEY, NOW) == []


def test_a_key_that_has_expired_already_is_refused() -> None:
    with pytest.raises(Invalid):
        decide_api_key({"name": "billing", "scopes": [], "expires_at": NOW}, NOW)


def test_a_key_is_told_by_name_and_scopes_alone() -> None:
    assert decide_api_key({"name": "billing", "scopes": ["log:read"]}, NOW) == [
        ApiKeyCreated(name="billing", scopes=["log:read"])
    ]
