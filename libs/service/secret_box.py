"""Secrets that others gave or are given, kept encrypted: passwords of mailboxes, signing secrets of webhooks."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from pydantic import SecretStr


class NotOurs(Exception):
    """It was sealed by another key; the secret has to be given again."""


class SecretBox:
    """Encrypts with a key made of the secret that is given; what is sealed for one purpose opens for no other."""

    def __init__(self, secret: SecretStr, purpose: str) -> None:
        key = hmac.digest(secret.get_secret_value().encode(), purpose.encode(), hashlib.sha256)
        self._fernet = Fernet(urlsafe_b64encode(key))

    def seal(self, secret: SecretStr) -> bytes:
        return self._fernet.encrypt(secret.get_secret_value().encode())

    def open(self, sealed: bytes) -> SecretStr:
        """Raises NotOurs."""
        try:
            return SecretStr(self._fernet.decrypt(sealed).decode())
        except InvalidToken:
            raise NotOurs from None
