"""Traces: carried without an exporter, recorded with one."""

from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from libs.service.context import use_context
from libs.service.http import FastJSON
from libs.service.routes import service_router
from libs.service.tracing import (
    accept_traceparent,
    configure_tracing,
    current_trace_id,
    current_traceparent,
    span,
    start_tracing,
    stop_tracing,
    tracer_provider,
    use_traceparent,
)
from tests.unit.service.service_builders import Serving

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACEPARENT = f"00-{TRACE}-{SPAN}-01"


@pytest.fixture
def exported() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    start_tracing(SimpleSpanProcessor(exporter))
    yield exporter
    stop_tracing()


def trace_of(recorded: ReadableSpan) -> tuple[str, str | None]:
    parent = recorded.parent and format(recorded.parent.span_id, "016x")
    assert recorded.context
    return format(recorded.context.trace_id, "032x"), parent


def test_the_trace_of_a_block_ends_with_it() -> None:
    with use_traceparent(TRACEPARENT):
        assert current_traceparent() == TRACEPARENT
        assert current_trace_id() == TRACE
        with use_traceparent(None):
            assert current_trace_id() not in {None, TRACE}
        assert current_trace_id() == TRACE


def test_outside_of_a_trace_one_is_begun_and_kept() -> None:
    with use_traceparent(None):
        begun = current_traceparent()
        assert begun == current_traceparent() == accept_traceparent(begun)
        assert begun.endswith("-00")


def test_a_span_without_exporter_still_carries_its_parent() -> None:
    with span("consume", parent=TRACEPARENT, position=7):
        assert current_traceparent() == TRACEPARENT
    with use_traceparent(TRACEPARENT), span("inner"):
        assert current_traceparent() == TRACEPARENT


def test_without_an_endpoint_tracing_stays_off() -> None:
    configure_tracing(None)
    assert tracer_provider("intake") is None


def test_a_span_goes_under_the_events_trace(exported: InMemorySpanExporter) -> None:
    with use_context(service="routing"), span("consume", parent=TRACEPARENT, position=7):
        assert current_trace_id() == TRACE
        with span("decide"):
            inner = current_traceparent()
    decide, consume = exported.get_finished_spans()
    assert trace_of(consume) == (TRACE, SPAN)
    assert consume.attributes == {"position": 7}
    assert consume.resource.attributes["service.name"] == "helpdesk-routing"
    assert consume.context
    assert trace_of(decide) == (TRACE, format(consume.context.span_id, "016x"))
    assert decide.context
    assert inner == f"00-{TRACE}-{decide.context.span_id:016x}-01"


def test_a_span_goes_under_the_current_trace(exported: InMemorySpanExporter) -> None:
    with use_traceparent(TRACEPARENT), span("publish"):
        pass
    assert trace_of(exported.get_finished_spans()[0]) == (TRACE, SPAN)


async def test_a_request_is_a_span_and_its_events_go_under_it(exported: InMemorySpanExporter, serving: Serving) -> None:
    router = service_router("intake")

    @router.get("/context/{x}")
    async def context(x: int) -> FastJSON:
        del x
        return FastJSON(current_traceparent())

    async with serving(router, public=["/api/intake/context/{x}"]) as client:
        told = (await client.get("/api/intake/context/1", headers={"traceparent": TRACEPARENT})).json()
    (request,) = exported.get_finished_spans()
    assert request.name == "GET /api/intake/context/{x}"
    assert trace_of(request) == (TRACE, SPAN)
    assert request.context
    assert told == f"00-{TRACE}-{request.context.span_id:016x}-01"
    assert request.resource.attributes["service.name"] == "helpdesk-intake"
