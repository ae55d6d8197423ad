"""Mail that a server hands over by LMTP: kept, then made into one ticket or message."""

import asyncio
from email.message import EmailMessage
from typing import Any
from uuid import UUID, uuid4

import pytest

from libs.events.catalogue.accounts import UserChanged, UserCreated, UserDeleted
from services.intake.mail.receiving import Receiving
from tests.integration.intake.conftest import World
from tests.integration.intake.mail_world import JANE, SUPPORT, MailWorld, a_mail, intake_settings, mail

__all__ = ["intake_settings", "mail"]


async def test_a_known_sender_s_mail_is_their_ticket(mail: MailWorld) -> None:
    assert await mail.deliver(a_mail("It *is* broken", Subject="Mail does not arrive")) == {}
    opened = (await mail.world.told(await mail.ticket()))[0]
    assert opened["type"] == "ticket.opened.v1"
    assert opened["actor"] == f"user:{mail.world.user}"
    data = opened["data"]
    assert (data["subject"], data["text"], data["channel"]) == ("Mail does not arrive", "It *is* broken", "email")
    assert (data["user_id"], data["language"]) == (str(mail.world.user), "en")
    assert data["waiting_since"] == opened["time"]


async def test_the_token_in_the_address_makes_it_a_reply(mail: MailWorld) -> None:
    ticket = await mail.world.submit()
    local, _, domain = SUPPORT.partition("@")
    await mail.deliver(
        a_mail("Any news?\n\nOn Monday Support wrote:\n> old\n"), f"{local}+{mail.token(ticket)}@{domain}"
    )
    assert await mail.ticket() == ticket
    replied = (await mail.world.told(ticket))[-1]
    assert replied["type"] == "ticket.replied.v1"
    assert replied["data"]["text"] == "Any news?\n\n> […]"
    assert replied["data"]["channel"] == "email"


async def test_the_token_in_the_subject_or_a_reference_makes_it_a_reply(mail: MailWorld) -> None:
    ticket = await mail.world.submit()
    await mail.deliver(a_mail("One", Subject=f"Re: Help [{mail.token(ticket).upper()}]"))
    assert await mail.ticket() == ticket
    await mail.deliver(a_mail("Two", References=f"<ticket.{ticket}@provider.example> <x@y>", In_Reply_To="<x@y>"))
    assert await mail.ticket() == ticket
    assert await mail.tickets() == 1


async def test_a_client_who_answers_their_own_mail_goes_on_in_its_ticket(mail: MailWorld) -> None:
    first = a_mail("One")
    await mail.deliver(first)
    ticket = await mail.ticket()
    await mail.deliver(a_mail("Two", In_Reply_To=first["Message-ID"]))
    assert await mail.ticket() == ticket


async def test_a_reply_to_a_closed_ticket_reopens_it(mail: MailWorld) -> None:
    ticket = await mail.world.submit()
    await mail.world.answer(ticket, close=True)
    await mail.deliver(a_mail(References=f"<ticket.{ticket}@provider.example>"))
    await mail.settled()
    assert (await mail.world.events(ticket))[-2:] == ["reopened", "replied"]


async def test_a_reply_by_an_address_that_is_not_of_the_account_is_never_added(mail: MailWorld) -> None:
    ticket = await mail.world.submit()
    before = await mail.world.events(ticket)
    reference = f"<ticket.{ticket}@provider.example>"
    await mail.deliver(a_mail(sender="s@x.example", References=reference))
    assert await mail.state() == ("unmatched", "foreign_ticket")
    await mail.deliver(a_mail(sender="nobody@x.example", References=reference))
    assert await mail.state() == ("unmatched", "unknown_sender")
    assert await mail.world.events(ticket) == before


async def test_a_reused_message_id_is_no_loss_and_a_retry_no_double(mail: MailWorld) -> None:
    """E-mail scar: a message skipped silently (reused Message-ID); duplicates; one ticket per retry."""
    one, other = [a_mail(text, **{"Message-ID": "<same@acme.example>"}) for text in ("One", "Other")]
    for sent in (one, one, other, one):
        await mail.deliver(sent)
    passed_on = b"Received: from mx.acme.example; another time\r\nDelivered-To: x\r\n" + one.as_bytes()
    await mail.deliver(passed_on)
    assert [row["state"] for row in await mail.settled()] == ["ticket", "ticket"]
    assert await mail.tickets() == 2


async def test_mails_without_message_id_and_date_are_told_apart_by_the_way_they_came(mail: MailWorld) -> None:
    bare = b"From: jane@acme.example\r\nSubject: Down\r\n\r\nIs it down?\r\n"
    for hop in (b"one", b"two", b"two"):
        await mail.deliver(b"Received: by " + hop + b"\r\n" + bare)
    assert len(await mail.settled()) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated; owner-email=x"},
        {"Precedence": "bulk"},
        {"List-Id": "<talk.example>"},
        {"X-Autoreply": "yes"},
        {"From": "MAILER-DAEMON@acme.example"},
        {"From": SUPPORT},
    ],
    ids=str,
)
async def test_an_auto_reply_opens_and_answers_nothing(mail: MailWorld, headers: dict[str, str]) -> None:
    """E-mail scar: auto-reply loops."""
    ticket = await mail.world.submit()
    before = await mail.world.events(ticket)
    await mail.deliver(a_mail("I am on holiday", **{"References": f"<ticket.{ticket}@p.example>", **headers}))
    assert (await mail.state())[0] == "automatic"
    assert await mail.tickets() == 1
    assert await mail.world.events(ticket) == before


async def test_a_null_sender_is_a_machine(mail: MailWorld) -> None:
    await mail.deliver(a_mail(), sender="")
    assert await mail.state() == ("automatic", "automatic")


NOTIFICATION = UUID("01980000-0000-7000-8000-00000000f001")


def a_bounce(ticket: UUID, status: str = "5.1.1", action: str = "failed", kind: str = "delivery-status") -> bytes:
    return (
        "From: MAILER-DAEMON@acme.example\r\nTo: helpdesk@provider.example\r\nSubject: Undelivered\r\n"
        "Message-ID: <b1@acme.example>\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type={kind}; boundary="b"\r\n\r\n'
        "--b\r\n\r\nIt could not be delivered.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.acme.example\r\n\r\n"
        f"Final-Recipient: rfc822; jane@acme.example\r\nAction: {action}\r\nStatus: {status} (mailbox gone)\r\n\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: <{NOTIFICATION}@provider.example>\r\n"
        f"References: <ticket.{ticket}@provider.example>\r\n\r\n--b--\r\n"
    ).encode()


async def test_a_bounce_shows_on_the_ticket_it_belongs_to(mail: MailWorld) -> None:
    ticket = await mail.world.submit()
    await mail.deliver(a_bounce(ticket), sender="")
    assert await mail.state() == ("automatic", "bounce")
    (shown,) = (await mail.get(f"/tickets/{ticket}/mails")).json()["items"]
    assert (shown["state"], shown["reason"]) == ("automatic", "bounce")
    told = (await mail.world.told(ticket))[-1]
    assert (told["type"], told["actor"]) == ("ticket.mail_bounced.v1", "service:intake")
    assert told["data"] == {"mail_id": shown["id"], "notification_id": str(NOTIFICATION), "status": "5.1.1"}


@pytest.mark.parametrize(
    "report", [{"action": "delayed"}, {"action": "delivered"}, {"kind": "disposition-notification"}], ids=str
)
async def test_word_that_a_mail_is_late_or_was_read_is_no_bounce(mail: MailWorld, report: dict[str, str]) -> None:
    ticket = await mail.world.submit()
    before = await mail.world.events(ticket)
    await mail.deliver(a_bounce(ticket, **report), sender="")
    assert (await mail.state())[0] == "automatic"
    assert await mail.world.events(ticket) == before


async def test_a_bounce_about_a_deleted_ticket_is_a_machines_mail_like_any_other(mail: MailWorld) -> None:
    ticket = await mail.world.submit()
    deleted = await mail.call("DELETE", f"/tickets/{ticket}")
    assert deleted.is_success, deleted.text
    before = await mail.world.events(ticket)
    await mail.deliver(a_bounce(ticket), sender="")
    assert await mail.state() == ("automatic", "bounce")
    assert await mail.world.events(ticket) == before


async def test_disabled_and_ambiguous_senders_wait_for_an_administrator(mail: MailWorld) -> None:
    world = mail.world
    await world.accounts.tell(world.user, UserChanged(account_id=world.account, name="J", email=JANE, enabled=False))
    await world.consumed()
    await mail.deliver(a_mail())
    assert await mail.state() == ("unmatched", "disabled_sender")
    for _ in range(2):
        await world.accounts.tell(uuid4(), UserCreated(account_id=world.account, name="J", email="Team@acme.example"))
    await world.consumed()
    await mail.deliver(a_mail(sender="team@acme.example"))
    assert await mail.state() == ("unmatched", "ambiguous_sender")
    assert await mail.tickets() == 0


@pytest.mark.parametrize("intake_settings", [{"mail_sender_per_hour": 2}], indirect=True)
async def test_a_sender_has_a_limit_and_what_is_more_waits(mail: MailWorld) -> None:
    for _ in range(3):
        await mail.deliver(a_mail())
    assert [row["state"] for row in await mail.settled()] == ["ticket", "ticket", "unmatched"]
    assert (await mail.state())[1] == "too_many"


async def test_spoofed_mail_is_told_by_the_trusted_server_s_results_alone(mail: MailWorld) -> None:
    patched = await mail.call("PATCH", f"/gateways/{mail.gateway}", authserv_id="mx.provider.example")
    assert patched.status_code == 200, patched.text
    results = {
        "mx.provider.example; dmarc=fail header.from=acme.example": ("unmatched", "spoofed"),
        "mx.provider.example; dmarc=pass header.from=acme.example": ("ticket", None),
        "evil.example; dmarc=pass header.from=acme.example": ("unmatched", "not_authenticated"),
    }
    for value, expected in results.items():
        await mail.deliver(a_mail(Authentication_Results=value))
        assert await mail.state() == expected, value


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ("dkim=pass header.d=acme.example", ("ticket", None)),
        ("spf=pass smtp.mailfrom=bounces@acme.example", ("ticket", None)),
        (
            "dkim=pass header.d=mailer.example; spf=pass smtp.mailfrom=mailer.example",
            ("unmatched", "not_authenticated"),
        ),
        ("dkim=none; spf=none smtp.mailfrom=acme.example", ("unmatched", "not_authenticated")),
    ],
    ids=str,
)
async def test_without_dmarc_a_pass_of_the_sender_s_own_domain_is_needed(
    mail: MailWorld, results: str, expected: tuple[str, str | None]
) -> None:
    await mail.call("PATCH", f"/gateways/{mail.gateway}", authserv_id="mx.provider.example")
    await mail.deliver(a_mail(Authentication_Results=f"mx.provider.example; {results}"))
    assert await mail.state() == expected


async def test_one_transaction_for_two_recipients_is_answered_for_each(mail: MailWorld) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", mail.port)
    recipients = [SUPPORT, "nobody@provider.example", SUPPORT.replace("@", "+x@")]
    commands = ["LHLO mx", f"MAIL FROM:<{JANE}>", *(f"RCPT TO:<{one}>" for one in recipients), "DATA"]
    commands += [*a_mail().as_string().splitlines(), ".", "QUIT", ""]
    writer.write(
        "\r\n".join(commands).encode() + b"\r\n" + a_mail().as_bytes().replace(b"\n", b"\r\n") + b"\r\n.\r\nQUIT\r\n"
    )
    answers = (await reader.read()).decode().splitlines()
    writer.close()
    after_data = answers[next(place for place, one in enumerate(answers) if one.startswith("354")) :]
    assert [one[:3] for one in answers if one.startswith("550")] == ["550"]
    assert [one[:3] for one in after_data] == ["354", "250", "250", "221"], "one answer for each that was not refused"
    assert len(await mail.settled()) == 1


async def test_a_gateway_that_rests_leaves_mail_with_the_server(mail: MailWorld) -> None:
    await mail.call("PATCH", f"/gateways/{mail.gateway}", enabled=False)
    with pytest.raises(Exception, match="450"):
        await mail.deliver(a_mail())
    await mail.call("PATCH", f"/gateways/{mail.gateway}", enabled=True)
    await mail.deliver(a_mail())
    assert await mail.state() == ("ticket", None)


@pytest.mark.parametrize("intake_settings", [{"mail_listen_protocol": "smtp"}], indirect=True)
async def test_smtp_is_spoken_as_well(mail: MailWorld) -> None:
    await mail.deliver(a_mail())
    assert await mail.state() == ("ticket", None)


async def test_files_come_along_within_the_limits_of_uploads(mail: MailWorld) -> None:
    sent = a_mail("See the files")
    sent.add_attachment(b"some log\n" * 50, maintype="text", subtype="plain", filename="a.log")
    sent.add_attachment(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", maintype="text", subtype="calendar", filename="i.ics")
    sent.add_attachment(
        b"\x78\x9f\x3e\x22" + b"x" * 100, maintype="application", subtype="ms-tnef", filename="winmail.dat"
    )
    sent.add_attachment(b"MZ" + b"\0" * 200, maintype="application", subtype="octet-stream", filename="fun.exe")
    await mail.deliver(sent)
    ticket = await mail.ticket()
    data = (await mail.world.told(ticket))[0]["data"]
    assert [one["name"] for one in data["attachments"]] == ["a.log", "i.ics", "winmail.dat"]
    assert "`fun.exe` (files of this type are not taken)" in data["text"]
    file = data["attachments"][0]["id"]
    read = await mail.get(f"/tickets/{ticket}/attachments/{file}")
    assert read.content == b"some log\n" * 50


async def test_broken_mail_is_kept_and_listed_and_the_next_one_goes_on(mail: MailWorld) -> None:
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (depth, depth) for depth in range(3000)
    )
    hostile = b"From: jane@acme.example\r\nMIME-Version: 1.0\r\n" + nested
    await mail.deliver(hostile)
    await mail.deliver(a_mail())
    assert [row["state"] for row in await mail.settled()] == ["broken", "ticket"]
    listed = (await mail.get("/mails")).json()["items"]
    assert [one["state"] for one in listed] == ["broken"]
    raw = await mail.get(f"/mails/{listed[0]['id']}/raw")
    assert raw.content.replace(b"\r\n", b"\n").strip() == hostile.replace(b"\r\n", b"\n").strip()
    assert raw.headers["content-disposition"].startswith("attachment")


async def test_mail_is_not_answered_for_while_it_cannot_be_committed(
    mail: MailWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: Any) -> bool:
        raise OSError("no database")

    monkeypatch.setattr(Receiving, "keep", fails)
    with pytest.raises(Exception, match="451"):
        await mail.deliver(a_mail())
    monkeypatch.undo()
    assert await mail.rows() == []
    await mail.deliver(a_mail())
    assert await mail.state() == ("ticket", None)


async def test_many_deliveries_of_one_mail_at_once_are_one_ticket(mail: MailWorld) -> None:
    sent = a_mail()
    await asyncio.gather(*(mail.deliver(sent) for _ in range(10)))
    await mail.settled()
    assert await mail.tickets() == 1


# --- erasure --------------------------------------------------------------------------------------


async def test_a_deleted_ticket_takes_its_mail_along_and_a_late_retry_brings_nothing_back(mail: MailWorld) -> None:
    sent = a_mail("a secret word", Subject="another secret")
    await mail.deliver(sent)
    ticket = await mail.ticket()
    assert (await mail.call("DELETE", f"/tickets/{ticket}")).is_success
    (row,) = await mail.rows()
    assert row["state"] == "erased"
    assert not {"secret", JANE, sent["Message-ID"]} & {str(value) for value in row.values()}
    assert row["raw"] is row["subject"] is row["sender"] is None
    await mail.deliver(sent)
    assert [one["state"] for one in await mail.settled()] == ["erased"]
    assert await mail.tickets() == 1


# --- administrators -------------------------------------------------------------------------------


async def waiting(mail: MailWorld, sent: EmailMessage | None = None) -> UUID:
    """A stranger's mail, on the list."""
    await mail.deliver(sent or a_mail("Who am I?", sender="stranger@home.example"))
    await mail.settled()
    return UUID((await mail.get("/mails")).json()["items"][-1]["id"])


async def test_an_administrator_says_whose_mail_it_is(mail: MailWorld) -> None:
    one = await waiting(mail)
    read = (await mail.get(f"/mails/{one}")).json()
    assert (read["text"], read["sender"], read["reason"]) == ("Who am I?", "stranger@home.example", "unknown_sender")
    made = await mail.call("POST", f"/mails/{one}/attach", user_id=str(mail.world.user))
    assert made.status_code == 200, made.text
    opened = (await mail.world.told(UUID(made.json()["id"])))[0]
    assert (opened["actor"], opened["onbehalfof"]) == (f"user:{mail.owner}", f"user:{mail.world.user}")
    assert (await mail.get("/mails")).json()["items"] == []
    again = await mail.call("POST", f"/mails/{one}/attach", user_id=str(mail.world.user))
    assert again.json()["type"].endswith("mail-settled")
    assert await mail.tickets() == 1


async def test_an_administrator_adds_a_mail_to_a_ticket_of_the_account_only(mail: MailWorld) -> None:
    ticket, one = await mail.world.submit(), await waiting(mail)
    wrong = await mail.call("POST", f"/mails/{one}/attach", user_id=str(mail.world.stranger), ticket_id=str(ticket))
    assert wrong.status_code == 422
    right = await mail.call("POST", f"/mails/{one}/attach", user_id=str(mail.world.user), ticket_id=str(ticket))
    assert right.json()["id"] == str(ticket)
    assert (await mail.world.events(ticket))[-1] == "replied"


async def test_attaching_twice_at_once_is_one_ticket(mail: MailWorld) -> None:
    one = await waiting(mail)
    body = {"user_id": str(mail.world.user)}
    answers = await asyncio.gather(*(mail.call("POST", f"/mails/{one}/attach", **body) for _ in range(5)))
    assert sorted(one.status_code for one in answers) == [200, 409, 409, 409, 409]
    assert await mail.tickets() == 1


async def test_mail_whose_gateway_is_gone_opens_a_ticket_in_a_category_that_is_said(mail: MailWorld) -> None:
    await mail.deliver(a_mail(sender="stranger@home.example"))
    await mail.settled()
    assert (await mail.call("DELETE", f"/gateways/{mail.gateway}")).is_success
    (waiting,) = (await mail.get("/mails")).json()["items"]
    refused = await mail.call("POST", f"/mails/{waiting['id']}/attach", user_id=str(mail.world.user))
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/category_id"
    body = {"user_id": str(mail.world.user), "category_id": str(mail.world.category)}
    attached = await mail.call("POST", f"/mails/{waiting['id']}/attach", **body)
    assert attached.is_success, attached.text
    assert await mail.ticket() == UUID(attached.json()["id"])


async def test_what_an_erased_person_wrote_and_nobody_has_placed_is_erased(mail: MailWorld) -> None:
    """Erasure reaches mail that waits, too, and no stranger's."""
    world = mail.world
    await world.accounts.tell(world.user, UserChanged(account_id=world.account, name="J", email=JANE, enabled=False))
    await world.consumed()
    await mail.deliver(a_mail("My secret"))
    await mail.deliver(a_mail("Another's", sender="stranger@home.example"))
    await mail.settled()
    await world.accounts.tell(world.user, UserDeleted())
    await world.consumed()
    rows = {row["state"]: row for row in await mail.rows()}
    assert rows.keys() == {"erased", "unmatched"}
    assert (rows["erased"]["raw"], rows["erased"]["sender"]) == (None, None)


async def test_what_is_discarded_is_gone_and_does_not_come_again(mail: MailWorld) -> None:
    sent = a_mail("spam spam", sender="stranger@home.example")
    one = await waiting(mail, sent)
    assert (await mail.call("DELETE", f"/mails/{one}")).status_code == 204
    assert (await mail.get(f"/mails/{one}")).status_code == 404
    await mail.deliver(sent)
    (row,) = await mail.settled()
    assert (row["state"], row["raw"], row["sender"]) == ("discarded", None, None)


async def test_who_may_not_read_a_ticket_may_not_read_its_mail(mail: MailWorld, world: World) -> None:
    from libs.service.rights import Role  # noqa: PLC0415 - kept beside its use

    await mail.deliver(a_mail())
    ticket = await mail.ticket()
    await world.place(ticket, world.department)
    agent = await world.hire(Role.AGENT)
    (row,) = await mail.rows()
    assert (await mail.get(f"/mails/{row['id']}/raw", agent)).status_code == 404
    assert (await mail.get(f"/mails/{row['id']}/raw")).status_code == 200


async def test_a_mailbox_s_password_is_answered_to_nobody_and_goes_to_no_other_server(mail: MailWorld) -> None:
    imap = {"host": "127.0.0.1", "port": 1, "user": "u", "security": "none"}
    body = {"address": "two@provider.example", "category_id": str(mail.world.category)}
    assert (await mail.call("POST", "/gateways", **body, imap=imap)).status_code == 422
    made = await mail.call("POST", "/gateways", **body, imap={**imap, "password": "tell-nobody"})
    assert made.status_code == 201
    path = f"/gateways/{made.json()['id']}"
    kept = await mail.call("PATCH", path, imap={**imap, "folder": "Other"})
    assert kept.json()["imap"]["folder"] == "Other"
    moved = await mail.call("PATCH", path, imap={**imap, "host": "evil.example"})
    assert moved.status_code == 422
    everything = await mail.world.database.fetch("select t::text from mail_gateways t")
    assert "tell-nobody" not in f"{made.text}{kept.text}{(await mail.get('/gateways')).text}{everything}"
    taken = await mail.call("POST", "/gateways", **body)
    assert taken.status_code == 409
