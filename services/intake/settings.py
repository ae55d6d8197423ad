"""Settings of intake."""

from pydantic import Field

from libs.service.settings import ServiceSettings


class Settings(ServiceSettings):
    block_seconds: float = Field(
        90, gt=0, description="How long a block holds without being renewed by whoever is writing"
    )
