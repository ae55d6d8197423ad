"""Webhooks' secrets: made here, shown once, kept encrypted."""

import hashlib
import hmac
import secrets
from base64 import b64encode, urlsafe_b64encode

from cryptography.fernet import Fernet
from pydantic import SecretStr

_BYTES = 32


class SecretBox:
    """Encrypts with a key made of the secret that is given."""

    def __init__(self, secret: SecretStr) -> None:
        key = hmac.digest(secret.get_secret_value().encode(), b"helpdesk webhook secrets", hashlib.sha256)
        self._fernet = Fernet(urlsafe_b64encode(key))

    def seal(self, secret: SecretStr) -> bytes:
        return self._fernet.encrypt(secret.get_secret_value().encode())

    def open(self, sealed: bytes) -> SecretStr:
        """Raises cryptography.fernet.InvalidToken when it was sealed by another key."""
        return SecretStr(self._fernet.decrypt(sealed).decode())


def made() -> SecretStr:
    """As Standard Webhooks has them: `whsec_` and base64."""
    return SecretStr("whsec_" + b64encode(secrets.token_bytes(_BYTES)).decode())
