"""How mail is worded: the templates that come with the product, and the provider's own in place of them."""

from collections.abc import Iterator
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends
from pydantic import AwareDatetime, BaseModel, Field
from starlette.requests import HTTPConnection
from starlette.responses import Response

from libs.events.ticket_places import require_sight
from libs.service.auth import identified, require_administrator, staff_of
from libs.service.bodies import Body
from libs.service.problems import Invalid, NotFound, problem_responses
from libs.service.routes import service_router
from libs.service.text import Text
from services.notify.api.parts import ON_ONE, SERVICE, Manager
from services.notify.domain.defaults import EXAMPLES, LANGUAGES, shipped
from services.notify.domain.kinds import FOR_CLIENTS, FOR_STAFF, Kind
from services.notify.domain.mail import as_html
from services.notify.domain.preferences import Preferences
from services.notify.domain.wording import LONGEST_BODY, LONGEST_SUBJECT, Unfit, Wording, Words
from services.notify.runtime import CurrentNotify, Notify
from services.notify.store import facts, templates
from services.notify.store.templates import Stored

router = service_router(SERVICE, tags=["templates"])

Name = Literal[
    "received",
    "answered",
    "closed",
    "reopened",
    "auto_close",
    "new_ticket",
    "assigned",
    "client_wrote",
    "warning",
    "breach",
    "escalation",
    "password_reset",
    "invitation",
    "not_registered",
    "digest",
]
Language = Annotated[str, Field(pattern="^[a-z]{2}$", examples=["en"], description="ISO 639-1")]


class NewTemplate(Body):
    """A wording for one kind of mail in one language, of one project or of all that have none of their own."""

    kind: Name = Field(examples=["answered"])
    language: Language
    project_id: UUID | None = None
    subject: Text = Field(min_length=1, max_length=LONGEST_SUBJECT, examples=["Re: [#{{ ticket.number }}]"])
    body: Text = Field(
        min_length=1, max_length=LONGEST_BODY, examples=["Hello {{ person.name }}"], description="Markdown"
    )


class Preview(NewTemplate):
    """A wording that is not kept, and maybe a ticket to try it with."""

    ticket_id: UUID | None = None


class Template(BaseModel):
    """`id` and what follows is null for one that came with the product."""

    id: UUID | None = None
    kind: str
    language: str
    project_id: UUID | None = None
    subject: str
    body: str
    version: int | None = None
    changed_at: AwareDatetime | None = None
    changed_by: str | None = None


class Templates(BaseModel):
    items: list[Template]


class Shown(BaseModel):
    """A mail as it would go out."""

    subject: str
    text: str
    html: str


@router.get("/templates", dependencies=[Depends(require_administrator())])
async def list_templates(notify: CurrentNotify) -> Templates:
    """The provider's own first, then those that came with the product, which are in force where there is no own."""
    own = [_told(one) for one in await templates.listed(notify.log.pool)]
    return Templates(items=[*own, *_shipped()])


@router.put("/templates", responses=problem_responses(Invalid))
async def set_template(body: NewTemplate, caller: Manager, notify: CurrentNotify) -> Template:
    """Word a kind of mail, in place of what was there for the same kind, language and project. Checked before it is kept."""
    if body.project_id and not await facts.projects(notify.log.pool, [body.project_id]):
        raise Invalid.at("/project_id", "No such project is known here")
    if body.kind == "digest" and body.project_id:
        raise Invalid.at("/project_id", "A digest is of no project")
    wording = _checked(body)
    now = await notify.log.now()
    new = Stored(notify.ids(), body.kind, body.language, body.project_id, wording, 1, now, caller.actor)
    return _told(await templates.put(notify.log.pool, new))


@router.get("/templates/{template_id}", responses=ON_ONE, dependencies=[Depends(require_administrator())])
async def get_template(template_id: UUID, notify: CurrentNotify) -> Template:
    """One of the provider's own."""
    found = await templates.find(notify.log.pool, template_id)
    if found is None:
        raise NotFound
    return _told(found)


@router.delete("/templates/{template_id}", status_code=204, responses=ON_ONE)
async def remove_template(template_id: UUID, _: Manager, notify: CurrentNotify) -> Response:
    """Take a wording back; what is in force then is that of all projects, or the one that came with the product."""
    if not await templates.remove(notify.log.pool, template_id):
        raise NotFound
    return Response(status_code=204)


@router.post("/templates/preview", responses=problem_responses(Invalid, NotFound))
async def preview(body: Preview, connection: HTTPConnection, caller: Manager, notify: CurrentNotify) -> Shown:
    """Show what a wording makes of a real ticket, or of an example. Nothing is kept or sent."""
    wording = _checked(body)
    if body.ticket_id is None or body.kind not in FOR_CLIENTS | FOR_STAFF:
        return _shown(wording.filled(EXAMPLES[body.kind]), body.language)
    await require_sight(notify.log.pool, body.ticket_id, await staff_of(connection, identified(connection)))
    return _shown(await _with_ticket(notify, wording, body, caller.user_id), body.language)


async def _with_ticket(notify: Notify, wording: Wording, body: Preview, me: UUID) -> Words:
    assert body.ticket_id
    ticket, person = await facts.ticket(notify.log.pool, body.ticket_id), await facts.person(notify.log.pool, me)
    if ticket is None or person is None:
        raise NotFound
    scene = await notify.wordings.scene(person, Preferences(language=body.language), ticket)
    values = {**EXAMPLES[body.kind], **notify.wordings.values(Kind(body.kind), ticket, ticket.said, {}, scene)}
    return wording.filled(values)


def _checked(body: NewTemplate) -> Wording:
    wording = Wording(body.subject, body.body)
    try:
        wording.check(EXAMPLES[body.kind])
    except Unfit as error:
        name = "subject" if str(error).startswith("subject") else "body"
        raise Invalid.at(f"/{name}", str(error)) from None
    return wording


def _shown(words: Words, language: str) -> Shown:
    return Shown(subject=words.subject, text=words.body, html=as_html(words, language))


def _told(one: Stored) -> Template:
    return Template(
        id=one.id,
        kind=one.kind,
        language=one.language,
        project_id=one.project,
        subject=one.wording.subject,
        body=one.wording.body,
        version=one.version,
        changed_at=one.changed_at,
        changed_by=one.changed_by,
    )


def _shipped() -> Iterator[Template]:
    for language in LANGUAGES:
        for kind, wording in shipped(language).items():
            yield Template(kind=kind, language=language, subject=wording.subject, body=wording.body)
