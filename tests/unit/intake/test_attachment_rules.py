"""What may be attached, under which name, and by whom it is claimed and read."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.events.catalogue.intake import Urgency
from libs.service.caller import Caller
from libs.service.problems import Invalid
from libs.service.rights import Role, Staff
from services.intake.attachments.domain import (
    MAX_NAME_BYTES,
    Held,
    Limits,
    State,
    TypePolicy,
    Upload,
    claimed,
    clean_name,
    may_read,
    owner_of,
    served_type,
)
from services.intake.attachments.problems import TypeRefused
from services.intake.domain.asker import Asker
from services.intake.domain.ticket import Status, Ticket

# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\jane\\mail.eml", "mail.eml"),
        ("a\0b\r\nc.txt", "abc.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        (" spaced . ", "spaced"),
        ("Gru\u0308\u00dfe.txt", "Gr\u00fc\u00dfe.txt"),
        ("folder/", ""),
        ("...", ""),
    ],
)
def test_a_name_keeps_what_people_see_and_nothing_else(given: str, kept: str) -> None:
    assert clean_name(given) == kept


@given(st.text(max_size=600))
def test_any_name_becomes_one_that_every_file_system_takes(name: str) -> None:
    cleaned = clean_name(name)
    assert len(cleaned.encode()) <= MAX_NAME_BYTES
    assert not set(cleaned) & set("/\\\0\n\r")
    assert clean_name(cleaned) == cleaned


def test_a_long_name_keeps_its_ending() -> None:
    assert clean_name("\u00e4" * 400 + ".pdf").endswith("\u00e4.pdf")


# --- types ----------------------------------------------------------------------------------------

POLICY = TypePolicy(["image/*", "text/plain"], ["image/svg+xml"], frozenset({"exe"}))


@pytest.mark.parametrize(
    ("name", "content_type"), [("a.png", "image/png"), ("a.txt", "text/plain"), ("exe", "text/plain")]
)
def test_what_is_allowed_is_taken(name: str, content_type: str) -> None:
    POLICY.require(name, content_type)


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("a.zip", "application/zip"), ("a.svg", "image/svg+xml"), ("a.txt.EXE", "text/plain"), ("a.png", "text/plainer")],
)
def test_what_is_refused_is_so_even_if_it_is_allowed(name: str, content_type: str) -> None:
    with pytest.raises(TypeRefused):
        POLICY.require(name, content_type)


def test_what_a_browser_could_run_is_served_as_bytes() -> None:
    assert served_type("image/svg+xml") == served_type("text/html") == "application/octet-stream"
    assert served_type("application/pdf") == "application/pdf"


# --- claiming -------------------------------------------------------------------------------------

LIMITS = Limits(files=3, bytes=100)


def upload(owner: str = "user:1", state: State = State.READY, size: int = 10) -> Upload:
    return Upload(uuid4(), owner, state, "a.txt", "text/plain", size)


def claim(*uploads: Upload, asked: list[UUID] | None = None) -> list[UUID]:
    found = {one.id: one for one in uploads}
    return [one.id for one in claimed(asked or list(found), found, "user:1", LIMITS)]


def pointer(refused: pytest.ExceptionInfo[Invalid]) -> str:
    return str(refused.value.members["errors"][0]["pointer"])


def test_one_s_own_uploads_are_claimed_in_the_order_they_are_named() -> None:
    a, b = upload(), upload()
    assert claim(a, b, asked=[b.id, a.id]) == [b.id, a.id]
    assert claim() == []


@pytest.mark.parametrize("state", [State.RECEIVING, State.CLAIMED, State.REMOVING])
def test_what_is_not_ready_is_like_what_is_not_there(state: State) -> None:
    with pytest.raises(Invalid) as refused:
        claim(upload(), upload(state=state))
    assert pointer(refused) == "/attachment_ids/1"


def test_another_s_upload_is_like_one_that_is_not_there() -> None:
    with pytest.raises(Invalid) as theirs:
        claim(upload(owner="user:2"))
    with pytest.raises(Invalid) as nobody_s:
        claim(asked=[uuid4()])
    assert theirs.value.body() == nobody_s.value.body()


def test_too_many_too_much_or_twice_is_refused_as_a_whole() -> None:
    one = upload()
    for uploads, asked in (
        ([upload() for _ in range(4)], None),
        ([upload(size=60), upload(size=41)], None),
        ([one], [one.id, one.id]),
    ):
        with pytest.raises(Invalid) as refused:
            claim(*uploads, asked=asked)
        assert pointer(refused) == "/attachment_ids"


def test_an_administrator_acting_as_a_client_is_neither_of_the_two_alone() -> None:
    client, administrator = str(uuid4()), str(uuid4())
    acting = Caller(kind="client", id=client, acting=administrator)
    alone = {owner_of(Caller(kind="client", id=client)), owner_of(Caller(kind="administrator", id=administrator))}
    assert owner_of(acting) not in alone


# --- reading --------------------------------------------------------------------------------------

ACCOUNT, DEPARTMENT = uuid4(), uuid4()


def held(*, internal: bool = False, status: Status = Status.OPEN) -> Held:
    ticket = Ticket(
        number=1001,
        status=status,
        account_id=ACCOUNT,
        user_id=uuid4(),
        category_id=uuid4(),
        urgency=Urgency.LOW,
        department_id=DEPARTMENT,
    )
    return Held(uuid4(), ticket, internal, "a.txt", "text/plain", 10, b"")


def client(account: UUID = ACCOUNT) -> Asker:
    return Asker(Caller(kind="client", id=str(uuid4()), account_id=account))


def agent(*departments: UUID) -> Asker:
    staff = Staff(id=uuid4(), role=Role.AGENT, departments=frozenset(departments))
    return Asker(Caller(kind="administrator", id=str(staff.id)), staff)


def system(*scopes: str) -> Asker:
    return Asker(Caller(kind="system", id="archive", scopes=frozenset(scopes)))


def test_files_are_read_by_whoever_reads_their_message() -> None:
    assert may_read(held(), client())
    assert not may_read(held(), client(uuid4()))
    assert may_read(held(), agent(DEPARTMENT))
    assert not may_read(held(), agent(uuid4()))
    assert may_read(held(), system("log:read"))


def test_files_of_notes_are_the_administrators() -> None:
    assert not may_read(held(internal=True), client())
    assert may_read(held(internal=True), agent(DEPARTMENT))


def test_files_of_deleted_tickets_are_nobody_s() -> None:
    for asker in (client(), agent(DEPARTMENT), system("log:read")):
        assert not may_read(held(status=Status.DELETED), asker)
