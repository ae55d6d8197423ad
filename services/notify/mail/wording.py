"""Putting a mail into words, at the moment it is sent: as its ticket is now, in the recipient's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from libs.service.reply_tokens import ReplyTokens
from libs.worktime.zones import load_zone
from services.notify.domain.defaults import language_of, shipped
from services.notify.domain.kinds import DIGEST, PASSWORDS, Kind
from services.notify.domain.mail import Answered, Letter
from services.notify.domain.preferences import Preferences
from services.notify.domain.wording import Words, date_words
from services.notify.mail.links import Links
from services.notify.mail.password_links import PasswordLinks
from services.notify.mail.strangers import Strangers
from services.notify.store import facts, templates
from services.notify.store.facts import Person, Ticket
from services.notify.store.outbox import Row


class Pointless(Exception):
    """What the mail was to be about has come to nothing."""


@dataclass(frozen=True)
class Scene:
    """Who is written to, in which language, and by whose clock instants are told."""

    person: Person
    language: str
    zone: ZoneInfo

    def at(self, instant: datetime) -> str:
        return date_words(instant, self.language, self.zone)


@dataclass(frozen=True)
class Wordings:
    """Makes letters of the outbox's rows."""

    pool: asyncpg.Pool
    links: Links
    reply_tokens: ReplyTokens
    reply_address: str | None
    password_links: PasswordLinks
    strangers: Strangers

    async def letter(self, rows: Sequence[Row], person: Person, chosen: Preferences, now: datetime) -> Letter:
        """One mail about all the rows. Raises Unfit, Pointless or NotNow."""
        first = rows[0]
        if first.kind in PASSWORDS:
            return await self._password(first, person, chosen, now)
        tickets = {row.id: await facts.ticket(self.pool, row.ticket) for row in rows if row.ticket}
        told = [(row, ticket) for row in rows if (ticket := tickets.get(row.id))]
        if not told:
            raise Pointless
        ticket = told[0][1]
        scene = await self.scene(person, chosen, ticket)
        items = [await self._words(row, about, scene) for row, about in told]
        words = items[0] if len(items) == 1 else await self._digest(items, scene)
        address = self.reply_address
        about = ticket.id if len(items) == 1 else None
        return Letter(
            first.id,
            now,
            person.name,
            person.email,
            scene.language,
            words,
            ticket=about,
            reply_to=self.reply_tokens.address(address, about) if address and about else None,
            unsubscribe=self.links.unsubscribe(person.id, first.kind),
        )

    async def scene(self, person: Person, chosen: Preferences, ticket: Ticket | None) -> Scene:
        """A client reads the language of their ticket, one of the staff that of their team; both may choose another."""
        if person.kind == "client":
            wishes = (ticket.language, ticket.department_language) if ticket else ()
        else:
            wishes = (await facts.staff_language(self.pool, person.id), ticket.department_language if ticket else None)
        return Scene(person, language_of(chosen.language, *wishes), load_zone(chosen.time_zone))

    def values(
        self, kind: Kind, ticket: Ticket, said: str | None, more: Mapping[str, Any], scene: Scene
    ) -> dict[str, Any]:
        """What a template may speak of; see domain.defaults.EXAMPLES."""
        values: dict[str, Any] = {
            "person": {"name": scene.person.name},
            "ticket": {
                "number": ticket.number,
                "subject": ticket.subject,
                "urgency": ticket.urgency,
                "closed": ticket.closed,
                "department": ticket.department_name or "",
                "project": ticket.project_name or "",
                "url": self.links.ticket(ticket.id),
                "expected_by": scene.at(ticket.due_at) if ticket.due_at else None,
            },
            "message": said or "",
            "replies_are_read": self.reply_address is not None,
        }
        if kind is Kind.AUTO_CLOSE:
            values["closes_at"] = scene.at(datetime.fromisoformat(more["closes_at"])) if "closes_at" in more else ""
        if kind is Kind.ESCALATION:
            values |= {"target": more.get("target", ""), "points": more.get("points", 0)}
        return values

    async def filled(self, kind: str, project: UUID | None, language: str, values: Mapping[str, Any]) -> Words:
        own = await templates.best(self.pool, kind, language, project)
        return (own or shipped(language)[kind]).filled(values)

    async def _words(self, row: Row, ticket: Ticket, scene: Scene) -> Words:
        values = self.values(row.kind, ticket, row.said, row.facts, scene)
        return await self.filled(row.kind, ticket.project, scene.language, values)

    async def _digest(self, items: Sequence[Words], scene: Scene) -> Words:
        text = "\n\n".join(f"**{one.subject}**\n\n{one.body}\n\n---" for one in items)
        values = {"person": {"name": scene.person.name}, "count": len(items), "items": text}
        return await self.filled(DIGEST, None, scene.language, values)

    async def _password(self, row: Row, person: Person, chosen: Preferences, now: datetime) -> Letter:
        link = await self.password_links.find(row.facts["reset"])
        if link is None:
            raise Pointless
        scene = await self.scene(person, chosen, None)
        values = {
            "person": {"name": link.name},
            "link": self.links.password(link.token),
            "expires_at": scene.at(link.expires_at),
        }
        words = await self.filled(row.kind, None, scene.language, values)
        return Letter(row.id, now, link.name, link.email, scene.language, words)

    async def answer_to_stranger(self, row: Row, now: datetime) -> Letter:
        """To whoever wrote the mail that stands for them; in the language and project of where they wrote to.

        Raises as `letter` does.
        """
        stranger = await self.strangers.find(row.recipient)
        if stranger is None:
            raise Pointless
        language = language_of(row.facts["language"])
        project = UUID(row.facts["project"]) if row.facts["project"] else None
        name = await facts.project_name(self.pool, project) if project else None
        values = {"subject": stranger.subject, "project": name or "", "url": self.links.panel}
        words = await self.filled(row.kind, project, language, values)
        answers = Answered(stranger.message_id, stranger.references)
        return Letter(row.id, now, "", stranger.address, language, words, answers=answers)
