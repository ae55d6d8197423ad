"""What operators do from a shell, beside the running service."""

from libs.events import log as log_module
from libs.events.envelope import Cause
from libs.events.log import Log
from libs.service.clock import Clock, SystemClock
from libs.service.context import current_correlation
from libs.service.database import service_database
from libs.service.ids import new_id
from libs.service.tokens import KeyRing
from services.accounts.app import MIGRATIONS, NAME, rotation
from services.accounts.domain.signing_keys import SigningKey
from services.accounts.settings import Settings
from services.accounts.signing_keys import SigningKeys


async def rotate_signing_key(settings: Settings, clock: Clock | None = None) -> SigningKey:
    """Tell a new signing key, as `POST /api/accounts/signing-keys` does; the running replicas see it within a second."""
    async with service_database(NAME, settings, log_module.MIGRATIONS, MIGRATIONS) as pool:
        keys = SigningKeys(
            Log(NAME, pool),
            KeyRing(),
            clock or SystemClock(),
            settings.signing_key_password,
            new_id,
            rotation(settings),
        )
        return await keys.rotate(Cause(actor=f"service:{NAME}", correlation=current_correlation()))
