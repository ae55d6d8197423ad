"""Around every request: correlation, trace, body limit, metrics, log, the last resort for errors.

One plain ASGI layer, because each of Starlette's wrappers costs a task switch per request.
"""

from collections.abc import Mapping
from time import perf_counter

import structlog
from prometheus_client import Counter, Histogram
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from libs.service.context import accept_correlation, current_correlation, enter_request
from libs.service.metrics import HTTP_REQUESTS, HTTP_SECONDS
from libs.service.problem_handlers import answer, from_status
from libs.service.routes import route_path
from libs.service.tracing import accept_traceparent, enter_trace

log = structlog.get_logger()

MEBIBYTE = 1 << 20
_SLOW_SECONDS = 1.0
_SERVER_ERROR = 500
_CLIENT_LEFT = 499
_EVENT_STREAM = b"text/event-stream"


class ServiceMiddleware:
    def __init__(
        self,
        app: ASGIApp,
        *,
        service: str,
        log_all: bool = False,
        body_limit: int = MEBIBYTE,
        body_limits: Mapping[str, int] | None = None,
    ) -> None:
        """`body_limits`: path prefix -> bytes, for the few routes that do not take `body_limit`."""
        self._app = app
        self._service = service
        self._log_all = log_all
        self._body_limit = body_limit
        self._body_limits = tuple((body_limits or {}).items())
        self._series: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()
        headers: dict[bytes, bytes] = dict(scope["headers"])
        enter_request(self._service, accept_correlation(_text(headers.get(b"x-correlation-id"))))
        enter_trace(accept_traceparent(_text(headers.get(b"traceparent"))))
        reply = _Reply(send)
        try:
            await self._app(scope, self._limited(scope, headers, receive), reply)
        except Exception as error:  # noqa: BLE001 - this is the last resort
            await self._last_resort(error, scope, receive, reply)
        finally:
            self._record(scope, reply, perf_counter() - began)

    def _limited(self, scope: Scope, headers: Mapping[bytes, bytes], receive: Receive) -> Receive:
        """Refuse a body over the limit: by its announced length, or while it streams in."""
        length = headers.get(b"content-length")
        if length is None and b"transfer-encoding" not in headers:
            return receive  # no body
        limit = self._limit(scope["path"])
        if length is None:
            return _LimitedBody(receive, limit)
        # The server cuts the body at its announced length, so that nothing is counted here.
        return receive if int(length) <= limit else _LimitedBody(receive, -1)

    def _limit(self, path: str) -> int:
        for prefix, limit in self._body_limits:
            if path.startswith(prefix):
                return limit
        return self._body_limit

    async def _last_resort(self, error: Exception, scope: Scope, receive: Receive, reply: "_Reply") -> None:
        log.error("request_failed", method=scope["method"], route=route_path(scope), exc_info=error)
        if reply.started:
            raise error  # the server must cut the connection, or the answer would look whole
        await answer(from_status(_SERVER_ERROR))(scope, receive, reply)

    def _record(self, scope: Scope, reply: "_Reply", seconds: float) -> None:
        method, route, status = scope["method"], route_path(scope), reply.status
        requests, durations = self._metrics(method, route, status)
        requests.inc()
        if not reply.streaming:
            durations.observe(seconds)
        slow = seconds > _SLOW_SECONDS and not reply.streaming
        if self._log_all or status >= _SERVER_ERROR or slow:
            log.info("request", method=method, route=route, status=status, milliseconds=round(seconds * 1000, 1))

    def _metrics(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        """Answer the series to count in, kept because `labels()` costs more than counting."""
        if (known := self._series.get((method, route, status))) is None:
            known = self._series[method, route, status] = (
                HTTP_REQUESTS.labels(self._service, method, route, status),
                HTTP_SECONDS.labels(self._service, method, route),
            )
        return known


class _Reply:
    """The way out: notes what is answered and adds the correlation header."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = _CLIENT_LEFT  # unless an answer begins
        self.started = False
        self.streaming = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            self.status = message["status"]
            headers = message["headers"]
            self.streaming = any(n == b"content-type" and v.startswith(_EVENT_STREAM) for n, v in headers)
            message["headers"] = [*headers, (b"x-correlation-id", current_correlation().encode())]
        await self._send(message)


class _LimitedBody:
    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._left = limit

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                raise HTTPException(413)
        return message


def _text(header: bytes | None) -> str | None:
    return None if header is None else header.decode("latin-1")
