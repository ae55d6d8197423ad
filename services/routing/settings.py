"""Settings of routing; those of every service are enough so far."""

from libs.service.settings import ServiceSettings


class Settings(ServiceSettings):
    pass
