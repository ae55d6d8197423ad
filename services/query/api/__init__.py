from services.query.api import history, live, mine, tickets

routers = [tickets.router, mine.router, history.router, live.router]

__all__ = ["routers"]
