"""Tokens in reply addresses: `support+<token>@provider.example` names the ticket that a mail answers, signed.

A token is forty letters and digits: the ticket's id and 72 bits of an HMAC, in base32. Its case does not matter, as mail
programs change it, and it is found within whatever a forwarding adds around it; a subject may carry it, too.
"""

import hashlib
import hmac
import re
from base64 import b32decode, b32encode
from email.utils import formataddr, parseaddr
from uuid import UUID

from pydantic import SecretStr

LENGTH = 40
_ID_BYTES, _SEAL_BYTES = 16, 9
_SHAPE = re.compile(rf"(?<![A-Za-z2-7])[A-Za-z2-7]{{{LENGTH}}}(?![A-Za-z2-7])", re.ASCII)


class ReplyTokens:
    """Makes and reads tokens with a key of its own, which is made of the secret that is given."""

    def __init__(self, secret: SecretStr) -> None:
        self._key = hmac.digest(secret.get_secret_value().encode(), b"helpdesk reply address", hashlib.sha256)

    def make(self, ticket: UUID) -> str:
        return b32encode(ticket.bytes + self._seal(ticket.bytes)).decode().lower()

    def read(self, text: str) -> UUID | None:
        """The ticket that an address, or any other text, names; None if it has no token that was made here."""
        for found in _SHAPE.finditer(text):
            raw = b32decode(found[0].upper())
            if hmac.compare_digest(raw[_ID_BYTES:], self._seal(raw[:_ID_BYTES])):
                return UUID(bytes=raw[:_ID_BYTES])
        return None

    def address(self, mailbox: str, ticket: UUID) -> str:
        """The mailbox's address (`Support <support@provider.example>`) with the ticket's token in it."""
        name, plain = parseaddr(mailbox)
        local, _, domain = plain.rpartition("@")
        return formataddr((name, f"{local}+{self.make(ticket)}@{domain}"))

    def _seal(self, ticket: bytes) -> bytes:
        return hmac.digest(self._key, ticket, hashlib.sha256)[:_SEAL_BYTES]
