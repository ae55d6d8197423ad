"""Bytes to text, whatever their sender calls them: never an error, and nothing that a part of the suite could not hold."""

import codecs

from charset_normalizer import from_bytes

_WRITTEN = [
    *("utf_8", "utf_16", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r"),
    *("gb18030", "big5", "cp932", "euc_jp", "iso2022_jp", "cp949", "tis_620"),
]
"""What mail is written in; others are too like these to tell them apart by a letter's length of text."""
_SEEN_BYTES = 64 << 10
"""How much is looked at to guess a charset."""
_NARROW = frozenset({"ascii", "iso8859-1", "cp1252", "latin-1"})
"""What programs call everything by default; bytes that are valid UTF-8 beyond ASCII are none of these by chance."""
_BETTER = {
    "iso8859-1": "cp1252",  # as browsers have it: the same, and the quotes and dashes that people really send
    "ascii": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
_NO_TEXT = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem", "utf-7"})
"""Codecs that are no charset of a mail, or that hide text from who looks at it."""


def decoded(data: bytes, declared: str | None) -> str:
    """The text; `declared` is believed as long as the bytes agree."""
    name = _codec(declared)
    for one in dict.fromkeys(("utf-8" if name in {None, *_NARROW} else name, _BETTER.get(name or "", name))):
        if one is not None and (text := _strict(data, one)) is not None:
            return clean(text)
    return clean(_guessed(data))


def clean(text: str) -> str:
    """Without what PostgreSQL and UTF-8 cannot hold: NUL, and half of a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _codec(declared: str | None) -> str | None:
    try:
        name = codecs.lookup((declared or "").strip(" \"'")).name
    except (LookupError, ValueError, UnicodeError):
        return None
    return None if name.replace("_", "-") in {one.replace("_", "-") for one in _NO_TEXT} else name


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (LookupError, ValueError):  # LookupError: a codec that makes no text of bytes, as zlib
        return None


def _guessed(data: bytes) -> str:
    best = from_bytes(data[:_SEEN_BYTES], cp_isolation=_WRITTEN).best()
    found = _strict(data, best.encoding) if best else None
    return found if found is not None else data.decode("cp1252", "replace")
