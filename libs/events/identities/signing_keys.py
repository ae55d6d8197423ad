"""The public keys that access tokens are checked with; a rotated key needs no restart."""

from libs.events.catalogue import CATALOGUE
from libs.events.catalogue.accounts import SigningKeyAdded, SigningKeyRetired
from libs.events.envelope import Event
from libs.events.log import Executor

TYPES = {SigningKeyAdded.TYPE, SigningKeyRetired.TYPE}
TABLE = """
create table signing_keys (key_id text primary key, public_key text not null, retired boolean not null default false);
"""


async def fold(connection: Executor, event: Event) -> None:
    match CATALOGUE.read(event):
        case SigningKeyAdded() as added:
            await connection.execute(
                "insert into signing_keys (key_id, public_key) values ($1, $2) on conflict do nothing",
                added.key_id,
                added.public_key,
            )
        case SigningKeyRetired() as retired:
            await connection.execute("update signing_keys set retired = true where key_id = $1", retired.key_id)


async def good_keys(executor: Executor) -> dict[str, str]:
    """Key id -> the raw public key, base64url."""
    rows = await executor.fetch("select key_id, public_key from signing_keys where not retired")
    return {row["key_id"]: row["public_key"] for row in rows}


def jwk(key_id: str, public_key: str) -> dict[str, str]:
    """The key as RFC 8037 writes it."""
    return {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key_id, "x": public_key}
