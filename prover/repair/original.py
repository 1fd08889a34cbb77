"""The file that is to be repaired: its bytes, its text, and how something better takes its place.

Line ends and a byte order mark stay as they are. What cannot be Lean is refused here, with a remedy. Decides nothing
about proofs. Called by `prover.repair.file` and the command line.
"""

from __future__ import annotations

import os
import stat
import tempfile
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from difflib import diff_bytes, unified_diff
from functools import cached_property
from pathlib import Path

from agents.repair.edits import Edit, applied
from prover.errors import ProjectError

LARGEST = 4 << 20  # bytes
_BOM = "\ufeff"
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # how UTF-16 begins
_UTF_8 = "Lean sources are UTF-8 text"


@dataclass(frozen=True)
class Original:
    """A file as it is on disk, or as it would be: `data` are its bytes."""

    path: Path
    data: bytes

    @classmethod
    def read(cls, path: Path) -> Original:
        """Raises ProjectError for what is no Lean file, or cannot be read."""
        if path.is_dir():
            raise ProjectError(f"{path} is a folder", "name one Lean file; `prover run` works on whole projects")
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST + 1)
        except FileNotFoundError as error:
            raise ProjectError(f"there is no file {path}", "give FILE, or FILE:DECLARATION for one of it") from error
        except OSError as error:
            raise ProjectError(f"cannot read {path}: {error.strerror}", "look at who may read it") from error
        if why := _objection(data):
            raise ProjectError(f"{path} {why}", _UTF_8)
        return cls(path, data)

    @cached_property
    def raw(self) -> str:
        """The text with its line ends, without a byte order mark."""
        return self.data.decode().removeprefix(_BOM)

    @cached_property
    def text(self) -> str:
        """The text with line feeds for line ends, as Lean reads it."""
        return self.raw.replace("\r\n", "\n")

    @cached_property
    def _returns(self) -> list[int]:
        """Where in `text` the lines end that end with a carriage return in the file."""
        found: list[int] = []
        at = self.raw.find("\r\n")
        while at >= 0:
            found.append(at - len(found))
            at = self.raw.find("\r\n", at + 2)
        return found

    def edited(self, edits: Sequence[Edit]) -> Original:
        """The file with these edits of its `text`; new lines end as most of its lines do."""
        end = "\r\n" if 2 * len(self._returns) > self.text.count("\n") else "\n"
        moved = [
            Edit(self._raw(edit.start), self._raw(edit.end), edit.text.replace("\n", end), edit.why) for edit in edits
        ]
        mark = _BOM if self.data.startswith(_BOM.encode()) else ""
        return Original(self.path, (mark + applied(self.raw, moved)).encode())

    def _raw(self, offset: int) -> int:
        return offset + bisect_left(self._returns, offset)

    def diff(self, new: Original, shown: str) -> bytes:
        """From this to the new one, as `patch -p1` takes it."""
        old, new_lines = self.data.splitlines(keepends=True), new.data.splitlines(keepends=True)
        names = f"a/{shown}".encode(), f"b/{shown}".encode()
        return b"".join(_ended(diff_bytes(unified_diff, old, new_lines, *names)))

    def replace_with(self, new: Original) -> None:
        """Puts the new bytes in its place at once, with the file's permissions.

        Raises ProjectError when the file may not be written, or is not what was read any more.
        """
        demand_writable(self.path)
        place = self.path.resolve()
        if place.read_bytes() != self.data:
            raise ProjectError(
                f"{self.path} was changed in the meantime", "it was left as it is; run the command again"
            )
        write(place, new.data, stat.S_IMODE(place.stat().st_mode))


def demand_writable(path: Path) -> None:
    """Raises ProjectError for a file that nobody may write, also where we are allowed everything."""
    if path.exists() and not (path.stat().st_mode & 0o222 and os.access(path, os.W_OK)):
        raise ProjectError(f"{path} is read-only", "make it writable, or give --output")


def write(path: Path, data: bytes, mode: int | None = None) -> None:
    """Writes a file such that whoever looks sees the old one or the new one. Raises ProjectError."""
    try:
        with ExitStack() as stack:
            file = stack.enter_context(
                tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False)
            )
            temporary = Path(file.name)
            stack.callback(temporary.unlink, missing_ok=True)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            temporary.chmod(0o644 if mode is None else mode)
            temporary.replace(path)
    except OSError as error:
        raise ProjectError(f"cannot write {path}: {error.strerror}", "choose another place with --output") from error


def _objection(data: bytes) -> str:
    """Why these bytes are no Lean source; empty where they may be one."""
    if len(data) > LARGEST:
        return f"is larger than {LARGEST >> 20} MiB"
    if not data.strip():
        return "is empty"
    if data.startswith(_WIDE):
        return "is UTF-16"
    if b"\0" in data:
        return "is no text"
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return f"is no text in UTF-8: byte {error.start} is {data[error.start]:#04x}"
    return ""


def _ended(lines: Iterator[bytes]) -> Iterator[bytes]:
    """A last line that has no end is marked as `diff` does."""
    for line in lines:
        yield line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"
