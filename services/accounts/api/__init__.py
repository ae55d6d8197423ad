"""The HTTP interface of accounts."""

from services.accounts.api import (
    accounts,
    act_as,
    administrators,
    api_keys,
    bulk,
    history,
    named,
    own_sessions,
    passwords,
    session,
    signing_keys,
    users,
)

PUBLIC = [*session.PUBLIC, *passwords.PUBLIC]
BODY_LIMITS = {bulk.PATH: bulk.LARGEST_BULK}
ROUTERS = [
    session.router,
    own_sessions.router,
    act_as.router,
    passwords.router,
    accounts.router,
    history.router,
    bulk.router,
    users.router,
    administrators.router,
    named.groups,
    named.projects,
    api_keys.router,
    signing_keys.router,
]
