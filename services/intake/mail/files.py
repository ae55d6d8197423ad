"""The files of a mail, taken in like any upload: by the same limits, and once, however often it is tried."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from libs.service.problems import Invalid, TooLarge
from services.intake.attachments.domain import Limits, clean_name
from services.intake.attachments.problems import TypeRefused, UploadGone
from services.intake.attachments.uploads import Delivery, Uploads
from services.intake.domain.mail.parsing import File

PATH = "mail"


@dataclass(frozen=True, slots=True)
class Brought:
    """Files that a message may claim, and what is said of the others."""

    ids: tuple[UUID, ...]
    refused: tuple[str, ...]

    def noted(self, text: str) -> str:
        """The text, with what did not come along said under it: in the mail itself it is still there."""
        if not self.refused:
            return text
        return "\n".join([text, "", "---", *(f"*Not attached: {one}*  " for one in self.refused)])


class MailFiles:
    """Raises QuotaReached, StorageDown and TooSlow: to be tried again."""

    def __init__(self, uploads: Uploads | None, limits: Limits) -> None:
        """Without uploads no files are taken."""
        self._uploads = uploads
        self._limits = limits

    async def bring(self, mail: UUID, files: Sequence[File], owner: str) -> Brought:
        ids, refused, size = list[UUID](), list[str](), 0
        for number, file in enumerate(files):
            name = clean_name(file.name) or f"file-{number + 1}"
            if len(ids) == self._limits.files or size + len(file.content) > self._limits.bytes:
                refused.append(f"{_shown(name)} (the files of a message are limited)")
                continue
            found = await self._upload(f"mail:{mail}:{owner}:{number}", file.content, name, owner)
            if isinstance(found, UUID):
                ids.append(found)
                size += len(file.content)
            else:
                refused.append(f"{_shown(name)} ({found})")
        return Brought(tuple(ids), tuple(refused))

    async def _upload(self, key: str, content: bytes, name: str, owner: str, again: int = 0) -> UUID | str:
        """The upload, or why it is none. One that waited too long for its mail is made again."""
        if self._uploads is None:
            return "files are not taken here"
        delivery = Delivery(owner, name, len(content), f"{key}:{again}", PATH)
        try:
            return (await self._uploads.receive(delivery, _body(content))).id
        except UploadGone:
            return await self._upload(key, content, name, owner, again + 1)
        except TypeRefused:
            return "files of this type are not taken"
        except TooLarge:
            return "it is too large"
        except Invalid:
            return "it is empty"


async def _body(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 1 << 20):
        yield content[start : start + (1 << 20)]


def _shown(name: str) -> str:
    """As code, so that no name is taken for markup."""
    return f"`{name.replace('`', '’')}`"  # noqa: RUF001 - a quote that means nothing in Markdown
