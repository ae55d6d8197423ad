"""Settings of every service, from the environment (`HELPDESK_…`); `services/*/settings.py` add their own."""

from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

_WEEK = 7 * 24 * 3600


class ServiceSettings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="HELPDESK_",
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,  # it may be a secret, and the error goes to stderr
    )

    host: str = Field("127.0.0.1", description="Address to listen on")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on; 0 takes a free one")
    drain_seconds: float = Field(
        10, ge=0, description="Time that requests and workers get to finish when the process is told to stop"
    )

    postgres_dsn: SecretStr = Field(
        SecretStr("postgresql://postgres@127.0.0.1:5432"),
        description="PostgreSQL server without a database; each service has its own, `helpdesk_<service>`",
    )
    pool_min: int = Field(2, ge=0, description="Database connections kept open")
    pool_max: int = Field(12, ge=1, description="Database connections at most")
    statement_timeout_seconds: float = Field(30, gt=0, description="A longer statement is cancelled")
    idle_transaction_seconds: float = Field(
        15, gt=0, description="A transaction idle for longer is ended: it would stall the tail of every log"
    )

    nats_url: str = Field("nats://127.0.0.1:4222", description="NATS server, or several separated by commas")
    stream_replicas: int = Field(1, ge=1, le=5, description="Replicas of each JetStream stream")
    stream_max_age_seconds: int = Field(
        _WEEK, gt=0, description="How long JetStream keeps an event; older ones are read from the log feed"
    )

    stream_duplicate_window_seconds: float = Field(
        120, gt=0, description="How long JetStream knows the ids of published events; the order does not depend on it"
    )

    system_key: SecretStr = Field(
        min_length=16,
        description="Shared key by which services show each other that they may read the log feed",
    )
    accounts_url: str = Field("http://127.0.0.1:8080", description="Where the accounts service answers")
    intake_url: str = Field("http://127.0.0.1:8080", description="Where the intake service answers")
    routing_url: str = Field("http://127.0.0.1:8080", description="Where the routing service answers")
    sla_url: str = Field("http://127.0.0.1:8080", description="Where the sla service answers")
    query_url: str = Field("http://127.0.0.1:8080", description="Where the query service answers")
    notify_url: str = Field("http://127.0.0.1:8080", description="Where the notify service answers")
    reply_key: SecretStr | None = Field(
        None,
        min_length=16,
        description="Signs reply addresses in mails, by which answers find their tickets; unset, made of the system key. "
        "With another one the addresses of earlier mails are not known any more",
    )

    log_format: Literal["console", "json"] = Field("json", description="Log lines for people or for machines")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least severity logged")
    log_requests: Literal["all", "notable"] = Field(
        "notable", description="Log every request, or only those that fail (5xx) or take over a second"
    )
    otel_endpoint: str | None = Field(None, description="Base URL of an OTLP/HTTP collector; unset, no traces")

    def database_dsn(self, service: str) -> str:
        """Answer the DSN of a service's own database."""
        parts = urlsplit(self.postgres_dsn.get_secret_value())
        return urlunsplit(parts._replace(path=f"/{database_name(service)}"))

    def service_url(self, service: str) -> str:
        """Answer the base URL of a service, without a slash at the end; KeyError for an unknown one."""
        urls = {
            "accounts": self.accounts_url,
            "intake": self.intake_url,
            "routing": self.routing_url,
            "sla": self.sla_url,
            "query": self.query_url,
            "notify": self.notify_url,
        }
        return urls[service].rstrip("/")


def database_name(service: str) -> str:
    return f"helpdesk_{service}"
