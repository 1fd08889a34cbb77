"""Bytes as text: which encoding a file has, and what in it is no text at all.

Knows UTF-8 with or without its mark, and UTF-16 by its mark; ends of lines become Lean's. Nothing is replaced in
silence: a statement with a character that nobody has written would be another statement. Called by the readers.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from prover.errors import ConfigError

LIMIT = 4 << 20  # bytes of a Lean file, and of one record
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class NoText(ValueError):
    """The bytes, or the characters, are no text; the message says in one line why."""


def encoding(start: bytes) -> tuple[str, int]:
    """The encoding of what starts with these bytes, and how many of them are its mark."""
    return next(((name, len(mark)) for mark, name in _MARKS if start.startswith(mark)), ("utf-8", 0))


def decoded(data: bytes) -> str:
    """The text; raises NoText with the place of the first byte that is none."""
    name, mark = encoding(data)
    try:
        return clean(data[mark:].decode(name))
    except UnicodeDecodeError as error:
        raise NoText(f"byte {mark + error.start + 1} is no {name[:6].upper().rstrip('-')}") from None


def clean(text: str) -> str:
    """The text with Lean's ends of lines; raises NoText where it has what cannot be in a Lean file."""
    if "\0" in text:
        raise NoText(f"character {text.index(chr(0)) + 1} is NUL")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NoText(f"character {error.start + 1} is half of a surrogate pair, or a byte that is no UTF-8") from None
    return text.replace("\r\n", "\n")


def lean_text(path: Path) -> str:
    """The text of a Lean file; raises NoText, and ConfigError where it cannot be read or is larger than any."""
    try:
        with path.open("rb") as file:
            data = file.read(LIMIT + 1)
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}", "give a file that you may read") from error
    if len(data) > LIMIT:
        raise ConfigError(f"{path} is larger than {LIMIT >> 20} MiB", "divide it into several files")
    return decoded(data)
