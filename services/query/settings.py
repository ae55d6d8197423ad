from pydantic import Field

from libs.service.settings import ServiceSettings


class Settings(ServiceSettings):
    consistency_seconds: float = Field(
        2, ge=0, description="How long a reader who brings a consistency token is kept waiting for that fact"
    )
    live_poll_seconds: float = Field(
        0.2, gt=0, description="How often a process whose consumer stands by looks for changes to tell its viewers"
    )
    live_heartbeat_seconds: float = Field(15, gt=0, description="A silent live stream says so often that it is alive")
