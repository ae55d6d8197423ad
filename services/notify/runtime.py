"""What notify's routes work with."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from libs.events.log import Log
from libs.service.app import runtime
from libs.service.ids import Ids
from libs.service.secret_box import SecretBox
from services.notify.mail.links import Links
from services.notify.mail.sending import Sending
from services.notify.mail.wording import Wordings
from services.notify.settings import Settings
from services.notify.wakes import Wakes
from services.notify.webhooks.delivering import Delivering


@dataclass(frozen=True)
class Notify:
    log: Log
    ids: Ids
    settings: Settings
    wordings: Wordings
    links: Links
    sending: Sending
    delivering: Delivering
    secrets: SecretBox
    wakes: Wakes


CurrentNotify = Annotated[Notify, Depends(runtime(Notify))]
