"""Making a mail a ticket or a reply: by the very commands that the panel uses, in one transaction with what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from libs.events.catalogue.intake import Channel, Urgency
from libs.events.commands import Outcome
from libs.events.log import Executor, Key
from libs.service.caller import Caller
from services.intake.attachments.claims import Also
from services.intake.attachments.domain import owner_of
from services.intake.commands.submitting import NewTicket, Submitting
from services.intake.commands.writing import Writing
from services.intake.domain.asker import Asker
from services.intake.domain.mail.judging import State, Taken
from services.intake.domain.mail.parsing import Mail
from services.intake.domain.mail.quotes import folded
from services.intake.mail.files import MailFiles
from services.intake.store import mails
from services.intake.store.gateways import Gateway
from services.intake.store.mails import End


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that was read, and the row that keeps it; `was` is what it may still be when it is settled."""

    id: UUID
    mail: Mail
    was: Sequence[State] = (State.RECEIVED,)
    by: UUID | None = None
    """The administrator who says whose it is; None if it says so itself."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a ticket gets of the way that its mail came in by."""

    category_id: UUID
    language: str | None = None
    project_id: UUID | None = None

    @classmethod
    def by(cls, gateway: Gateway) -> Self:
        return cls(gateway.category_id, gateway.language, gateway.project_id)


class Taking:
    def __init__(self, submitting: Submitting, writing: Writing, files: MailFiles) -> None:
        self._submitting = submitting
        self._writing = writing
        self._files = files

    async def take(self, letter: Letter, taken: Taken, opening: Opening | None, key: Key) -> Outcome:
        """A reply needs no opening. Raises a Problem of the command, or mails.Settled; nothing has happened then."""
        acting = str(letter.by) if letter.by else None
        caller = Caller(kind="client", id=str(taken.user.id), account_id=taken.user.account, acting=acting)
        brought = await self._files.bring(letter.id, letter.mail.files, owner_of(caller))
        asker, settle = Asker(caller), _settling(letter, taken)
        if taken.ticket is None:
            assert opening is not None
            new = NewTicket(
                user_id=taken.user.id,
                category_id=opening.category_id,
                subject=letter.mail.subject,
                text=brought.noted(letter.mail.text),
                urgency=Urgency.MEDIUM,
                channel=Channel.EMAIL,
                by_client=True,
                files=brought.ids,
                language=opening.language,
                project_id=opening.project_id,
            )
            return await self._submitting.submit(new, asker, key, also=settle)
        text = brought.noted(folded(letter.mail.text))
        return await self._writing.reply(taken.ticket, text, asker, Channel.EMAIL, key, files=brought.ids, also=settle)


def _settling(letter: Letter, taken: Taken) -> Also:
    async def settle(executor: Executor, outcome: Outcome) -> None:
        end = End(
            state=State.TICKET if taken.ticket is None else State.REPLY,
            sender=next(iter(letter.mail.senders), None),
            subject=letter.mail.subject,
            ticket_id=outcome.entity,
            user_id=taken.user.id,
            by=str(letter.by) if letter.by else None,
        )
        await mails.settle(executor, letter.id, end, was=letter.was)

    return settle
