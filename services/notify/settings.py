"""Settings of notify."""

from email.utils import parseaddr
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from libs.service.settings import ServiceSettings

_DAY = 86400


def _address(value: str) -> str:
    """One that mail can be sent from: it goes into headers, and its domain into message ids."""
    local, _, domain = parseaddr(value)[1].rpartition("@")
    if not local or not domain or not value.isprintable():
        raise ValueError("an address like `Support <support@provider.example>` is needed")
    return value


Address = Annotated[str, AfterValidator(_address)]


class Settings(ServiceSettings):
    smtp_host: str | None = Field(None, description="Server that takes outgoing mail; unset, no mail is sent or kept")
    smtp_port: int = Field(587, ge=1, le=65535, description="Its port")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the way to it is kept secret; `none` for a server on the same machine only"
    )
    smtp_user: str | None = Field(None, description="Whom to sign in as there; unset, nobody")
    smtp_password: SecretStr | None = Field(None, description="Their password")
    smtp_timeout_seconds: float = Field(60, gt=0, le=240, description="How long one mail may take to be handed over")
    smtp_connections: int = Field(4, ge=1, le=50, description="Mails handed over at a time")
    mail_from: Address = Field("Helpdesk <helpdesk@localhost>", description="Whom mail comes from")
    mail_reply_address: Address | None = Field(
        None,
        description="Where replies go, as `name+token@domain`: a mailbox that intake reads and that takes such additions. "
        "Unset, mail says that replies are not read",
    )
    public_url: str = Field(
        "http://127.0.0.1:8080", description="Where people reach the panel: links in mails lead there"
    )
    mails_per_minute: int = Field(600, ge=1, description="Mails handed over in a minute at most")
    mail_retry_seconds: float = Field(
        60, gt=0, description="Wait after the first failure; it doubles with each further one, up to six hours"
    )
    mail_give_up_seconds: int = Field(
        5 * _DAY, ge=60, description="How long a mail is tried; after that it has failed, and its ticket says so"
    )
    mail_settle_seconds: float = Field(
        20, ge=0, description="How long the receipt of a ticket waits for the expected answer time"
    )
    notify_oldest_seconds: int = Field(
        2 * _DAY, ge=60, description="Nobody is told of what is older, however late it is heard of"
    )
    notify_secret: SecretStr | None = Field(
        None,
        min_length=16,
        description="Encrypts webhooks' secrets in the database, and signs links in mails; unset, made of the system key",
    )

    webhook_timeout_seconds: float = Field(15, gt=0, le=120, description="How long a receiver may take to answer")
    webhook_retry_seconds: float = Field(
        10, gt=0, description="Wait after a delivery that failed; it doubles with each further one, up to six hours"
    )
    webhook_give_up_seconds: int = Field(
        5 * _DAY, ge=60, description="A receiver that has failed for so long is paused, and keeps its deliveries"
    )
    webhook_kept_seconds: int = Field(
        14 * _DAY, ge=3600, description="How long deliveries that were made are kept, to be looked at and replayed"
    )
    webhook_private_networks: bool = Field(
        False, description="Let webhooks lead to private, local and other special addresses"
    )
