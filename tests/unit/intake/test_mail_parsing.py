"""Reading mail: charsets, HTML, quotations, parts; and whatever bytes there are, no error but Unreadable."""

from email.message import EmailMessage
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.service.markdown import rendered
from services.intake.domain.mail.automatic import why_automatic
from services.intake.domain.mail.charsets import decoded
from services.intake.domain.mail.html import markdown
from services.intake.domain.mail.parsing import LONGEST_TEXT, NO_SUBJECT, NO_TEXT, Mail, Unreadable, fingerprint, parsed
from services.intake.domain.mail.quotes import FOLDED, folded


def mail(head: str, body: bytes = b"Hello") -> Mail:
    return parsed(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)


# --- charsets -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        ("Grüße".encode(), "iso-8859-1", "Grüße"),
        ("Grüße".encode(), "us-ascii", "Grüße"),
        ("Grüße".encode("latin-1"), "iso-8859-1", "Grüße"),
        ("“quoted” €".encode("cp1252"), "iso-8859-1", "“quoted” €"),
        ("Привет".encode("koi8-r"), "koi8-r", "Привет"),
        ("你好，世界".encode("gb18030"), "gb2312", "你好，世界"),  # noqa: RUF001 - Chinese
        ("日本語".encode("iso2022_jp"), "ISO-2022-JP", "日本語"),
        ("Hello".encode("utf-16"), "utf-16", "Hello"),
        (b"Hello", "no-such-charset", "Hello"),
        (b"Hello", "zlib", "Hello"),
        (b"Hello", "idna", "Hello"),
        (b"a\0b", None, "ab"),
        (b"+ADw-script+AD4-", "utf-7", "+ADw-script+AD4-"),
    ],
)
def test_text_is_read_whatever_charset_is_declared(data: bytes, declared: str | None, text: str) -> None:
    assert decoded(data, declared) == text


def test_cyrillic_declared_as_utf_8_is_guessed() -> None:
    text = "Почта не приходит, пожалуйста, посмотрите, что случилось вчера вечером."
    assert decoded(text.encode("cp1251"), "utf-8") == text


@given(st.binary(max_size=400), st.none() | st.text(max_size=20))
def test_any_bytes_of_any_charset_are_text_that_can_be_stored(data: bytes, declared: str | None) -> None:
    text = decoded(data, declared)
    assert "\0" not in text
    text.encode()


# --- headers --------------------------------------------------------------------------------------


def test_subjects_in_encoded_words_and_bare_bytes_are_read() -> None:
    assert mail("Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= =?iso-8859-1?q?_f=FCr?=\n alle").subject == "Grüße für alle"
    assert parsed("Subject: Grüße\r\n\r\nx".encode()).subject == "Grüße"
    assert mail("Subject: =?utf-8?b?not base64!?=").subject
    assert mail("From: a@b.example").subject == NO_SUBJECT


def test_senders_are_plain_addresses_in_lower_case() -> None:
    assert mail('From: "Roe, Jane" <Jane@ACME.example>').senders == ("jane@acme.example",)
    assert mail("From: a@x.example, b@x.example").senders == ("a@x.example", "b@x.example")
    assert mail("From: not an address").senders == ()
    assert mail("From: a@x.example\nFrom: b@x.example").senders == ("a@x.example", "b@x.example")


# --- HTML -----------------------------------------------------------------------------------------

EVIL = [
    "<script>alert(1)</script><p>Hi</p>",
    '<img src="x" onerror="alert(1)" alt="a">Hi',
    '<a href="javascript:alert(1)">Hi</a>',
    '<a href="data:text/html,<script>alert(1)</script>">Hi</a>',
    "<svg><script>alert(1)</script></svg>Hi",
    "&lt;script&gt;alert(1)&lt;/script&gt;Hi",
    '<style>@import "http://evil.example"</style>Hi',
    "<p>[Hi](javascript:alert(1))</p>",
]


@pytest.mark.parametrize("html", EVIL)
def test_html_is_made_markdown_that_executes_nothing(html: str) -> None:
    shown = rendered(markdown(html))
    assert "Hi" in shown
    for active in ("<script", "<img", "<svg", "<style", 'href="javascript', 'href="data'):
        assert active not in shown


def test_html_keeps_its_structure_and_loads_nothing() -> None:
    html = (
        "<h1>T</h1><p>One <b>bold</b> <a href='https://x.example/a'>link</a></p><ul><li>i</li></ul>"
        "<img src='https://tracker.example/p.gif' alt='Logo'>"
    )
    assert markdown(html) == "# T\n\nOne **bold** [link](https://x.example/a)\n\n- i\n\n[Logo]"


def test_html_that_is_nested_without_end_ends() -> None:
    begun = monotonic()
    assert "Hi" in markdown("<div>" * 2_000 + "Hi")
    assert "Hi" in markdown("<blockquote>" * 1_000 + "Hi")
    assert monotonic() - begun < 30


@settings(max_examples=100)
@given(st.text(alphabet="<>/=\"' abdivscrpt&;#x0:()[]!\n", max_size=300))
def test_any_html_is_some_text(html: str) -> None:
    assert "<script" not in rendered(markdown(html))


# --- quotations -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "below",
    [
        "On Mon, 5 Jan 2026 at 10:00, Support\n<support@p.example> wrote:\n> old\n>\n> text",
        "Am Mo., 5. Jan. 2026 um 10:00 Uhr schrieb Support:\n> old",
        "05.01.2026 10:00, Support пишет:\n> old",
        "-----Original Message-----\nFrom: Support\nSubject: x\n\nold",
        "________________________________\nFrom: Support <s@p.example>\nSent: Monday\n\nold",
        "> old",
    ],
)
def test_what_is_quoted_at_the_end_is_folded(below: str) -> None:
    assert folded(f"Thanks, it works.\n\n{below}\n") == f"Thanks, it works.\n\n{FOLDED}"


def test_answers_between_the_lines_stay_as_they_are() -> None:
    text = "> Did it help?\nYes.\n> And this?\nNo."
    assert folded(text) == text
    assert folded("> nothing but a quotation") == "> nothing but a quotation"


@pytest.mark.parametrize(
    "text", ["On " * 50_000, "\n" * 100_000 + "x", "> " * 50_000, "wrote " * 20_000, "_" * 100_000]
)
def test_folding_takes_time_in_proportion_to_the_text(text: str) -> None:
    begun = monotonic()
    folded(text)
    assert monotonic() - begun < 5


# --- parts ----------------------------------------------------------------------------------------


def test_plain_text_goes_before_html_and_inline_images_come_along() -> None:
    made = EmailMessage()
    made.set_content("Plain")
    made.add_alternative('<p>HTML <img src="cid:one" alt="Screen"></p>', subtype="html")
    part = made.get_payload(1)
    assert isinstance(part, EmailMessage)
    part.add_related(b"\x89PNG" + b"x" * 20, "image", "png", cid="<one>", filename="screen.png")
    read = parsed(made.as_bytes())
    assert read.text == "Plain"
    assert [one.name for one in read.files] == ["screen.png"]


def test_html_alone_is_read_and_its_images_are_named() -> None:
    made = EmailMessage()
    made.set_content('<p>See <img src="cid:one" alt="Screen"></p>', subtype="html")
    made.add_related(b"\x89PNG" + b"x" * 20, "image", "png", cid="<one>")
    read = parsed(made.as_bytes())
    assert read.text == "See [Screen]"
    assert [one.name for one in read.files] == ["part-2.png"]


def test_calendars_and_forwarded_mails_are_files_not_text() -> None:
    made = EmailMessage()
    made.set_content("Look")
    forwarded = EmailMessage()
    forwarded["Subject"] = "Within"
    forwarded.set_content("secret of another")
    made.add_attachment(forwarded)
    made.add_attachment(b"BEGIN:VCALENDAR", "text", "calendar")
    read = parsed(made.as_bytes())
    assert read.text == "Look"
    assert [one.name for one in read.files] == ["part-2.eml", "part-3.ics"]
    assert b"Within" in read.files[0].content


def test_a_text_that_is_too_long_comes_along_whole_as_a_file() -> None:
    read = mail("Subject: s", b"word " * 50_000)
    assert len(read.text) == LONGEST_TEXT
    assert read.files[0].content == (b"word " * 50_000).strip()
    assert mail("Subject: s", b"").text == NO_TEXT


def test_the_fingerprint_is_of_the_mail_and_not_of_its_way() -> None:
    sent = b"Message-ID: <1@x>\r\nDate: now\r\nSubject: s\r\n\r\nbody\r\n"
    assert fingerprint(b"Received: a\r\n" + sent) == fingerprint(b"Delivered-To: b\r\n" + sent.replace(b"\r\n", b"\n"))
    assert fingerprint(sent) != fingerprint(sent.replace(b"body", b"other"))
    assert fingerprint(sent) != fingerprint(sent.replace(b"<1@x>", b"<2@x>"))


# --- anything at all ------------------------------------------------------------------------------

_NAMES = st.sampled_from(
    [
        *("From", "To", "Subject", "Message-ID", "References", "In-Reply-To", "Date", "Content-Type", "Auto-Submitted"),
        *("Content-Transfer-Encoding", "Content-Disposition", "MIME-Version", "List-Id", "Authentication-Results"),
    ]
)
_VALUES = st.sampled_from(
    [
        b"multipart/mixed; boundary=b",
        b"multipart/report; boundary=b",
        b"text/html; charset=utf-7",
        b"text/plain; charset*=utf-8''%ff%fe",
        b"message/rfc822",
        b"attachment; filename*0*=x''%41; filename*1=b",
        b"attachment; filename=../../etc/passwd",
        b"=?utf-8?b?4pyT?= =?x?q?=ff?= =?utf-8?b?!?=",
        b"base64",
        b"x-uuencode",
        b"quoted-printable",
        b"<a@b> <<c@d>> <\x00@e>",
        b'"unclosed <a@b.example',
        b"group: a@b.example, c@d.example;",
        b"mx.example; dmarc=pass (" + b"(" * 50,
    ]
) | st.binary(max_size=60)
_HEADERS = st.lists(st.tuples(_NAMES, _VALUES), max_size=8)
_LINES = st.sampled_from([b"--b", b"--b--", b"", b"x" * 50, b"PGI+aGk8L2I+", b"=3D=", b"\xff\xfe\x00"])
_BODIES = st.lists(_LINES | st.binary())


@st.composite
def mails(draw: st.DrawFn) -> bytes:
    """Something like a mail, within which there may be something like mails."""
    lines = []
    for _ in range(draw(st.integers(1, 4))):
        lines += [name.encode() + b": " + value for name, value in draw(_HEADERS)]
        lines += [b"", *draw(_BODIES)]
    return b"\r\n".join(lines)


@settings(max_examples=500)
@given(mails() | st.binary(max_size=500))
def test_any_bytes_are_a_mail_or_unreadable_and_nothing_else(raw: bytes) -> None:
    fingerprint(raw)
    try:
        read = parsed(raw)
    except Unreadable:
        return
    assert len(read.text) <= LONGEST_TEXT
    assert "\n" not in read.subject
    for text in (
        read.text,
        read.subject,
        read.message_id,
        *read.references,
        *read.senders,
        *(f.name for f in read.files),
    ):
        assert "\0" not in text
        text.encode()
    why_automatic(read, None, frozenset())
