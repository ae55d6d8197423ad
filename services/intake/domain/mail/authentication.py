"""Whether the receiving server found that a mail is from whom it says: Authentication-Results (RFC 8601), read by authres.

Only headers of the server that a gateway trusts count, which writes its own and removes what others wrote in its name.
"""

from enum import StrEnum

import authres

from services.intake.domain.mail import headers
from services.intake.domain.mail.parsing import Mail


class Verdict(StrEnum):
    """`UNPROVEN`: the server said nothing of the sender, or only that another domain sent the mail."""

    GENUINE = "genuine"
    UNPROVEN = "unproven"
    SPOOFED = "spoofed"


_FAILED = {"fail", "permerror", "hardfail", "softfail"}
_SPEAKS_OF = {
    "dmarc": {("header", "from")},
    "dkim": {("header", "d"), ("header", "i")},
    "spf": {("smtp", "mailfrom")},
}
"""Where each method names the domain that it has looked at."""


def judged(mail: Mail, authserv_id: str) -> Verdict:
    """DMARC decides where it has something to say; else a signature or sender of the same domain; else what failed.

    Where nothing of the sender's own domain has passed, anybody may have written it.
    """
    results = _results(mail, authserv_id)
    domain = mail.senders[0].rpartition("@")[2] if mail.senders else ""
    found = {(one.method, one.result) for one in results if one.method == "dmarc" and _about(one, domain)}
    if ("dmarc", "pass") in found:
        return Verdict.GENUINE
    if any(result in _FAILED for _, result in found):
        return Verdict.SPOOFED
    if any(one.result == "pass" and one.method in {"dkim", "spf"} and _about(one, domain) for one in results):
        return Verdict.GENUINE
    failed = any(one.result in _FAILED and one.method in {"dkim", "spf"} for one in results)
    return Verdict.SPOOFED if failed else Verdict.UNPROVEN


def _results(mail: Mail, authserv_id: str) -> list[authres.AuthenticationResult]:
    """What the trusted server has written that can be read."""
    read = []
    for value in headers.all_raw(mail.message, "authentication-results"):
        try:
            header = authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {value}")
        except (authres.core.AuthResError, ValueError, IndexError, TypeError, AttributeError, RecursionError):
            continue
        if str(header.authserv_id or "").lower() == authserv_id.lower():
            read.append(header)
    return [result for header in read[:3] for result in header.results or ()]


def _about(result: authres.AuthenticationResult, domain: str) -> bool:
    """Whether it speaks of the domain that the reader sees, or of one above or below it."""
    for one in result.properties:
        if (one.type, one.name) in _SPEAKS_OF[result.method]:
            named = str(one.value or "").rpartition("@")[2].lower()
            if named and _related(named, domain):
                return True
    return False


def _related(one: str, other: str) -> bool:
    """A top-level domain alone is nobody's."""
    shorter = min(one, other, key=len)
    return "." in shorter and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))
