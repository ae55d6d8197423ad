"""Logs: structlog, coloured lines for people or JSON for machines; the standard library's loggers go along.

Event names are static, data goes into keywords: `log.info("ticket_opened", ticket_id=…)`.
"""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, Literal, TextIO

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from libs.service.context import log_context
from libs.service.tracing import current_trace_id

HIDDEN = "[hidden]"
_SECRET_WORDS = frozenset(
    {"authorization", "cookie", "credential", "credentials", "jwt", "key", "keys", "passwd", "password"}
    | {"passwords", "secret", "secrets", "token", "tokens"}
)
_HARMLESS_ENDINGS = frozenset({"count", "id", "ids", "kind", "name", "type"})
_SECRET_TEXT = re.compile(
    r"(?P<before>://[^\s:/@]*:)[^\s@/]+(?=@)|(?P<scheme>\b(?:Bearer|Basic)\s+)[\w.~+/=-]+|\beyJ[\w-]+\.[\w-]+\.[\w-]+"
)


def configure_logging(log_format: Literal["console", "json"], level: str = "info", *, to: TextIO | None = None) -> None:
    """Set up structlog and the root logger of this process to write there (stderr); a later call replaces it."""
    stream = to or sys.stderr
    renderer = _renderer(log_format, colors=stream.isatty())
    shared: list[Processor] = [
        add_context,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(shared, renderer))
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    # aiosmtpd ("mail.log") and imapclient write down who writes to whom, and every command.
    for chatty in ("httpx", "httpcore", "nats", "mail.log", "imapclient"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("pogo_core").setLevel(logging.ERROR)  # says that a migration is applied as a warning


def _renderer(log_format: str, *, colors: bool) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer(serializer=_to_json)
    return structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)


def _to_json(event: EventDict, **_: Any) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def _formatter(shared: list[Processor], renderer: Processor) -> logging.Formatter:
    """Give the standard library's records the same treatment."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )


def add_context(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Name service, correlation, trace and caller; what the line says itself wins."""
    for key, value in {**log_context(), "trace_id": current_trace_id()}.items():
        if value is not None:
            event.setdefault(key, value)
    return event


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank the values of secret-like keys, and tokens and URL passwords inside texts (tracebacks too)."""
    return {key: _shown(key, value) for key, value in event.items()}


def _shown(key: str, value: Any) -> Any:
    if _is_secret(key) and value is not None:
        return HIDDEN
    if isinstance(value, str):
        return _SECRET_TEXT.sub(_blank, value)
    if isinstance(value, Mapping):
        return {inner: _shown(str(inner), deeper) for inner, deeper in value.items()}
    if isinstance(value, list | tuple):
        return [_shown("", item) for item in value]
    return value


def _is_secret(key: str) -> bool:
    words = re.split(r"[^a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower())
    return words[-1] not in _HARMLESS_ENDINGS and not _SECRET_WORDS.isdisjoint(words)


def _blank(match: re.Match[str]) -> str:
    return f"{match['before'] or match['scheme'] or ''}{HIDDEN}"
