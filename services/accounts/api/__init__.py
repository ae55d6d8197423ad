"""The HTTP interface of accounts."""

from services.accounts.api import accounts, administrators, api_keys, named, session, users

PUBLIC = session.PUBLIC
ROUTERS = [
    session.router,
    accounts.router,
    users.router,
    administrators.router,
    named.groups,
    named.projects,
    api_keys.router,
]
