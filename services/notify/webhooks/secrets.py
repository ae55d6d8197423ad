"""Webhooks' secrets: made here, shown once, kept encrypted."""

import secrets
from base64 import b64encode

from pydantic import SecretStr

PURPOSE = "helpdesk webhook secrets"
_BYTES = 32


def made() -> SecretStr:
    """As Standard Webhooks has them: `whsec_` and base64."""
    return SecretStr("whsec_" + b64encode(secrets.token_bytes(_BYTES)).decode())
