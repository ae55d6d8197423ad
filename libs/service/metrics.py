"""Every Prometheus metric of the suite, in one place; `docs/metrics.md` is generated from it.

Several services may share a process, so `service` is the first label everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

REGISTRY = CollectorRegistry(auto_describe=True)
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)


@dataclass(frozen=True)
class Entry:
    """A line of the catalogue: what the docs say about a metric."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    labels: tuple[str, ...]
    help: str


CATALOGUE: list[Entry] = []


def exposition() -> bytes:
    """Answer the Prometheus text format."""
    return generate_latest(REGISTRY)


def _counter(name: str, text: str, *labels: str) -> Counter:
    CATALOGUE.append(Entry(f"helpdesk_{name}_total", "counter", ("service", *labels), text))
    return Counter(f"helpdesk_{name}", text, ("service", *labels), registry=REGISTRY)


def _gauge(name: str, text: str, *labels: str) -> Gauge:
    CATALOGUE.append(Entry(f"helpdesk_{name}", "gauge", ("service", *labels), text))
    return Gauge(f"helpdesk_{name}", text, ("service", *labels), registry=REGISTRY)


def _histogram(name: str, text: str, *labels: str, buckets: Sequence[float]) -> Histogram:
    CATALOGUE.append(Entry(f"helpdesk_{name}", "histogram", ("service", *labels), text))
    return Histogram(f"helpdesk_{name}", text, ("service", *labels), registry=REGISTRY, buckets=buckets)


_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)

# --- HTTP ------------------------------------------------------------------------------------
HTTP_REQUESTS = _counter("http_requests", "Requests answered", "method", "route", "status")
HTTP_SECONDS = _histogram(
    "http_request_seconds",
    "Time to the end of the answer, event streams left out",
    "method",
    "route",
    buckets=_FAST,
)
SSE_VIEWERS = _gauge("sse_viewers", "Open live-update streams")
LIVE_LISTS = _gauge("live_lists", "Lists kept up to date for those who watch or count them")

# --- log and tail ----------------------------------------------------------------------------
LOG_APPENDS = _counter("log_appends", "Events committed to the log")
APPEND_CONFLICTS = _counter("append_conflicts", "Appends refused because the stream had moved on")
LOG_EPOCHS = _counter("log_epochs", "New lives of the log begun after it was found restored to an earlier point")
LOG_POSITION = _gauge("log_position", "Last position the tail has seen as final")
TAIL_STALLED_SECONDS = _gauge(
    "tail_stalled_seconds",
    "Age of the oldest hole the tail waits at, 0 when none; a long transaction is the cause",
)
EVENTS_ERASED = _counter("events_erased", "Events redacted in the log")
ERASURES_PENDING = _gauge("erasures_pending", "Erasures not yet carried out in the stream")

# --- relay -----------------------------------------------------------------------------------
RELAY_PUBLISHED = _counter("relay_published", "Events stored by JetStream")
RELAY_LAG_POSITIONS = _gauge("relay_lag_positions", "Final positions not yet stored by JetStream")
RELAY_LAG_SECONDS = _gauge("relay_lag_seconds", "Age of the oldest final event not yet stored by JetStream")
RELAY_RESYNCS = _counter("relay_resyncs", "Times the relay looked up where the stream stands after a doubt")
RELAY_STREAM_RECREATED = _counter("relay_stream_recreated", "Times a lost stream was made again and refilled")
RELAY_STANDBY = _gauge("relay_standby", "1 while another relay of this service is the active one")

# --- consumers -------------------------------------------------------------------------------
CONSUMER_POSITION = _gauge("consumer_position", "Position applied, in the source's log", "source")
CONSUMER_LAG_SECONDS = _gauge("consumer_lag_seconds", "Age of what was applied last, 0 when caught up", "source")
CONSUMER_STANDBY = _gauge("consumer_standby", "1 while another consumer of this service is the active one", "source")
CONSUMER_BATCHES = _counter("consumer_batches", "Batches committed", "source")
CONSUMER_EVENTS = _counter("consumer_events", "Events applied", "source")
CONSUMER_BATCH_SECONDS = _histogram(
    "consumer_batch_seconds", "Time to apply and commit one batch", "source", buckets=_FAST
)
CONSUMER_DUPLICATES_SKIPPED = _counter("consumer_duplicates_skipped", "Events that had been applied before", "source")
CONSUMER_GAPS_HEALED = _counter("consumer_gaps_healed", "Gaps filled from the source's feed", "source")
CONSUMER_EPOCH_CHANGES = _counter("consumer_epoch_changes", "Times the source's log was another one", "source")
PARKED_EVENTS = _gauge("parked_events", "Events set aside because they could not be applied", "source")

# --- projections and time --------------------------------------------------------------------
REBUILD_PROGRESS = _gauge("rebuild_progress_ratio", "Share of the logs folded by a running rebuild", "projection")
DUE_FACTS = _counter("due_facts", "Facts recorded because their time had come", "type")
DUE_LAG_SECONDS = _gauge("due_lag_seconds", "Age of the oldest due instant not yet acted on")

# --- attachments -----------------------------------------------------------------------------
ATTACHMENTS_STORED = _counter("attachments_stored", "Files uploaded")
ATTACHMENT_BYTES_STORED = _counter("attachment_bytes_stored", "Bytes of files uploaded")
ATTACHMENTS_REFUSED = _counter("attachments_refused", "Uploads refused", "problem")
ATTACHMENTS_REMOVED = _counter("attachments_removed", "Files removed for good")
ATTACHMENT_REMOVALS_FAILED = _counter("attachment_removals_failed", "Tries to remove a file that failed; alarm")
ATTACHMENTS_TO_REMOVE = _gauge("attachments_to_remove", "Files that should be gone and are still there")
ATTACHMENT_REMOVAL_LAG_SECONDS = _gauge(
    "attachment_removal_lag_seconds", "For how long the oldest of these should be gone; alarm when it grows"
)

# --- mail in ---------------------------------------------------------------------------------
MAILS_RECEIVED = _counter("mails_received", "Mails that came in, new or again", "what")
MAILS_SETTLED = _counter("mails_settled", "Mails that came in, by what became of them", "state")
MAILS_WAITING = _gauge("mails_waiting", "Mails that came in and wait for an administrator")
MAILBOXES_FAILING = _gauge("mailboxes_failing", "Mailboxes that cannot be read just now; alarm")

# --- notifications ---------------------------------------------------------------------------
MAILS = _counter("mails", "Mails handed to the server, by what became of them", "outcome")
MAILS_PENDING = _gauge("mails_pending", "Mails that are to be sent")
WEBHOOK_DELIVERIES = _counter("webhook_deliveries", "Tries to deliver to a webhook", "outcome")
WEBHOOKS_PAUSED = _gauge("webhooks_paused", "Webhooks that have failed for so long that they are paused; alarm")
WEBHOOK_DELIVERIES_PENDING = _gauge("webhook_deliveries_pending", "Deliveries that are to be made")

# --- process ---------------------------------------------------------------------------------
WORKER_CRASHES = _counter("worker_crashes", "Times a background worker failed and was started again", "worker")
