"""Log lines: machine-readable, in context, and without secrets."""

import contextvars
import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
import structlog

from libs.service.context import note_caller, use_context
from libs.service.log import HIDDEN, configure_logging, hide_secrets
from libs.service.tracing import use_traceparent

TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
JWT = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    handlers, level = logging.root.handlers[:], logging.root.level
    logging.root.handlers.clear()  # pytest's own are put back, not closed
    written = StringIO()
    configure_logging("json", "info", to=written)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def test_a_line_is_json_and_names_its_context(lines: Lines) -> None:
    with use_context(service="intake", correlation_id="c-1"), use_traceparent(TRACEPARENT):
        structlog.get_logger().info("ticket_opened", ticket_id="7")
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "ticket_opened",
        "level": "info",
        "ticket_id": "7",
        "service": "intake",
        "correlation_id": "c-1",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
    }


def test_the_standard_librarys_loggers_write_the_same_lines(lines: Lines) -> None:
    with use_context(service="query"):
        logging.getLogger("uvicorn.error").warning("Shutting %s", "down")
    (line,) = lines()
    expected = {"event": "Shutting down", "level": "warning", "logger": "uvicorn.error", "service": "query"}
    assert expected.items() <= line.items()


def test_lesser_severities_are_left_out(lines: Lines) -> None:
    structlog.get_logger().debug("details")
    logging.getLogger("any").info("heard")
    for library in ("httpx", "mail.log", "imapclient"):
        logging.getLogger(library).info("chatter")
    assert [line["event"] for line in lines()] == ["heard"]


def test_what_json_does_not_know_is_written_as_text(lines: Lines) -> None:
    structlog.get_logger().info("odd", thing={1: {2}}, error=ValueError("x"))
    assert lines()[0]["thing"] == {"1": "{2}"}


def test_secrets_in_tracebacks_are_hidden(lines: Lines) -> None:
    error = RuntimeError(f"postgresql://app:hunter2@db/x refused Bearer {JWT}")
    structlog.get_logger().error("failed", exc_info=error)
    logging.getLogger("asyncio").error("failed", exc_info=error)
    for line in lines():
        assert "RuntimeError: postgresql://app:[hidden]@db/x refused Bearer [hidden]" in line["exception"]


@pytest.mark.parametrize(
    "key",
    [
        *("password", "new_password", "token", "access_token", "Authorization", "api_key"),
        *("systemKey", "client-secret", "cookie", "private_keys", "secret_value", "jwt"),
    ],
)
def test_the_value_of_a_secret_like_key_is_hidden(key: str) -> None:
    assert hide_secrets(None, "info", {key: "hunter2"}) == {key: HIDDEN}
    assert hide_secrets(None, "info", {"outer": {"inner": [{key: "hunter2"}]}}) == {"outer": {"inner": [{key: HIDDEN}]}}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("key_id", "k1"),
        ("token_count", 3),
        ("keyboard", "de"),
        ("secretary", "Ada"),
        ("password", None),
        ("url", "https://example.com/a@b"),
        ("text", "bearer of news"),
        ("position", 7),
    ],
)
def test_harmless_values_are_shown(key: str, value: object) -> None:
    assert hide_secrets(None, "info", {key: value}) == {key: value}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"got {JWT}.", f"got {HIDDEN}."),
        ("nats://user:hunter2@host:4222", f"nats://user:{HIDDEN}@host:4222"),
        ("redis://:hunter2@host", f"redis://:{HIDDEN}@host"),
        ("Authorization: Basic YTpi", f"Authorization: Basic {HIDDEN}"),
    ],
)
def test_secrets_inside_texts_are_hidden(text: str, shown: str) -> None:
    assert hide_secrets(None, "info", {"detail": text, "more": [text]}) == {"detail": shown, "more": [shown]}


def test_the_caller_is_named_in_a_request(lines: Lines) -> None:
    def request() -> None:
        note_caller("user:1")
        structlog.get_logger().info("heard")

    contextvars.copy_context().run(request)
    assert lines()[0]["caller"] == "user:1"
