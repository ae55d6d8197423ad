"""Signing in: a person's password or a system's key, for an access token."""

import json
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from pydantic import SecretStr

from libs.service.caller import Caller
from libs.service.clock import Clock
from services.accounts import api_keys
from services.accounts.domain import ADMINISTRATOR, API_KEY, ApiKey
from services.accounts.limits import SignInLimits
from services.accounts.passwords import Passwords
from services.accounts.problems import SignInRefused
from services.accounts.signing_keys import SigningKeys
from services.accounts.store import credentials, entities, keys
from services.accounts.store.credentials import Credentials


@dataclass(frozen=True)
class Session:
    """Somebody who is signed in."""

    access_token: str
    expires_in: int
    """Seconds"""
    caller: Caller
    email: str | None = None


@dataclass(frozen=True)
class SignIn:
    pool: asyncpg.Pool
    passwords: Passwords
    limits: SignInLimits
    keys: SigningKeys
    clock: Clock
    token_seconds: int

    async def with_password(self, email: str, password: SecretStr, address: str) -> Session:
        """SignInRefused, alike in words and time, for unknown, disabled and mistaken people; TooManyRequests."""
        counted = self.limits.subjects(address, email)
        await self.limits.count(counted)
        found = await credentials.of_email(self.pool, email)
        right = await self.passwords.matches(found.password_hash if found else None, password)
        if not right or found is None or not _is_enabled(found):
            raise SignInRefused
        await self.limits.take_back(counted)
        await self._renew_hash(found, password)
        state = json.loads(found.state)
        return self._session(_caller(found, state), self.token_seconds, state["email"])

    async def with_api_key(self, api_key: SecretStr, address: str) -> Session:
        """SignInRefused for whatever is no good key; TooManyRequests."""
        counted = self.limits.subjects(address)
        await self.limits.count(counted)
        key_id, key = await self._good_key(api_key)
        await self.limits.take_back(counted)
        seconds: float = self.token_seconds
        if key.expires_at is not None:
            seconds = min(seconds, (key.expires_at - self.clock.now()).total_seconds())
        caller = Caller(kind="system", id=str(key_id), scopes=frozenset(key.scopes), name=key.name)
        return self._session(caller, int(seconds))

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

    def _session(self, caller: Caller, seconds: int, email: str | None = None) -> Session:
        return Session(self.keys.sign(caller, self.clock.now(), seconds), seconds, caller, email)


def _is_enabled(found: Credentials) -> bool:
    """A person must be enabled, and so must be a client's account."""
    states = [found.state, *([found.account_state] if found.account_state else [])]
    return all(json.loads(state)["enabled"] for state in states)


def _caller(found: Credentials, state: dict[str, str]) -> Caller:
    if found.kind == ADMINISTRATOR.name:
        return Caller(kind="administrator", id=str(found.person), name=state["name"])
    return Caller(kind="client", id=str(found.person), account_id=UUID(state["account_id"]), name=state["name"])
