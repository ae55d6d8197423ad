"""The helpdesk on one machine: PostgreSQL and nats-server from PyPI, and whatever runs beside them."""
