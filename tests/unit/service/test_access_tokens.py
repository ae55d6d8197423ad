"""Tokens: who is believed, until when, and what a forger may try."""

import base64
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from libs.service.auth import Caller, KeyRing, issue, public_jwk
from libs.service.problems import Unauthenticated
from tests.unit.service.service_builders import ACTING, ADMINISTRATOR, CLIENT, SYSTEM, Issuer


@pytest.mark.parametrize("caller", [CLIENT, ADMINISTRATOR, ACTING, SYSTEM])
def test_a_token_says_who_it_was_issued_for(issuer: Issuer, caller: Caller) -> None:
    assert issuer.ring.verify(issuer.token(caller)) == caller


def test_a_token_is_good_until_it_expires_also_when_it_was_seen_before(issuer: Issuer) -> None:
    token = issuer.token(CLIENT, ttl_seconds=600)
    assert issuer.ring.verify(token) == CLIENT
    issuer.clock.advance(604)
    assert issuer.ring.verify(token) == CLIENT
    issuer.clock.advance(1)
    with pytest.raises(Unauthenticated, match="expired"):
        issuer.ring.verify(token)
    with pytest.raises(Unauthenticated, match="expired"):
        issuer.ring.verify(token)


def test_a_token_from_the_future_is_refused(issuer: Issuer) -> None:
    token = issuer.token(CLIENT)
    issuer.clock.advance(-6)
    with pytest.raises(Unauthenticated, match="not valid yet"):
        issuer.ring.verify(token)


def test_retiring_a_key_ends_its_tokens_at_once_and_no_others(issuer: Issuer) -> None:
    second = Issuer(clock=issuer.clock, kid="second")
    issuer.ring.add(public_jwk(second.key.public_key(), "second"))
    old, new = issuer.token(CLIENT), second.token(CLIENT)
    issuer.ring.verify(old)
    issuer.ring.verify(new)
    issuer.ring.retire("first")
    assert issuer.ring.kids == {"second"}
    assert issuer.ring.verify(new) == CLIENT
    with pytest.raises(Unauthenticated):
        issuer.ring.verify(old)


def test_only_so_many_tokens_are_remembered(issuer: Issuer) -> None:
    ring = KeyRing(issuer.clock, cached_tokens=2)
    ring.add(public_jwk(issuer.key.public_key(), issuer.kid))
    tokens = [issuer.token(CLIENT, ttl_seconds=100 + n) for n in range(5)]
    assert [ring.verify(token) for token in tokens] == [CLIENT] * 5
    assert list(ring._verified) == tokens[-2:]


def forged(issuer: Issuer, **changes: Any) -> str:
    """A token with other claims, rightly signed."""
    now = int(issuer.clock.now().timestamp())
    claims = {"iss": "helpdesk", "aud": "helpdesk", "sub": "1", "kind": "client", "iat": now, "exp": now + 60}
    claims = {name: value for name, value in (claims | changes).items() if value is not None}
    return jwt.encode(claims, issuer.key, algorithm="EdDSA", headers={"kid": issuer.kid})


def test_a_token_with_the_least_claims_is_taken(issuer: Issuer) -> None:
    assert issuer.ring.verify(forged(issuer)) == Caller(kind="client", id="1")


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "another"},
        {"aud": "another"},
        {"aud": None},
        {"iss": None},
        {"exp": None},
        {"exp": "soon"},
        {"nbf": "soon"},
        {"sub": None},
        {"sub": 17},
        {"kind": None},
        {"kind": "root"},
        {"kind": ["client"]},
        {"account_id": "not a uuid"},
        {"act": "administrator"},
        {"scope": 3},
    ],
)
def test_a_token_with_strange_claims_is_refused(issuer: Issuer, change: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        issuer.ring.verify(forged(issuer, **change))


def test_a_token_signed_with_another_key_is_refused(issuer: Issuer) -> None:
    other = Issuer(clock=issuer.clock)
    with pytest.raises(Unauthenticated):
        issuer.ring.verify(other.token(CLIENT))


def test_a_token_of_an_unknown_key_is_refused(issuer: Issuer) -> None:
    token = issue(CLIENT, private_key=issuer.key, kid="nobody's", now=issuer.clock.now(), ttl_seconds=60, jti="1")
    with pytest.raises(Unauthenticated):
        issuer.ring.verify(token)


def test_an_unsigned_token_is_refused(issuer: Issuer) -> None:
    _, claims, _ = issuer.token(CLIENT).split(".")
    header = base64.urlsafe_b64encode(b'{"alg":"none","kid":"first"}').decode().rstrip("=")
    with pytest.raises(Unauthenticated):
        issuer.ring.verify(f"{header}.{claims}.")


def test_a_public_key_used_as_a_shared_secret_is_refused(issuer: Issuer) -> None:
    public = issuer.key.public_key().public_bytes_raw()
    claims = jwt.decode(issuer.token(CLIENT), options={"verify_signature": False})
    with pytest.raises(Unauthenticated):
        issuer.ring.verify(jwt.encode(claims, public, algorithm="HS256", headers={"kid": issuer.kid}))


@given(text=st.text(max_size=60) | st.from_regex(r"\A[\w-]{1,9}\.[\w-]{1,9}\.[\w-]{0,9}\Z"))
def test_whatever_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(Unauthenticated):
        Issuer().ring.verify(text)


def test_the_ring_takes_named_ed25519_public_keys_only() -> None:
    ring = KeyRing()
    elliptic = jwt.algorithms.ECAlgorithm.to_jwk(generate_private_key(SECP256R1()).public_key(), as_dict=True)
    private = jwt.algorithms.OKPAlgorithm.to_jwk(Ed25519PrivateKey.generate(), as_dict=True)
    nameless = public_jwk(Ed25519PrivateKey.generate().public_key(), "")
    for jwk in (elliptic | {"kid": "a"}, private | {"kid": "a"}, nameless, {}):
        with pytest.raises(ValueError, match="Ed25519"):
            ring.add(jwk)
    assert not ring.kids
