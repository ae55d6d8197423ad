"""Puts the parts of attachments together."""

from dataclasses import dataclass
from typing import Self

from libs.events.log import Log
from libs.service.clock import SystemClock
from libs.service.ids import Ids
from services.intake.attachments.claims import Claims
from services.intake.attachments.domain import Limits, TypePolicy
from services.intake.attachments.files import Files
from services.intake.attachments.links import Links
from services.intake.attachments.reading import Reading
from services.intake.attachments.uploads import Rules, Uploads
from services.intake.settings import Settings


@dataclass(frozen=True)
class Attachments:
    files: Files
    uploads: Uploads
    claims: Claims
    reading: Reading
    links: Links

    @classmethod
    def of(cls, log: Log, ids: Ids, settings: Settings, files: Files) -> Self:
        limits = Limits(settings.attachments_per_message, settings.attachments_message_max_bytes)
        key = settings.system_key.get_secret_value()
        return cls(
            files=files,
            uploads=Uploads(log, files, ids, _rules(settings)),
            claims=Claims(log, limits),
            reading=Reading(log),
            links=Links(key, SystemClock(), settings.attachments_link_seconds),
        )


def _rules(settings: Settings) -> Rules:
    types = TypePolicy(
        allowed=_listed(settings.attachments_allowed_types),
        refused=_listed(settings.attachments_refused_types),
        refused_endings=frozenset(_listed(settings.attachments_refused_endings)),
    )
    return Rules(
        types=types,
        file_bytes=settings.attachments_max_bytes,
        unclaimed_bytes=settings.attachments_unclaimed_max_bytes,
        unclaimed_seconds=settings.attachments_unclaimed_seconds,
        upload_seconds=settings.attachments_upload_seconds,
    )


def _listed(text: str) -> list[str]:
    return [one.strip().lower() for one in text.split(",") if one.strip()]
