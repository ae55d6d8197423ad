"""Who and what the current task works for: carried by context variables, read by logs and events."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from libs.service.ids import new_id

CORRELATION_HEADER = "X-Correlation-Id"

_service: ContextVar[str | None] = ContextVar("service", default=None)
_correlation: ContextVar[str | None] = ContextVar("correlation_id", default=None)
_caller: ContextVar[str | None] = ContextVar("caller", default=None)

_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+=-]{0,127}")


def current_service() -> str | None:
    return _service.get()


def current_correlation() -> str:
    """Answer the correlation id of this task; outside of a request one is made and kept."""
    if (known := _correlation.get()) is None:
        _correlation.set(known := str(new_id()))
    return known


def current_caller() -> str | None:
    """Answer who the request acts for, as events name them: `user:<uuid>`, `system:<key id>`, …."""
    return _caller.get()


def accept_correlation(offered: str | None) -> str:
    """Keep an id offered from outside if it is short and plain, else make one: it goes into logs."""
    return offered if offered is not None and _SANE.fullmatch(offered) else str(new_id())


def log_context() -> dict[str, str | None]:
    """Answer what log lines name, as far as it is known."""
    return {"service": _service.get(), "correlation_id": _correlation.get(), "caller": _caller.get()}


def enter_request(service: str, correlation_id: str) -> None:
    """Begin a request: its task's context is its own, so nothing is put back."""
    _service.set(service)
    _correlation.set(correlation_id)
    _caller.set(None)


def note_caller(actor: str) -> None:
    _caller.set(actor)


@contextmanager
def use_context(*, service: str | None = None, correlation_id: str | None = None) -> Iterator[None]:
    """Work for this service or correlation inside the block; what is left out stays as it is."""
    changes = [
        (variable, variable.set(value))
        for variable, value in ((_service, service), (_correlation, correlation_id))
        if value is not None
    ]
    try:
        yield
    finally:
        for variable, token in reversed(changes):
            variable.reset(token)
