"""Settings of accounts."""

from pathlib import Path

from pydantic import Field, SecretStr

from libs.service.settings import ServiceSettings
from services.accounts.emails import Email
from services.accounts.passwords import NewPassword

_DAY = 86400


class Settings(ServiceSettings):
    first_administrator_email: Email = Field(
        "admin@localhost", description="Address of the administrator who is created when there is none yet"
    )
    first_administrator_password: NewPassword | None = Field(
        None, description="Their password; unset, one is made and told once"
    )
    first_administrator_password_file: Path | None = Field(
        None, description="File (mode 0600) that a made password is written to; unset, it goes to stderr"
    )

    access_token_seconds: int = Field(3600, ge=60, le=_DAY, description="How long an access token is good")
    session_idle_seconds: int = Field(
        12 * 3600, ge=300, le=30 * _DAY, description="How long a session lasts without being refreshed"
    )
    session_seconds: int = Field(7 * _DAY, ge=3600, le=90 * _DAY, description="How long a session lasts at most")
    refresh_grace_seconds: float = Field(
        10,
        ge=0,
        le=60,
        description="How long a used refresh token is answered once more, for a client that missed the answer; "
        "later it is taken for stolen, and ends the session",
    )
    password_reset_seconds: int = Field(
        _DAY, ge=300, le=14 * _DAY, description="How long a link is good by which somebody sets a password"
    )
    act_as_seconds: int = Field(
        3600, ge=60, le=28800, description="How long an administrator acts as a client at most, without beginning anew"
    )
    secure_cookies: bool = Field(
        True, description="Let browsers send the refresh token's cookie over HTTPS only; false for plain HTTP"
    )
    signing_key_password: SecretStr | None = Field(
        None, min_length=16, description="Encrypts the private keys of access tokens in the database; unset, plain"
    )
    signing_key_days: int = Field(
        90,
        ge=0,
        le=3650,
        description="A signing key gets a successor at this age; 0: only when an operator asks for one",
    )
    signing_key_wait_seconds: int = Field(
        3600,
        ge=60,
        le=_DAY,
        description="How long a new signing key is told before it signs, so that every service has it",
    )

    password_memory_kib: int = Field(65536, ge=8192, description="Memory that argon2id takes for one password")
    password_iterations: int = Field(3, ge=1, description="Passes of argon2id over that memory")
    password_checks_at_once: int = Field(2, ge=1, description="Passwords hashed or checked at a time; others wait")

    sign_in_window_seconds: int = Field(300, gt=0, description="Window in which failed sign-ins are counted")
    sign_in_failures_per_email: int = Field(10, ge=1, description="Failed sign-ins for one e-mail address in a window")
    password_mails_per_email: int = Field(
        3, ge=1, description="Mails with a link to set a password that one address gets in such a window, if asked for"
    )
    sign_in_failures_per_address: int = Field(
        100,
        ge=1,
        description="Failed sign-ins from one network address in a window; "
        "behind a proxy, name it in FORWARDED_ALLOW_IPS, or its address is counted for everybody's",
    )
