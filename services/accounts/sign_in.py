"""Signing in: a person's password, their refresh token, or a system's key, for an access token."""

from dataclasses import dataclass
from math import ceil
from uuid import UUID

import asyncpg
from pydantic import SecretStr

from libs.service.caller import Caller
from libs.service.clock import Clock
from services.accounts import api_keys, refresh_tokens
from services.accounts.domain import API_KEY, ApiKey
from services.accounts.limits import SignInLimits
from services.accounts.passwords import Passwords
from services.accounts.problems import JustRefreshed, SessionRefused, SignInRefused
from services.accounts.sessions import Carried, Sessions, Visitor
from services.accounts.signing_keys import SigningKeys
from services.accounts.store import credentials, entities, keys
from services.accounts.store.credentials import Credentials


@dataclass(frozen=True)
class SignedIn:
    """Somebody who is signed in; systems have no refresh token, as they have their key."""

    access_token: str
    expires_in: int
    """Seconds"""
    caller: Caller
    email: str | None = None
    refresh_token: SecretStr | None = None
    refresh_expires_in: int | None = None
    """Seconds"""


@dataclass(frozen=True)
class SignIn:
    pool: asyncpg.Pool
    passwords: Passwords
    limits: SignInLimits
    keys: SigningKeys
    sessions: Sessions
    clock: Clock
    token_seconds: int

    async def with_password(self, email: str, password: SecretStr, visitor: Visitor) -> SignedIn:
        """SignInRefused, alike in words and time, for unknown, disabled and mistaken people; TooManyRequests."""
        async with self.limits.attempt(visitor.address, email):
            found = await credentials.of_email(self.pool, email)
            right = await self.passwords.matches(found.password_hash if found else None, password)
            if not right or found is None:
                raise SignInRefused
            carried = await self.sessions.begin(found, visitor)
        await self._renew_hash(found, password)
        return self._signed_in(carried)

    async def with_refresh_token(self, refresh_token: SecretStr, visitor: Visitor) -> SignedIn:
        """SessionRefused for whatever is no good token; JustRefreshed; TooManyRequests."""
        async with self.limits.attempt(visitor.address, harmless=JustRefreshed):
            offered = refresh_tokens.parse(refresh_token)
            if offered is None:
                raise SessionRefused
            carried = await self.sessions.refresh(offered, visitor)
        return self._signed_in(carried)

    async def with_api_key(self, api_key: SecretStr, visitor: Visitor) -> SignedIn:
        """SignInRefused for whatever is no good key; TooManyRequests."""
        async with self.limits.attempt(visitor.address):
            key_id, key = await self._good_key(api_key)
        seconds: float = self.token_seconds
        if key.expires_at is not None:
            seconds = min(seconds, (key.expires_at - self.clock.now()).total_seconds())
        await keys.note_use(self.pool, key_id, self.clock.now())
        caller = Caller(kind="system", id=str(key_id), scopes=frozenset(key.scopes), name=key.name, session=str(key_id))
        return SignedIn(self.keys.sign(caller, self.clock.now(), seconds), int(seconds), caller)

    async def _good_key(self, api_key: SecretStr) -> tuple[UUID, ApiKey]:
        offered = api_keys.parse(api_key)
        if offered is None or not offered.opens(await keys.secret_hash_of(self.pool, offered.id)):
            raise SignInRefused
        entity = await entities.find(self.pool, API_KEY, offered.id)
        key = ApiKey.model_validate_json(entity.state) if entity else None
        if key is None or not key.is_good(self.clock.now()):
            raise SignInRefused
        return offered.id, key

    async def _renew_hash(self, found: Credentials, password: SecretStr) -> None:
        """Take over new argon2 settings: the time that a check takes must not tell who is known."""
        if self.passwords.is_outdated(found.password_hash):
            renewed = await self.passwords.hash(password)
            await credentials.renew_hash(self.pool, found.person, found.password_hash, renewed)

    def _signed_in(self, carried: Carried) -> SignedIn:
        now, caller = self.clock.now(), carried.person.caller(carried.id)
        seconds = ceil((carried.tokens_until - now).total_seconds())
        return SignedIn(
            self.keys.sign(caller, now, seconds),
            seconds,
            caller,
            carried.person.email,
            SecretStr(carried.refresh_token.text),
            ceil((carried.good_until - now).total_seconds()),
        )
