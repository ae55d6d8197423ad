"""What is refused of a file, and why."""

from libs.service.problems import Problem, TooManyRequests, Unavailable


class TypeRefused(Problem):
    """Files of this type are not taken."""

    status = 415
    slug = "attachment-type-refused"


class QuotaReached(TooManyRequests):
    """Too much has been uploaded that no message holds yet."""

    slug = "attachment-quota"


class TooSlow(Problem):
    """The upload took too long."""

    status = 408
    slug = "upload-too-slow"


class UploadGone(Problem):
    """What was uploaded with this Idempotency-Key is gone: no message took it in time, or its ticket was deleted."""

    status = 410
    slug = "attachment-gone"


class RangeRefused(Problem):
    """The file has no such range."""

    status = 416
    slug = "range-not-satisfiable"


class StorageDown(Unavailable):
    """The file store does not answer, or has lost the file."""

    slug = "attachment-storage"
