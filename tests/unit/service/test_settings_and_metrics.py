"""What operators set and watch, and the pages that tell them about it."""

import pytest
from pydantic import ValidationError

from libs.service.metrics import CATALOGUE, exposition
from libs.service.reference import documents, settings_document
from libs.service.settings import ServiceSettings
from tests.unit.service.service_builders import SYSTEM_KEY


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELPDESK_SYSTEM_KEY", SYSTEM_KEY)
    monkeypatch.setenv("HELPDESK_PORT", "9000")
    monkeypatch.setenv("HELPDESK_OTEL_ENDPOINT", "")
    settings = ServiceSettings()
    assert (settings.port, settings.otel_endpoint) == (9000, None)


def test_there_is_no_secret_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HELPDESK_SYSTEM_KEY", raising=False)
    with pytest.raises(ValidationError, match="system_key"):
        ServiceSettings()
    with pytest.raises(ValidationError, match="system_key"):
        ServiceSettings(system_key="short")


@pytest.mark.parametrize(
    ("server", "database"),
    [
        ("postgresql://app:s%40cret@db:5432", "postgresql://app:s%40cret@db:5432/helpdesk_intake"),
        ("postgresql://db/postgres?sslmode=require", "postgresql://db/helpdesk_intake?sslmode=require"),
        ("postgresql://app@/postgres?host=/run/pg", "postgresql://app@/helpdesk_intake?host=/run/pg"),
    ],
)
def test_each_service_has_a_database_of_its_own_on_the_server(server: str, database: str) -> None:
    settings = ServiceSettings(system_key=SYSTEM_KEY, postgres_dsn=server)
    assert settings.database_dsn("intake") == database


def test_secrets_do_not_show() -> None:
    settings = ServiceSettings(system_key=SYSTEM_KEY, postgres_dsn="postgresql://app:hunter2@db")
    assert SYSTEM_KEY not in repr(settings)
    assert "hunter2" not in repr(settings)


def test_services_are_found_by_name() -> None:
    settings = ServiceSettings(system_key=SYSTEM_KEY, intake_url="http://intake:8081/")
    assert settings.service_url("intake") == "http://intake:8081"
    with pytest.raises(KeyError):
        settings.service_url("nobody")


def test_every_setting_is_explained() -> None:
    assert all(field.description for field in ServiceSettings.model_fields.values())
    assert "HELPDESK_POSTGRES_DSN" in settings_document()


def test_metrics_are_named_and_labelled_alike() -> None:
    names = [entry.name for entry in CATALOGUE]
    assert len(set(names)) == len(names)
    for entry in CATALOGUE:
        assert entry.name.startswith("helpdesk_")
        assert entry.labels[0] == "service"
        assert f"# HELP {entry.name} {entry.help}".encode() in exposition()


def test_the_generated_pages_are_up_to_date() -> None:
    for path, text in documents().items():
        assert path.read_text() == text, f"{path.name}: run `python -m libs.service.reference`"
