"""Puts the parts of mail in together."""

import asyncio
from dataclasses import dataclass
from typing import Self

from pydantic import SecretStr

from libs.events.log import Log
from libs.service.reply_tokens import ReplyTokens
from libs.service.secret_box import SecretBox
from libs.service.workers import Worker
from services.intake.attachments.domain import Limits
from services.intake.attachments.files import Files
from services.intake.attachments.setup import Attachments
from services.intake.commands.drafts import Drafts
from services.intake.commands.submitting import Submitting
from services.intake.commands.tickets import Tickets
from services.intake.commands.writing import Writing
from services.intake.domain.by_time import ByTime
from services.intake.mail.bouncing import Bouncing
from services.intake.mail.files import MailFiles
from services.intake.mail.listener import Listener, Listening
from services.intake.mail.mailboxes import Mailboxes, Reading
from services.intake.mail.processing import Processing
from services.intake.mail.receiving import Receiving
from services.intake.mail.strangers import Strangers
from services.intake.mail.taking import Taking
from services.intake.settings import Settings


@dataclass(frozen=True)
class MailIn:
    receiving: Receiving
    processing: Processing
    mailboxes: Mailboxes
    listener: Listener | None

    @classmethod
    def of(cls, log: Log, by_time: ByTime, settings: Settings, files: Files) -> Self:
        wake = asyncio.Event()
        receiving = Receiving(log, by_time.ids, wake)
        tokens = ReplyTokens(settings.reply_key or settings.system_key)
        return cls(
            receiving=receiving,
            processing=Processing(
                log,
                taking(log, by_time, settings, files),
                Bouncing(log, tokens, by_time),
                Strangers(log, _secret(settings)),
                tokens,
                wake,
                most_per_hour=settings.mail_sender_per_hour,
                most_bytes=settings.mail_max_bytes,
                automatic_seconds=settings.mail_automatic_kept_seconds,
            ),
            mailboxes=Mailboxes(receiving, passwords(settings), _reading(settings)),
            listener=Listener(receiving, listening) if (listening := _listening(settings)) else None,
        )

    @property
    def workers(self) -> list[Worker]:
        return [self.processing, self.mailboxes, *([self.listener] if self.listener else [])]


def taking(log: Log, by_time: ByTime, settings: Settings, files: Files) -> Taking:
    attachments = Attachments.of(log, by_time.ids, settings, files)
    tickets = Tickets(log, by_time.ids, attachments.claims, by_time)
    limits = Limits(settings.attachments_per_message, settings.attachments_message_max_bytes)
    mail_files = MailFiles(attachments.uploads if settings.attachments_url else None, limits)
    return Taking(Submitting(tickets), Writing(tickets, Drafts(tickets)), mail_files)


def passwords(settings: Settings) -> SecretBox:
    return SecretBox(_secret(settings), "helpdesk mailbox passwords")


def _secret(settings: Settings) -> SecretStr:
    return settings.mail_secret or settings.system_key


def _reading(settings: Settings) -> Reading:
    return Reading(
        most_bytes=settings.mail_max_bytes,
        poll_seconds=settings.imap_poll_seconds,
        timeout_seconds=settings.imap_timeout_seconds,
        ca_file=settings.imap_ca_file,
    )


def _listening(settings: Settings) -> Listening | None:
    if settings.mail_listen_port is None:
        return None
    return Listening(
        settings.mail_listen_host, settings.mail_listen_port, settings.mail_listen_protocol, settings.mail_max_bytes
    )
