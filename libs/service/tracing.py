"""W3C trace context, carried always; OpenTelemetry spans, only if there is somewhere to send them.

Without an endpoint a `traceparent` still travels from request to event to consumer, so that a trace that
began elsewhere goes on behind the suite.
"""

import os
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

from libs.service.context import current_service

_PATTERN = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_traceparent: ContextVar[str | None] = ContextVar("traceparent", default=None)
_propagator = TraceContextTextMapPropagator()


class _Export:
    """Where this process's spans go. Services that share the process differ in the provider's resource."""

    processor: SpanProcessor | None = None
    providers: dict[str, TracerProvider]


def configure_tracing(endpoint: str | None) -> None:
    """Send spans to an OTLP/HTTP collector (its base URL) from now on; the first call in a process decides."""
    if endpoint is not None and _Export.processor is None:
        start_tracing(BatchSpanProcessor(OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces")))


def start_tracing(processor: SpanProcessor) -> None:
    _Export.processor = processor
    _Export.providers = {}


def stop_tracing() -> None:
    """Send what has not been sent yet, and make no more spans."""
    if _Export.processor is not None:
        _Export.processor.shutdown()
        _Export.processor = None


def tracer_provider(service: str) -> TracerProvider | None:
    """Answer the provider of a service's spans; None while tracing is off."""
    if _Export.processor is None:
        return None
    if service not in _Export.providers:
        provider = TracerProvider(resource=Resource.create({SERVICE_NAME: f"helpdesk-{service}"}))
        provider.add_span_processor(_Export.processor)
        _Export.providers[service] = provider
    return _Export.providers[service]


def is_recorded() -> bool:
    """Whether spans go anywhere: if not, those of single events in a batch can be left out."""
    return _Export.processor is not None


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
    if (recorded := _recorded_traceparent()) is not None:
        return recorded
    if (known := _traceparent.get()) is None:
        _traceparent.set(known := accept_traceparent(None))
    return known


def current_trace_id() -> str | None:
    """Answer the 32 hex digits that logs name, or None outside of a trace."""
    known = _recorded_traceparent() or _traceparent.get()
    return known[3:35] if known is not None else None


@contextmanager
def use_traceparent(traceparent: str | None) -> Iterator[None]:
    """Work inside this trace, or inside a fresh one if it is None or malformed."""
    token = _traceparent.set(accept_traceparent(traceparent))
    try:
        yield
    finally:
        _traceparent.reset(token)


def span(name: str, parent: str | None = None, **attributes: AttributeValue) -> AbstractContextManager[object]:
    """Time a piece of work, in the trace of `parent` (an event's traceparent), else in the current one.

    While tracing is off it costs a context variable at most.
    """
    provider = tracer_provider(current_service() or "unknown")
    if provider is None:
        return nullcontext() if parent is None else use_traceparent(parent)
    above = _propagator.extract({"traceparent": parent or current_traceparent()})
    tracer = provider.get_tracer("helpdesk")
    return tracer.start_as_current_span(name, context=above, attributes=attributes)


def _recorded_traceparent() -> str | None:
    if _Export.processor is None or not trace.get_current_span().get_span_context().is_valid:
        return None
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier["traceparent"]
