"""Settings of sla."""

from libs.service.settings import ServiceSettings


class Settings(ServiceSettings):
    """Those of every service; sla has none of its own."""
