"""Passwords of mailboxes: given once, kept encrypted, shown to nobody."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from pydantic import SecretStr


class NotOurs(Exception):
    """It was sealed by another key; the password has to be given again."""


class PasswordBox:
    """Encrypts with a key made of the secret that is given."""

    def __init__(self, secret: SecretStr) -> None:
        key = hmac.digest(secret.get_secret_value().encode(), b"helpdesk mailbox passwords", hashlib.sha256)
        self._fernet = Fernet(urlsafe_b64encode(key))

    def seal(self, password: SecretStr) -> bytes:
        return self._fernet.encrypt(password.get_secret_value().encode())

    def open(self, sealed: bytes) -> SecretStr:
        try:
            return SecretStr(self._fernet.decrypt(sealed).decode())
        except InvalidToken:
            raise NotOurs from None
