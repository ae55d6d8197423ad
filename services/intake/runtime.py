"""What intake's routes work with."""

from dataclasses import dataclass
from typing import Annotated, Self

from fastapi import Depends

from libs.events.log import Log
from libs.service.app import runtime
from libs.service.auth import StaffDirectory
from services.intake.attachments.files import Files
from services.intake.attachments.setup import Attachments
from services.intake.commands.blocking import Blocking
from services.intake.commands.bulk import Bulk
from services.intake.commands.drafts import Drafts
from services.intake.commands.lifecycle import Lifecycle
from services.intake.commands.mail import MailDesk
from services.intake.commands.properties import Properties
from services.intake.commands.submitting import Submitting
from services.intake.commands.tickets import Tickets
from services.intake.commands.writing import Writing
from services.intake.domain.by_time import ByTime
from services.intake.mail.setup import passwords, taking
from services.intake.settings import Settings


@dataclass(frozen=True)
class Intake:
    submitting: Submitting
    writing: Writing
    drafts: Drafts
    blocking: Blocking
    properties: Properties
    lifecycle: Lifecycle
    bulk: Bulk
    attachments: Attachments
    mail: MailDesk

    @classmethod
    def of(cls, log: Log, by_time: ByTime, staff: StaffDirectory, settings: Settings, files: Files) -> Self:
        attachments = Attachments.of(log, by_time.ids, settings, files)
        tickets = Tickets(log, by_time.ids, attachments.claims, by_time)
        drafts = Drafts(tickets)
        return cls(
            submitting=Submitting(tickets),
            writing=Writing(tickets, drafts),
            drafts=drafts,
            blocking=Blocking(tickets, settings.block_seconds),
            properties=Properties(tickets, staff),
            lifecycle=Lifecycle(tickets),
            bulk=Bulk(tickets),
            attachments=attachments,
            mail=MailDesk(log, by_time.ids, passwords(settings), taking(log, by_time, settings, files)),
        )


CurrentIntake = Annotated[Intake, Depends(runtime(Intake))]
