"""The records of a JSON file one after the other: JSON lines, or one array, of whatever size.

No more than one record and a piece of the file are in memory at a time. In a file of lines a bad one is counted apart
and the others live on; in an array nobody knows where the next record begins, so that a bad one ends the reading.
Called by `prover.bench.suites.reading`.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from prover.bench.suites.text import LIMIT, NoText, encoding
from prover.errors import ConfigError

_PIECE = 1 << 20
_SPACE = " \t\r\n"
_SPACES = re.compile(f"[{_SPACE}]*")
_ONE_EACH = "write one record a line, or one array of records"

Record = tuple[int, "dict[str, Any] | NoText"]  # the line where it starts, from 1


def records(path: Path) -> Iterator[Record]:
    """Every record, or why it is none. Raises ConfigError for a file that cannot be read, an array that breaks off."""
    try:
        with path.open("rb") as file:
            pieces = _pieces(iter(lambda: file.read(_PIECE), b""))
            start = next(pieces, b"")
            whole = chain([start], pieces)
            yield from _of_array(path, whole) if start.lstrip()[:1] == b"[" else _of_lines(whole)
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}", "give a file that you may read") from error


def _pieces(raw: Iterator[bytes]) -> Iterator[bytes]:
    """The file in UTF-8, without a mark; what is no UTF-16 is passed on as a byte that is no UTF-8 either."""
    start = next(raw, b"")
    name, mark = encoding(start)
    if name == "utf-8":
        yield start[mark:]
        yield from raw
        return
    decoder = codecs.getincrementaldecoder(name)("replace")
    for piece in chain([start[mark:]], raw):
        yield decoder.decode(piece).encode().replace("\ufffd".encode(), b"\xff")
    yield decoder.decode(b"", final=True).encode().replace("\ufffd".encode(), b"\xff")


def _of_lines(pieces: Iterator[bytes]) -> Iterator[Record]:
    for number, line in enumerate(_lines(pieces), start=1):
        if line is None:
            yield number, NoText(f"the line is longer than {LIMIT >> 20} MiB")
        elif line.strip():
            yield number, _object(line)


def _lines(pieces: Iterator[bytes]) -> Iterator[bytes | None]:
    """The lines; None for one that is too long."""
    kept, skips = b"", False
    for piece in pieces:
        *ended, last = piece.split(b"\n")
        for line in ended:
            yield None if skips or len(kept) + len(line) > LIMIT else kept + line
            kept, skips = b"", False
        skips = skips or len(kept) + len(last) > LIMIT
        kept = b"" if skips else kept + last
    yield None if skips else kept


def _object(line: bytes) -> dict[str, Any] | NoText:
    try:
        value = json.loads(line.decode())
    except UnicodeDecodeError as error:
        return NoText(f"byte {error.start + 1} of the line is no UTF-8")
    except json.JSONDecodeError as error:
        return NoText(f"the line is no JSON: {error.msg} at character {error.pos + 1}")
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, brackets a thousand deep
        return NoText(f"the line is no JSON that can be read: {str(error).partition(';')[0]}")
    return _record(value)


def _record(value: object) -> dict[str, Any] | NoText:
    return value if isinstance(value, dict) else NoText("it is no JSON object")


def _of_array(path: Path, pieces: Iterator[bytes]) -> Iterator[Record]:
    """Its elements, each decoded as soon as it is there as a whole."""
    text = _Text(pieces)
    text.skip("[")
    while not text.starts("]"):
        line = text.line
        try:
            value = text.value()
        except (ValueError, RecursionError) as error:
            what = str(error).partition(";")[0].partition(": line")[0]
            raise ConfigError(f"{path} is no JSON: {what}, in the record of line {line}", _ONE_EACH) from None
        yield line, _record(value)
        if not text.skip(",") and not text.starts("]"):
            raise ConfigError(f"{path} is no JSON: the array breaks off in line {text.line}", _ONE_EACH)


class _Text:
    """The rest of a JSON text: as much of it as has been needed. `line` is that of its start."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")  # only its own record is to suffer
        self.pieces = chain((decoder.decode(piece) for piece in pieces), iter([decoder.decode(b"", final=True)]))
        self.text, self.at, self.line = "", 0, 1
        self.decode = json.JSONDecoder().raw_decode

    def starts(self, mark: str) -> bool:
        """Is this what comes next, after space?"""
        while self.at == len(self.text) or self.text[self.at] in _SPACE:
            self._move(_SPACES.match(self.text, self.at).end())  # type: ignore[union-attr]  # it matches anywhere
            if self.at == len(self.text) and not self._more():
                break
        return self.text.startswith(mark, self.at)

    def skip(self, mark: str) -> bool:
        """Passes the mark, if it is what comes next, and the space behind it."""
        found = self.starts(mark)
        self._move(self.at + found)
        self.starts("")
        return found

    def value(self) -> object:
        """The value that comes next. Raises ValueError or RecursionError where there is none."""
        while True:
            try:
                found, end = self.decode(self.text, self.at)
            except json.JSONDecodeError:
                if len(self.text) - self.at > LIMIT or not self._more():
                    raise
                continue
            if end < len(self.text) or not self._more():  # a number may go on in the next piece
                break
        self._move(end)
        return found

    def _move(self, at: int) -> None:
        self.line += self.text.count("\n", self.at, at)
        self.at = at

    def _more(self) -> bool:
        piece = next(self.pieces, None)
        if piece is not None:
            self.text, self.at = self.text[self.at :] + piece, 0
        return piece is not None
