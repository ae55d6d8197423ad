"""W3C trace context, carried always; OpenTelemetry spans, only if an endpoint is set.

Without an endpoint a `traceparent` still travels from request to event to consumer, so that traces
join up across services that do export.
"""

import os
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from libs.service.context import current_service

_PATTERN = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_traceparent: ContextVar[str | None] = ContextVar("traceparent", default=None)
_propagator = TraceContextTextMapPropagator()


class _Tracing:
    """The exporter of this process, as OpenTelemetry has one per process."""

    provider: TracerProvider | None = None


def configure_tracing(endpoint: str | None, *, service_name: str = "helpdesk") -> None:
    """Export spans to an OTLP/HTTP endpoint (its base URL); None leaves tracing off. Once a process."""
    if endpoint is None or _Tracing.provider is not None:
        return
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service_name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces")))
    install_provider(provider)


def install_provider(provider: TracerProvider | None) -> None:
    """Take spans to this provider (tests bring an in-memory one); None turns tracing off."""
    _Tracing.provider = provider


def tracer_provider() -> TracerProvider | None:
    return _Tracing.provider


def stop_tracing() -> None:
    """Flush what is not exported yet."""
    if _Tracing.provider is not None:
        _Tracing.provider.shutdown()
        _Tracing.provider = None


def accept_traceparent(offered: str | None) -> str:
    """Keep a well-formed `traceparent` of version 00, else begin a trace (not sampled: nobody records it)."""
    if offered is not None and _PATTERN.fullmatch(offered):
        return offered
    fresh = os.urandom(24).hex()
    return f"00-{fresh[:32]}-{fresh[32:]}-00"


def enter_trace(traceparent: str) -> None:
    """Begin a request's trace: its task's context is its own, so nothing is put back."""
    _traceparent.set(traceparent)


def current_traceparent() -> str:
    """Answer the `traceparent` to send along; outside of a trace one is begun and kept."""
    if _Tracing.provider is not None and trace.get_current_span().get_span_context().is_valid:
        carrier: dict[str, str] = {}
        _propagator.inject(carrier)
        return carrier["traceparent"]
    if (known := _traceparent.get()) is None:
        _traceparent.set(known := accept_traceparent(None))
    return known


def current_trace_id() -> str | None:
    """Answer the 32 hex digits that logs name, or None outside of a trace."""
    if _Tracing.provider is None and _traceparent.get() is None:
        return None
    return current_traceparent()[3:35]


@contextmanager
def use_traceparent(traceparent: str | None) -> Iterator[None]:
    """Work inside this trace, or inside a fresh one if it is None or malformed."""
    token = _traceparent.set(accept_traceparent(traceparent))
    try:
        yield
    finally:
        _traceparent.reset(token)


def span(name: str, parent: str | None = None, **attributes: Any) -> AbstractContextManager[Any]:
    """Time a piece of work, in the trace of `parent` (an event's traceparent) or the current one.

    Without an exporter it costs a context variable at most.
    """
    if _Tracing.provider is not None:
        return _recorded(_Tracing.provider, name, parent, attributes)
    return nullcontext() if parent is None else use_traceparent(parent)


@contextmanager
def _recorded(
    provider: TracerProvider, name: str, parent: str | None, attributes: dict[str, Any]
) -> Iterator[trace.Span]:
    above = None
    if parent is not None or not trace.get_current_span().get_span_context().is_valid:
        above = _propagator.extract({"traceparent": parent or _traceparent.get() or ""})
    named = {"helpdesk.service": current_service() or "", **attributes}
    tracer = provider.get_tracer("helpdesk")
    with tracer.start_as_current_span(name, context=above, attributes=named) as started:
        yield started
