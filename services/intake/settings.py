"""Settings of intake."""

from datetime import timedelta
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from libs.service.settings import ServiceSettings
from services.intake.domain.by_time import AutoClose

_MEBIBYTE = 1 << 20
_HOUR = 3600.0
_PROGRAMS = (
    "application/java-archive",
    "application/vnd.android.package-archive",
    "application/vnd.microsoft.portable-executable",
    "application/x-dosexec",
    "application/x-executable",
    "application/x-java-applet",
    "application/x-mach-binary",
    "application/x-ms-shortcut",
    "application/x-msi",
    "application/x-pie-executable",
    "application/x-sharedlib",
    "text/x-msdos-batch",
    "text/x-shellscript",
)
_ACTIVE = (
    "application/javascript",
    "application/x-shockwave-flash",
    "application/xhtml+xml",
    "image/svg+xml",
    "text/html",
    "text/javascript",
)
_ENDINGS = (
    "apk app bat cmd com cpl exe hta htm html jar js jse lnk msi msp pif ps1 reg scr svg svgz swf vbe vbs wsf wsh xhtml"
)


class Settings(ServiceSettings):
    block_seconds: float = Field(
        90, gt=0, description="How long a block holds without being renewed by whoever is writing"
    )

    attachments_url: str | None = Field(
        None,
        description="Where attachments are kept: `file:///folder`, or `s3://bucket/prefix` with `AWS_ACCESS_KEY_ID`, "
        "`AWS_SECRET_ACCESS_KEY`, `AWS_REGION` and, for a store that is not AWS, `AWS_ENDPOINT_URL`; unset, none are taken",
    )
    attachments_max_bytes: int = Field(25 * _MEBIBYTE, gt=0, description="Size of a file at most")
    attachments_per_message: int = Field(10, gt=0, le=100, description="Files of a message at most")
    attachments_message_max_bytes: int = Field(50 * _MEBIBYTE, gt=0, description="Size of a message's files at most")
    attachments_unclaimed_max_bytes: int = Field(
        100 * _MEBIBYTE,
        gt=0,
        description="What somebody may have uploaded that no message holds yet; a file counts 64 KiB at least",
    )
    attachments_unclaimed_seconds: float = Field(
        24 * _HOUR, gt=0, description="How long an upload waits for its message before it is removed"
    )
    attachments_upload_seconds: float = Field(_HOUR, gt=0, description="How long an upload may take")
    attachments_allowed_types: str = Field(
        "*/*", description="Media types that are taken, by content, separated by commas; `image/*` for all images"
    )
    attachments_refused_types: str = Field(
        ",".join(sorted(_PROGRAMS + _ACTIVE)), description="Media types that are refused, even if they are allowed"
    )
    attachments_refused_endings: str = Field(
        ",".join(_ENDINGS.split()), description="Endings of file names that are refused"
    )
    attachments_link_seconds: float = Field(
        120, gt=0, description="How long a download link is good: to begin with, not to finish"
    )

    mail_listen_port: int | None = Field(
        None, ge=1, le=65535, description="Port at which a mail server hands over mail; unset, none is taken that way"
    )
    mail_listen_host: str = Field(
        "127.0.0.1",
        description="Address to listen on for that; whoever reaches it may bring any mail, so keep it private",
    )
    mail_listen_protocol: Literal["lmtp", "smtp"] = Field("lmtp", description="What is spoken there")
    mail_max_bytes: int = Field(50 * _MEBIBYTE, ge=64 << 10, description="Size of a mail that comes in, less than this")
    mail_sender_per_hour: int = Field(
        60, ge=1, description="Mails of a sender in an hour that are taken; what is more waits for an administrator"
    )
    mail_automatic_kept_seconds: float = Field(
        30 * 24 * _HOUR, gt=0, description="How long mail that machines wrote is kept to be looked at"
    )
    mail_secret: SecretStr | None = Field(
        None,
        min_length=16,
        description="Encrypts mailboxes' passwords in the database, and hashes addresses of strangers who were answered; "
        "unset, made of the system key",
    )
    imap_poll_seconds: float = Field(
        60, gt=0, description="Between looks into a mailbox whose server cannot tell of news, and between tries"
    )
    imap_timeout_seconds: float = Field(60, gt=0, description="How long a mailbox's server may take to answer")
    imap_ca_file: Path | None = Field(None, description="Certificates that are trusted for mailboxes besides the usual")

    auto_close_seconds: float = Field(
        0,
        ge=0,
        description="A ticket closes when the client has not written for so long since the last answer; 0: never",
    )
    auto_close_warning_seconds: float = Field(
        0, ge=0, description="How long before that the client is warned; shorter than it; 0: not at all"
    )
    auto_close_warning_text: str = Field(
        "We have not heard from you since our last answer. Please write to us if there is anything left to do;"
        " otherwise we will close this ticket on {closes_on}.",
        min_length=1,
        description="What the warning says; `{closes_on}` is replaced by the time",
    )

    @model_validator(mode="after")
    def _warned_after_the_answer(self) -> Self:
        if self.auto_close_seconds and self.auto_close_warning_seconds >= self.auto_close_seconds:
            raise ValueError("auto_close_warning_seconds must be shorter than auto_close_seconds")
        return self

    @property
    def auto_close(self) -> AutoClose | None:
        if not self.auto_close_seconds:
            return None
        return AutoClose(
            after=timedelta(seconds=self.auto_close_seconds),
            warning=timedelta(seconds=self.auto_close_warning_seconds),
            text=self.auto_close_warning_text,
        )
