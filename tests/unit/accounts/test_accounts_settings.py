"""Settings and documentation of accounts."""

import pytest
from pydantic import ValidationError

from services.accounts.app import create_app
from services.accounts.domain.sessions import LONGEST_TOKEN
from services.accounts.settings import Settings
from tests.unit.accounts.account_hashers import QuickHasher

SYSTEM_KEY = "the key that services share"


def test_a_refused_password_is_not_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELPDESK_SYSTEM_KEY", SYSTEM_KEY)
    monkeypatch.setenv("HELPDESK_FIRST_ADMINISTRATOR_PASSWORD", "too-short")
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert "10 to 200 characters" in str(refused.value)
    assert "too-short" not in str(refused.value)


@pytest.mark.parametrize("name", ["access_token_seconds", "act_as_seconds"])
def test_no_setting_lets_a_token_outlive_the_key_that_signed_it(name: str) -> None:
    too_long = {name: LONGEST_TOKEN.total_seconds() + 1}
    with pytest.raises(ValidationError, match=name):
        Settings.model_validate({"system_key": SYSTEM_KEY, **too_long})


def test_only_what_proves_who_somebody_is_and_the_key_set_are_for_everybody() -> None:
    app = create_app(Settings(system_key=SYSTEM_KEY), hasher=QuickHasher())
    operations = {
        (method, path): operation for path, item in app.openapi()["paths"].items() for method, operation in item.items()
    }
    public = {route for route, operation in operations.items() if operation.get("security") == []}
    assert public == {
        ("post", "/api/accounts/session"),
        ("post", "/api/accounts/session/refresh"),
        ("post", "/api/accounts/password-resets/request"),
        ("post", "/api/accounts/password-resets/redeem"),
        ("get", "/api/accounts/jwks.json"),
    }
    ids = [operation["operationId"] for operation in operations.values()]
    assert len(ids) == len(set(ids))
