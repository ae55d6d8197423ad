"""Settings of intake."""

from pydantic import Field

from libs.service.settings import ServiceSettings

_MEBIBYTE = 1 << 20
_HOUR = 3600.0
_PROGRAMS = (
    "application/java-archive",
    "application/vnd.android.package-archive",
    "application/vnd.microsoft.portable-executable",
    "application/x-dosexec",
    "application/x-executable",
    "application/x-java-applet",
    "application/x-mach-binary",
    "application/x-ms-shortcut",
    "application/x-msi",
    "application/x-pie-executable",
    "application/x-sharedlib",
    "text/x-msdos-batch",
    "text/x-shellscript",
)
_ACTIVE = (
    "application/javascript",
    "application/x-shockwave-flash",
    "application/xhtml+xml",
    "image/svg+xml",
    "text/html",
    "text/javascript",
)
_ENDINGS = (
    "apk app bat cmd com cpl exe hta htm html jar js jse lnk msi msp pif ps1 reg scr svg svgz swf vbe vbs wsf wsh xhtml"
)


class Settings(ServiceSettings):
    block_seconds: float = Field(
        90, gt=0, description="How long a block holds without being renewed by whoever is writing"
    )

    attachments_url: str | None = Field(
        None,
        description="Where attachments are kept: `file:///folder`, or `s3://bucket/prefix` with `AWS_ACCESS_KEY_ID`, "
        "`AWS_SECRET_ACCESS_KEY`, `AWS_REGION` and, for a store that is not AWS, `AWS_ENDPOINT_URL`; unset, none are taken",
    )
    attachments_max_bytes: int = Field(25 * _MEBIBYTE, gt=0, description="Size of a file at most")
    attachments_per_message: int = Field(10, gt=0, le=100, description="Files of a message at most")
    attachments_message_max_bytes: int = Field(50 * _MEBIBYTE, gt=0, description="Size of a message's files at most")
    attachments_unclaimed_max_bytes: int = Field(
        100 * _MEBIBYTE,
        gt=0,
        description="What somebody may have uploaded that no message holds yet; a file counts 64 KiB at least",
    )
    attachments_unclaimed_seconds: float = Field(
        24 * _HOUR, gt=0, description="How long an upload waits for its message before it is removed"
    )
    attachments_upload_seconds: float = Field(_HOUR, gt=0, description="How long an upload may take")
    attachments_allowed_types: str = Field(
        "*/*", description="Media types that are taken, by content, separated by commas; `image/*` for all images"
    )
    attachments_refused_types: str = Field(
        ",".join(sorted(_PROGRAMS + _ACTIVE)), description="Media types that are refused, even if they are allowed"
    )
    attachments_refused_endings: str = Field(
        ",".join(_ENDINGS.split()), description="Endings of file names that are refused"
    )
    attachments_link_seconds: float = Field(
        120, gt=0, description="How long a download link is good: to begin with, not to finish"
    )
