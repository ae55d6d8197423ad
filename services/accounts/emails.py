"""E-mail addresses, as people write them and as they are compared."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

from libs.service.text import storable

LONGEST = 254
"""Octets of a path less its brackets (RFC 5321, 4.5.3.1.3)."""

_ADDRESS = re.compile(r'[^\s@<>()\[\],;:"\\]{1,64}@[^\s@<>()\[\],;:"\\]+')


def _address(text: str) -> str:
    address = storable(text.strip())
    if not (_ADDRESS.fullmatch(address) and address.isprintable() and len(address.encode()) <= LONGEST):
        raise ValueError("This is not an e-mail address")
    return address


Email = Annotated[
    str,
    AfterValidator(_address),
    Field(examples=["jane@example.com"], json_schema_extra={"format": "email", "maxLength": LONGEST}),
]
"""An address without quoting or comments; the domain may be a bare name, as `localhost` is."""


def folded(email: str) -> str:
    """Answer the address as it is compared: letter case and Unicode's ways to write the same letter do not count."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", email.strip()).casefold())
