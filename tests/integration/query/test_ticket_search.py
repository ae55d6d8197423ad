"""What is found by a text, as administrators expect it, and that no text brings a list down."""

import itertools
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from libs.events.catalogue import intake
from libs.events.catalogue.accounts import AccountChanged, UserChanged
from tests.integration.query.query_world import World

HOSTILE = [
    '"',
    "'",
    "\\",
    "-",
    "-mail",
    "or",
    "or or or",
    "a or",
    "%",
    "_",
    "%%%",
    "mail:*",
    "!mail & (",
    "<->",
    "'mail':*",
    "#",
    "#999999999999999999",
    "9" * 200,
    "x" * 200,
    "a " * 100,
    "- " * 100,
    "-or " * 50,
    "-(" * 100,
    '-"" ' * 50,
    "\u202e\ufeff\u0301\u0301",
    "😀 😀",
    "ы" * 200,
    "$1; drop table tickets",
    "\t\n mail \r",
]


async def found(world: World, text: str, **asked: Any) -> set[int]:
    page = await world.found("tickets", state="all", text=text, limit=200, **asked)
    return {row["number"] for row in page["items"]}


async def number_of(world: World, **given: Any) -> int:
    ticket = await world.open_ticket(**given)
    await world.caught_up()
    number: int = (await world.found(f"tickets/{ticket}"))["number"]
    return number


FOUND = (
    "connection",  # another form
    "CONNECTING refused",
    "connec",  # being typed
    "connectio",
    "the server",  # no word is left out
    '"refuses connections"',
    "refuses -imap",
    "nothing or refuses",
    "письмо",
    "письмами",
    "не доходят",
    "mx1.example.com",
    "lay in del",  # in the middle of the subject
    "LAY  IN",
    "Größenänderung",  # of other languages as it is written
    "cme Hos",  # and of the account's name
    "cme",
    "ane Ro",  # and the user's
    "refuses письмо delay",  # the subject is read with the message that opened the ticket
)
NOT_FOUND = ('"connections refuses"', "refuses -connections", "banana", "refuses banana", "-banana", "cm")
"""The last one is in the account's name, but too short to be looked for in the middle of it."""


async def test_words_in_their_forms_phrases_and_parts_of_names(world: World) -> None:
    await world.players["accounts"].tell(world.account, AccountChanged(name="Acme Hosting"))
    facts = UserChanged(account_id=world.account, name="Jane Roe", email="j@x.example")
    await world.players["accounts"].tell(world.user, facts)
    given = {
        "subject": "Delay in delivery",
        "text": "The server mx1.example.com refuses connections, письма не доходят. Größenänderung?",
    }
    number = await number_of(world, **given)
    assert [text for text in FOUND if number not in await found(world, text)] == []
    assert [text for text in NOT_FOUND if number in await found(world, text)] == []


async def test_a_number_finds_its_ticket(world: World) -> None:
    number = await number_of(world)
    await number_of(world)
    assert await found(world, str(number)) == await found(world, f"#{number}") == {number}


async def test_notes_answers_and_a_new_subject_are_found_and_the_old_subject_is_not(world: World) -> None:
    ticket = await world.open_ticket(subject="Wrong invoice")
    player = world.players["intake"]
    note = intake.NoteAdded(message_id=uuid4(), author_id=world.ann, text="An escalation awaits")
    await player.tell(ticket, note)
    facts: dict[str, Any] = {"category_id": uuid4(), "urgency": intake.Urgency.LOW, "tags": [], "project_id": None}
    edited = intake.TicketEdited(changed=[intake.Property.SUBJECT], subject="Mailbox moved", **facts)
    await player.tell(ticket, edited)
    await world.caught_up()
    assert {
        text: len(await found(world, text)) for text in ("escalation", "mailbox", "box mo", "invoice", "ong inv")
    } == {
        "escalation": 1,
        "mailbox": 1,
        "box mo": 1,
        "invoice": 0,
        "ong inv": 0,
    }


async def test_what_one_does_not_see_is_not_found(world: World) -> None:
    number, department = await number_of(world, text="A secret plan"), uuid4()
    ticket = UUID((await world.found("tickets", text=str(number)))["items"][0]["id"])
    await world.place(ticket, department)
    stranger, member = await world.employ(), await world.employ(department)
    await world.caught_up()
    for text in ("secret", str(number), "Acme"):
        assert (await world.found("tickets", world.staff_as(stranger), text=text))["items"] == []
        assert len((await world.found("tickets", world.staff_as(member), text=text))["items"]) == 1


async def test_a_deleted_ticket_is_not_found(world: World) -> None:
    ticket = await world.open_ticket(text="A secret plan")
    await world.players["intake"].tell(ticket, intake.TicketDeleted(number=1001))
    await world.caught_up()
    assert await found(world, "secret") == await found(world, "1001") == set()


async def test_no_text_is_too_much(world: World) -> None:
    await number_of(world, subject="a " * 100, text="y" * 5000 + " \\ ' \" %_ " + "-" * 3000)
    for text, sort in itertools.product(HOSTILE, ("weight", "category")):
        answer = await world.get("tickets", text=text, sort=sort)
        assert answer.status_code == 200, (text, answer.text)
    for text in ("", "  ", "x" * 201, "a\0b"):
        assert (await world.get("tickets", text=text)).status_code == 422


async def test_a_message_is_searched_as_far_as_the_document_says(world: World) -> None:
    filler = "filler " * 10_000
    early, late = filler[:49_000] + " sooner ", filler[:50_000] + " later "
    number = await number_of(world, subject="s", text=early + filler[:1_000])
    other = await number_of(world, subject="s", text=late)
    assert await found(world, "sooner") == {number}
    assert await found(world, "later") == set()
    assert await found(world, "filler") == {number, other}


async def test_a_text_of_more_words_than_postgresql_takes_is_taken(world: World) -> None:
    """The limit is a megabyte of words and their places in one message; intake takes 100,000 characters."""
    since = datetime(2026, 1, 5, tzinfo=UTC)
    words = " ".join(f"{chr(0x10400 + n % 40)}{n:05}-{n}" for n in range(9000))[:99_000]
    number = await number_of(world, text=f"beginning {words}", waiting_since=since)
    assert number in await found(world, "beginning")
