"""What is sent and answered."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from libs.events.catalogue.intake import Urgency
from libs.service.text import Text
from services.intake.domain.ticket import Status

MAX_TEXT = 100_000

Body = Annotated[Text, Field(min_length=1, max_length=MAX_TEXT, description="Markdown")]
Files = Annotated[
    list[UUID],
    Field(
        max_length=100,
        description="Uploads of the same caller that come with the message (`POST /api/intake/attachments`)",
    ),
]
Subject = Annotated[Text, Field(min_length=1, max_length=200)]


class TicketSubmission(BaseModel):
    """A new ticket. Clients submit for themselves; administrators and systems name the user it is for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "category_id": "01980000-0000-7000-8000-00000000c001",
                    "subject": "Mail does not arrive",
                    "text": "Since this morning nothing gets through.",
                    "urgency": "high",
                }
            ]
        }
    )

    category_id: UUID
    subject: Subject
    text: Body
    urgency: Urgency = Urgency.MEDIUM
    user_id: UUID | None = None
    attachment_ids: Files = []


class Message(BaseModel):
    """A client's message, or an internal note."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"text": "The log is attached.", "attachment_ids": ["01980000-0000-7000-8000-00000000f001"]},
            ]
        }
    )

    text: Body
    attachment_ids: Files = []


class Answer(BaseModel):
    """An administrator's answer, under the block that `token` stands for, or a client's message without one."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "Fixed, please try.", "token": 1, "close": True}]}
    )

    text: Body
    token: Annotated[int | None, Field(description="Of the block; administrators only")] = None
    attachment_ids: Files = []
    close: Annotated[bool, Field(description="Send and close; administrators only")] = False


class BlockToken(BaseModel):
    """The fencing token that taking the block has answered."""

    token: int


class BlockView(BaseModel):
    """The lock an administrator holds while writing."""

    holder_id: UUID
    token: int
    since: AwareDatetime
    expires_at: AwareDatetime


class TicketView(BaseModel):
    """The ticket after a command."""

    id: UUID
    number: int
    version: int
    status: Status
    waiting_since: AwareDatetime | None = None
    department_id: UUID | None = None
    responsible_id: UUID | None = None
    block: BlockView | None = None
