"""Access tokens: short-lived EdDSA (Ed25519) JWTs, checked against the keys a service knows from events."""

from collections import OrderedDict
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from jwt.types import Options
from pydantic import BaseModel, ValidationError

from libs.service.caller import Caller, CallerKind
from libs.service.clock import Clock, SystemClock
from libs.service.problems import Unauthenticated

ISSUER = "helpdesk"
AUDIENCE = "helpdesk"
LEEWAY_SECONDS = 5
_CACHED_TOKENS = 10_000
# The instants are checked against the injected clock instead.
_OPTIONS: Options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}


class Act(BaseModel):
    sub: str


class Claims(BaseModel):
    """What `issue` puts into a token (RFC 9068, RFC 8693), besides issuer and audience."""

    sub: str
    kind: CallerKind
    exp: int
    nbf: int = 0
    account_id: UUID | None = None
    act: Act | None = None
    scope: str = ""
    name: str | None = None
    sid: str | None = None

    def caller(self) -> Caller:
        return Caller(
            kind=self.kind,
            id=self.sub,
            account_id=self.account_id,
            acting=None if self.act is None else self.act.sub,
            scopes=frozenset(self.scope.split()),
            name=self.name,
            session=self.sid,
        )


def issue(
    caller: Caller, *, private_key: Ed25519PrivateKey, kid: str, now: datetime, ttl_seconds: float, jti: str
) -> str:
    """Sign an access token for this caller, valid from `now` for `ttl_seconds`."""
    issued = int(now.timestamp())
    optional = {
        "account_id": caller.account_id and str(caller.account_id),
        "act": caller.acting and {"sub": caller.acting},
        "scope": " ".join(sorted(caller.scopes)),
        "name": caller.name,
        "sid": caller.session,
    }
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": caller.id,
        "kind": caller.kind,
        "iat": issued,
        "nbf": issued,
        "exp": issued + int(ttl_seconds),
        "jti": jti,
        **{name: value for name, value in optional.items() if value},
    }
    return jwt.encode(claims, private_key, algorithm="EdDSA", headers={"kid": kid, "typ": "at+jwt"})


class KeyRing:
    """The public keys tokens may be signed with, and the tokens that have been found good.

    A signature costs a hundred microseconds, so a verified token is remembered until it expires;
    retiring a key forgets them all, ending a session those of it.
    """

    def __init__(self, clock: Clock | None = None, *, cached_tokens: int = _CACHED_TOKENS) -> None:
        self._clock = clock or SystemClock()
        self._keys: dict[str, Ed25519PublicKey] = {}
        self._verified: OrderedDict[str, tuple[float, Caller]] = OrderedDict()
        self._ended: frozenset[str] = frozenset()
        self._limit = cached_tokens

    def add(self, jwk: dict[str, Any]) -> None:
        """Trust this public key (RFC 8037: `kty` OKP, `crv` Ed25519, `kid`, `x`); ValueError for others."""
        try:
            key = jwt.PyJWK(jwk, algorithm="EdDSA")
        except jwt.PyJWTError as error:
            raise ValueError("Only named Ed25519 public keys are taken") from error
        if not isinstance(key.key, Ed25519PublicKey) or not key.key_id:
            raise ValueError("Only named Ed25519 public keys are taken")
        self._keys[key.key_id] = key.key

    def retire(self, kid: str) -> None:
        self._keys.pop(kid, None)
        self._verified.clear()

    def end_sessions(self, ended: AbstractSet[str]) -> None:
        """Refuse the tokens of these sessions; ids of sessions that are left out are forgotten."""
        if new := ended - self._ended:
            for token in [token for token, (_, caller) in self._verified.items() if caller.session in new]:
                del self._verified[token]
        self._ended = frozenset(ended)

    @property
    def kids(self) -> frozenset[str]:
        return frozenset(self._keys)

    def verify(self, token: str) -> Caller:
        """Answer whose token this is; Unauthenticated if it is not good now."""
        now = self._clock.now().timestamp()
        known = self._verified.get(token)
        if known is None:
            return self._verify_anew(token, now)
        expires, caller = known
        if now >= expires:
            del self._verified[token]
            raise _refused("The token has expired")
        self._verified.move_to_end(token)
        return caller

    def _verify_anew(self, token: str, now: float) -> Caller:
        claims = self._decode(token)
        expires = claims.exp + LEEWAY_SECONDS
        if now >= expires:
            raise _refused("The token has expired")
        if claims.nbf - LEEWAY_SECONDS > now:
            raise _refused("The token is not valid yet")
        caller = claims.caller()
        if caller.session in self._ended:
            raise _refused("The session has ended")
        self._remember(token, expires, caller)
        return caller

    def _decode(self, token: str) -> Claims:
        try:
            key = self._keys[jwt.get_unverified_header(token)["kid"]]
            raw = jwt.decode(token, key, ["EdDSA"], _OPTIONS, issuer=ISSUER, audience=AUDIENCE)
            return Claims.model_validate(raw)
        except (jwt.InvalidTokenError, KeyError, ValidationError) as error:
            raise _refused("The token is not valid") from error

    def _remember(self, token: str, expires: float, caller: Caller) -> None:
        self._verified[token] = (expires, caller)
        if len(self._verified) > self._limit:
            self._verified.popitem(last=False)


def public_jwk(key: Ed25519PublicKey, kid: str) -> dict[str, Any]:
    """Describe a public key for events and the JWKS (RFC 8037)."""
    described: dict[str, Any] = jwt.algorithms.OKPAlgorithm.to_jwk(key, as_dict=True)
    return {**described, "kid": kid, "use": "sig", "alg": "EdDSA"}


def _refused(detail: str) -> Unauthenticated:
    return Unauthenticated(detail, challenge='Bearer error="invalid_token"')
