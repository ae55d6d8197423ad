"""Links that open one file for a short time: browsers send no token with `<img>` and `<a download>`.

A link says for whom it was made. Whoever opens it reads as that caller, whose rights are looked at again then.
"""

from datetime import timedelta
from typing import Literal
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from jwt.types import Options
from pydantic import AwareDatetime, BaseModel, ValidationError

from libs.service.caller import Caller
from libs.service.clock import Clock
from libs.service.problems import Unauthenticated

_ALGORITHM = "HS256"
_AUDIENCE = "helpdesk-attachment"
# The instant is checked against the injected clock instead.
_OPTIONS: Options = {"verify_exp": False}


class LinkClaims(BaseModel):
    """What a link says, besides its audience."""

    sub: str
    kind: Literal["client", "administrator"]
    exp: int
    ticket: UUID
    file: UUID
    account_id: UUID | None = None
    acting: str | None = None


class Link(BaseModel):
    """Where a file can be read without a token, and until when."""

    url: str
    expires_at: AwareDatetime


class Links:
    """Signed with a key of their own, derived from the one that the suite's services share: all replicas know it."""

    def __init__(self, system_key: str, clock: Clock, seconds: float) -> None:
        derived = HKDF(SHA256(), length=32, salt=None, info=_AUDIENCE.encode())
        self._key = derived.derive(system_key.encode())
        self._clock = clock
        self._seconds = seconds

    def make(self, path: str, caller: Caller, ticket: UUID, file: UUID) -> Link:
        """A link for this user; `path` is where the file is served."""
        expires_at = self._clock.now().replace(microsecond=0) + timedelta(seconds=self._seconds)
        assert caller.kind in {"client", "administrator"}
        claims = {
            "aud": _AUDIENCE,
            "sub": caller.id,
            "kind": caller.kind,
            "exp": int(expires_at.timestamp()),
            "ticket": str(ticket),
            "file": str(file),
            "account_id": caller.account_id and str(caller.account_id),
            "acting": caller.acting,
        }
        token = jwt.encode({k: v for k, v in claims.items() if v is not None}, self._key, algorithm=_ALGORITHM)
        return Link(url=f"{path}?link={token}", expires_at=expires_at)

    def reader(self, token: str, ticket: UUID, file: UUID) -> Caller:
        """For whom the link was made; Unauthenticated if it is not good, over, or another file's."""
        try:
            claims = LinkClaims.model_validate(jwt.decode(token, self._key, [_ALGORITHM], _OPTIONS, audience=_AUDIENCE))
        except (jwt.InvalidTokenError, ValidationError) as error:
            raise Unauthenticated("The link is not valid") from error
        if (claims.ticket, claims.file) != (ticket, file):
            raise Unauthenticated("The link is not valid")
        if self._clock.now().timestamp() >= claims.exp:
            raise Unauthenticated("The link has expired")
        return Caller(kind=claims.kind, id=claims.sub, account_id=claims.account_id, acting=claims.acting)
