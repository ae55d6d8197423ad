"""One mailbox over IMAP. Everything here blocks, and is called in a thread of the mailbox's own."""

import ssl
from dataclasses import dataclass
from pathlib import Path

from imapclient import SEEN, IMAPClient
from imapclient.exceptions import IMAPClientError
from pydantic import SecretStr

IMAP_ERRORS = (IMAPClientError, OSError, ValueError, AssertionError, KeyError)
"""What a broken connection, a refusal, or an answer that is none comes to."""

_NEWS = {b"EXISTS", b"RECENT"}


@dataclass(frozen=True, slots=True)
class Account:
    """Where the mailbox is, and whose."""

    host: str
    port: int
    security: str
    """`tls`, `starttls`, or `none` for a server on the same machine."""
    user: str
    password: SecretStr
    folder: str


@dataclass(frozen=True, slots=True)
class Selected:
    """The folder as it was opened; a UID is good as long as the validity is the same."""

    validity: int
    next_uid: int


class Connection:
    """Raises IMAP_ERRORS."""

    def __init__(self, account: Account, *, timeout: float, ca_file: Path | None) -> None:
        context = ssl.create_default_context()
        if ca_file:
            context.load_verify_locations(ca_file)
        is_tls = account.security == "tls"
        self._client = IMAPClient(
            account.host, account.port, ssl=is_tls, ssl_context=context if is_tls else None, timeout=timeout
        )
        self._folder = account.folder
        try:
            if account.security == "starttls":
                self._client.starttls(context)
            self._client.login(account.user, account.password.get_secret_value())
        except BaseException:
            self.close()
            raise

    def select(self) -> Selected:
        found = self._client.select_folder(self._folder)
        return Selected(int(found[b"UIDVALIDITY"]), int(found[b"UIDNEXT"]))

    def unseen(self) -> list[int]:
        return sorted(self._client.search("UNSEEN"))

    def after(self, uid: int) -> list[int]:
        """In their order. A server always answers the last one, too."""
        return sorted(one for one in self._client.search(["UID", f"{uid + 1}:*"]) if one > uid)

    def fetch(self, uid: int, most_bytes: int) -> bytes | None:
        """The mail, or the beginning of a longer one, without marking it; None when it is gone."""
        item = f"BODY.PEEK[]<0.{most_bytes}>"
        found = self._client.fetch([uid], [item]).get(uid, {})
        content = next((value for name, value in found.items() if name.startswith(b"BODY[]")), None)
        return content if isinstance(content, bytes) else None

    def mark_seen(self, uid: int) -> None:
        self._client.add_flags([uid], [SEEN], silent=True)

    def can_idle(self) -> bool:
        return bool(self._client.has_capability("IDLE"))

    def idle(self) -> None:
        self._client.idle()

    def has_news(self, seconds: float) -> bool:
        """While idling: whether something has come, within so long."""
        return any(len(one) > 1 and one[1] in _NEWS for one in self._client.idle_check(timeout=seconds))

    def rest(self) -> bool:
        """Idle no more; whether something came just before."""
        _, said = self._client.idle_done()
        return any(len(one) > 1 and one[1] in _NEWS for one in said)

    def refresh(self) -> None:
        self._client.noop()

    def close(self) -> None:
        """From any thread: whoever reads gets an error."""
        self._client.shutdown()
