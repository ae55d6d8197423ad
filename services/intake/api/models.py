"""What is sent and answered."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Body as BodyParameter
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from libs.events.catalogue.conditions import Language
from libs.events.catalogue.intake import Property, Urgency
from libs.service.bodies import AsNumber, Body, Distinct, Flag, LeftOut
from libs.service.text import NotBlank, Storable, Text
from services.intake.domain.ticket import MOST_TAGS, Status

MAX_TEXT = 100_000
MAX_COMMENT = 5_000
MOST_TICKETS = 200

Markdown = Annotated[Text, Field(min_length=1, max_length=MAX_TEXT, description="Markdown")]
Files = Annotated[
    list[UUID],
    Distinct,
    Field(
        max_length=100,
        description="Uploads of the same caller that come with the message (`POST /api/intake/attachments`)",
    ),
]
Token = Annotated[int, AsNumber]
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
    text: Markdown
    urgency: Urgency = Urgency.MEDIUM
    language: Language | None = Field(None, description="In which it is written (BCP 47), as far as that is known")
    user_id: UUID | None = None
    attachment_ids: Files = []


class Note(BaseModel):
    """An internal note. With the token of the block it is written under it, and gives it up."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "The log is attached.",
                    "token": 1,
                    "attachment_ids": ["01980000-0000-7000-8000-00000000f001"],
                }
            ]
        }
    )

    text: Markdown
    token: Annotated[Token | None, Field(description="Of the block, if it is written under one")] = None
    attachment_ids: Files = []


class Answer(BaseModel):
    """An administrator's answer, under the block that `token` stands for, or a client's message without one."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "Fixed, please try.", "token": 1, "close": True}]}
    )

    text: Markdown
    token: Annotated[Token | None, Field(description="Of the block; administrators only")] = None
    attachment_ids: Files = []
    close: Annotated[Flag, Field(description="Send and close; administrators only")] = False


def _merged(tags: list[str]) -> list[str]:
    """Sorted and once each, so that the same tags are always told the same."""
    merged = sorted(set(tags))
    if len(merged) > MOST_TAGS:
        raise ValueError(f"A ticket has at most {MOST_TAGS} tags")
    return merged


Tag = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, min_length=1, max_length=40),
    Storable,
    NotBlank,
]
Tags = Annotated[list[Tag], AfterValidator(_merged), Field(description="In lower case, once each; at most 20")]


class TicketEdit(Body):
    """What is to be different of a ticket; what is left out stays as it is."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"subject": "Mail does not arrive since Monday", "tags": ["imap"]}]}
    )

    subject: Subject = LeftOut
    category_id: UUID = LeftOut
    urgency: Urgency = LeftOut
    project_id: UUID | None = None
    tags: Tags = LeftOut

    def wanted(self) -> dict[Property, Any]:
        return {_PROPERTIES[name]: value for name, value in self.model_dump(exclude_unset=True).items()}


_PROPERTIES = {
    "subject": Property.SUBJECT,
    "category_id": Property.CATEGORY,
    "urgency": Property.URGENCY,
    "project_id": Property.PROJECT,
    "tags": Property.TAGS,
}


class Assignment(Body):
    """Who is to be responsible; null gives the ticket back to its department."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"responsible_id": "01980000-0000-7000-8000-00000000a003"}]}
    )

    responsible_id: UUID | None


class Transfer(Body):
    """The department that is to have the ticket."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"department_id": "01980000-0000-7000-8000-00000000d001"}]}
    )

    department_id: UUID


TicketIds = Annotated[list[UUID], Field(min_length=1, max_length=MOST_TICKETS, description="Each counts once")]


class _Many(Body):
    """Tickets that something is to be done to."""

    ticket_ids: TicketIds


class UnblockMany(_Many):
    """Take the blocks away from their holders."""

    action: Literal["unblock"]


class CloseMany(_Many):
    """Close them."""

    action: Literal["close"]


class DeleteMany(_Many):
    """Delete them, and erase what was written."""

    action: Literal["delete"]


class AssignMany(_Many, Assignment):
    """Make somebody responsible for them."""

    action: Literal["assign"]


class TransferMany(_Many, Transfer):
    """Give them to another department."""

    action: Literal["transfer"]


Many = Annotated[
    UnblockMany | CloseMany | DeleteMany | AssignMany | TransferMany,
    Field(discriminator="action"),
    BodyParameter(
        openapi_examples={
            "close": {
                "value": {"action": "close", "ticket_ids": ["01980000-0000-7000-8000-000000000001"]},
            },
            "transfer": {
                "value": {
                    "action": "transfer",
                    "ticket_ids": ["01980000-0000-7000-8000-000000000001"],
                    "department_id": "01980000-0000-7000-8000-00000000d001",
                },
            },
        }
    ),
]


class ManyResult(BaseModel):
    """What came of one ticket: 200, or the status of the problem that this command alone would have answered."""

    ticket_id: UUID
    status: int
    problem: dict[str, Any] | None


class ManyResults(BaseModel):
    """In the order of the request."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "results": [
                        {"ticket_id": "01980000-0000-7000-8000-000000000001", "status": 200, "problem": None},
                        {
                            "ticket_id": "01980000-0000-7000-8000-000000000002",
                            "status": 409,
                            "problem": {
                                "type": "urn:helpdesk:problem:ticket-closed",
                                "title": "The ticket is closed",
                                "status": 409,
                            },
                        },
                    ]
                }
            ]
        }
    )

    results: list[ManyResult]


class DraftText(Body):
    """What was written so far."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "Dear Jane, we are"}]})

    text: Markdown


class DraftView(BaseModel):
    """What an administrator has written on a ticket and not yet sent."""

    text: str
    saved_at: AwareDatetime


class AnswerRating(Body):
    """How good an answer is, from 1 (bad) to 5 (good)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"rating": 5, "comment": "Quick!"}]})

    rating: Annotated[int, Field(ge=1, le=5), AsNumber]
    comment: Annotated[Text, Field(min_length=1, max_length=MAX_COMMENT)] | None = None


class CategoryView(BaseModel):
    """A subject to choose; the list is in ascending order."""

    id: UUID
    name: str
    order: int


class Categories(BaseModel):
    """What an account may choose from."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"items": [{"id": "01980000-0000-7000-8000-00000000c001", "name": "Mail", "order": 10}]}]
        }
    )

    items: list[CategoryView]


class BlockToken(BaseModel):
    """The fencing token that taking the block has answered."""

    token: Token


class BlockView(BaseModel):
    """The lock an administrator holds while writing."""

    holder_id: UUID
    token: int
    since: AwareDatetime
    expires_at: AwareDatetime


class TicketView(BaseModel):
    """The ticket after a command. Clients are shown no more than that it is there, and whether it waits."""

    id: UUID
    number: int
    version: int
    status: Status
    waiting_since: AwareDatetime | None = None
    category_id: UUID | None = None
    project_id: UUID | None = None
    urgency: Urgency | None = None
    tags: list[str] | None = None
    department_id: UUID | None = None
    responsible_id: UUID | None = None
    block: BlockView | None = None
    has_draft: Annotated[
        bool | None, Field(description="To whoever takes the block: whether they have written something here before")
    ] = None
