"""What the routes of accounts work with."""

from dataclasses import dataclass
from typing import Annotated

import asyncpg
from fastapi import Depends

from libs.service.app import runtime
from services.accounts.acting import Acting
from services.accounts.commands import Commands
from services.accounts.password_changes import PasswordChanges
from services.accounts.sessions import Sessions
from services.accounts.sign_in import SignIn
from services.accounts.signing_keys import SigningKeys


@dataclass(frozen=True)
class Accounts:
    pool: asyncpg.Pool
    commands: Commands
    sign_in: SignIn
    sessions: Sessions
    acting: Acting
    passwords: PasswordChanges
    keys: SigningKeys
    secure_cookies: bool


CurrentAccounts = Annotated[Accounts, Depends(runtime(Accounts))]
