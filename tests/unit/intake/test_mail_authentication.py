"""Whether a mail is from whom it says, by what the receiving server wrote: RFC 8601."""

import pytest

from services.intake.domain.mail.authentication import Verdict, judged
from services.intake.domain.mail.parsing import parsed

MX = "mx.provider.example"
GENUINE, UNPROVEN, SPOOFED = Verdict.GENUINE, Verdict.UNPROVEN, Verdict.SPOOFED


def verdict(*results: str, sender: str = "jane@acme.example") -> Verdict:
    headers = "".join(f"Authentication-Results: {one}\r\n" for one in results)
    return judged(parsed(f"{headers}From: Jane <{sender}>\r\n\r\nHello".encode()), MX)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        # Without DMARC, a signature or an envelope sender of the very domain will do,
        ("dkim=pass header.d=acme.example header.s=2026", GENUINE),
        ("dkim=pass (2048-bit key) header.i=@acme.example", GENUINE),
        ("spf=pass smtp.mailfrom=jane@acme.example", GENUINE),
        ("spf=pass (sender SPF authorized) smtp.mailfrom=acme.example", GENUINE),
        # also where the other one has failed, as it does by a forwarder or a mailing service,
        ("spf=fail smtp.mailfrom=acme.example; dkim=pass header.d=acme.example", GENUINE),
        ("dkim=fail header.d=acme.example; spf=pass smtp.mailfrom=acme.example", GENUINE),
        ("dmarc=none header.from=acme.example; dkim=pass header.d=acme.example", GENUINE),
        # or one above or below it.
        ("dkim=pass header.d=mail.acme.example", GENUINE),
        # Whoever passes for another domain has proven nothing of this one.
        ("dkim=pass header.d=mailer.example", UNPROVEN),
        ("dkim=pass header.d=mailer.example; spf=pass smtp.mailfrom=b@bounce.mailer.example", UNPROVEN),
        ("dkim=pass header.d=notacme.example", UNPROVEN),
        ("dkim=pass header.d=acme.example.evil.example", UNPROVEN),
        ("dkim=pass header.d=example", UNPROVEN),
        ("dkim=pass header.d=mailer.example header.from=acme.example", UNPROVEN),
        ("spf=pass smtp.helo=acme.example", UNPROVEN),
        ("iprev=pass smtp.mailfrom=acme.example", UNPROVEN),
        ("dkim=fail header.d=acme.example; spf=pass smtp.mailfrom=mailer.example", SPOOFED),
        ("spf=softfail smtp.mailfrom=acme.example", SPOOFED),
        # What the domain has not published, or cannot be looked up, proves nothing either.
        ("none", UNPROVEN),
        ("dmarc=none header.from=acme.example; spf=none smtp.mailfrom=acme.example; dkim=none", UNPROVEN),
        ("dkim=temperror header.d=acme.example; spf=neutral smtp.mailfrom=acme.example", UNPROVEN),
        # DMARC has the last word.
        ("dmarc=fail header.from=acme.example; dkim=pass header.d=acme.example", SPOOFED),
        ("dmarc=pass header.from=acme.example; spf=fail smtp.mailfrom=acme.example", GENUINE),
        ("dmarc=pass header.from=mailer.example", UNPROVEN),
    ],
)
def test_the_sender_s_own_domain_has_to_have_passed(results: str, expected: Verdict) -> None:
    assert verdict(f"{MX}; {results}") is expected


def test_only_the_trusted_server_s_word_counts() -> None:
    assert verdict() is UNPROVEN
    assert verdict("evil.example; dkim=pass header.d=acme.example") is UNPROVEN
    assert verdict(f"evil.example; dkim=pass header.d=acme.example, {MX}; dkim=pass header.d=acme.example") is UNPROVEN
    assert verdict("not a header at all", f"{MX.upper()}; dkim=pass header.d=acme.example") is GENUINE


def test_what_is_below_a_few_of_its_headers_was_there_before_it_and_is_not_its() -> None:
    forged = f"{MX}; dkim=pass header.d=acme.example"
    assert verdict(*[f"{MX}; dkim=none"] * 3, forged) is UNPROVEN
