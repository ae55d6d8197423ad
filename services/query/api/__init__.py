from services.query.api import export, history, live, mine, tickets

routers = [tickets.router, mine.router, history.router, live.router, export.router]

__all__ = ["routers"]
