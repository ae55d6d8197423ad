"""Which bounces tell of the address, so that no more mail is sent there."""

_OF_ADDRESS = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
"""RFC 3463 and 7505: no such mailbox or domain, none that takes mail any more. A mailbox that is full may be emptied, and
other codes speak of the sender or of the mail.
"""


def is_of_address(status: str | None) -> bool:
    return status in _OF_ADDRESS
