from pathlib import Path

from pydantic import Field

from libs.service.settings import ServiceSettings


class Settings(ServiceSettings):
    consistency_seconds: float = Field(
        2, ge=0, description="How long a reader who brings a consistency token is kept waiting for that fact"
    )
    live_poll_seconds: float = Field(
        0.2, gt=0, description="How often a process whose consumer stands by looks for changes to tell its viewers"
    )
    live_pause_seconds: float = Field(
        0.25, ge=0, description="The least time between two messages to a viewer; what comes meanwhile is told together"
    )
    live_kept_seconds: float = Field(
        300, ge=0, description="How long the tickets of a view are counted on after the last who wanted to know"
    )
    live_heartbeat_seconds: float = Field(15, gt=0, description="A silent live stream says so often that it is alive")
    console_folder: Path = Field(
        Path("console/dist"), description="Where the built web client is, as seen from where the services' code is"
    )
