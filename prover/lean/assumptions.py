"""What packages assume: axioms that they declare, and constants of theirs that have a hole.

The judge follows a proof through the project's own modules and stops where these stop. What is imported from a package
must therefore rest on nothing but Lean's own axioms, or a proof from it would prove nothing. Every module that an
import reaches is read, and what was found is kept in the user's cache until the module's file changes. Called by the
judge.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from prover.errors import OleanError
from prover.lean import cache
from prover.lean.module import Module, read_module
from prover.lean.name import SORRY
from prover.lean.store import PARTS
from prover.model import Kind

_FORMAT = 1  # to be raised whenever an entry says something else
_SORRY = str(SORRY).encode()  # where a file does not have these bytes, nothing in it can mention the name


class Assumed(NamedTuple):
    """A constant of a package's module that is an axiom, or has a hole."""

    module: str
    constant: str
    hole: bool

    def __str__(self) -> str:
        return f"{self.constant} of {self.module}, which {'is left open' if self.hole else 'is an axiom'}"


class Entry(NamedTuple):
    """What was read of a module; `status` tells its files from others that had their names before."""

    status: list[list[int]]
    imports: list[str]
    assumed: list[list[Any]]


class Assumptions:
    """Of the packages in these folders, which are in the layout of LEAN_PATH; `store` is where entries are kept."""

    def __init__(self, folders: Sequence[Path], store: Path | None = None) -> None:
        self._folders = folders
        where = sha256("\0".join(str(folder.resolve()) for folder in folders).encode()).hexdigest()
        self._file = (store or cache.folder("packages")) / f"{where[:32]}-{_FORMAT}.json"
        self._entries = {name: Entry(*fields) for name, fields in _loaded(self._file).items()} if folders else {}

    def of(self, imported: Iterable[str]) -> list[Assumed]:
        """What the modules of these names, and all that they import, assume, as far as they lie in the folders.

        Raises OleanError for a module that cannot be read as a whole.
        """
        todo, seen, new = [*imported], set[str](), False
        found: list[Assumed] = []
        while todo:
            name = todo.pop()
            if name not in seen and (files := self._files(name)):
                status = [[file.stat().st_size, file.stat().st_mtime_ns] for file in files]
                if name not in self._entries or self._entries[name].status != status:
                    self._entries[name], new = _read(name, files, status), True
                todo += self._entries[name].imports
                found += [Assumed(*fields) for fields in self._entries[name].assumed]
            seen.add(name)
        if new:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            scratch = self._file.with_suffix(".new")
            scratch.write_text(json.dumps(self._entries), encoding="utf-8")
            scratch.replace(self._file)
        return found

    def _files(self, module: str) -> tuple[Path, ...]:
        """The parts of the module in the first folder that has it, in their order."""
        for folder in self._folders:
            stem = folder.joinpath(*module.split("."))
            if files := tuple(path for suffix in PARTS if (path := stem.with_name(stem.name + suffix)).is_file()):
                return files
        return ()


def _loaded(file: Path) -> dict[str, list[Any]]:
    """What an earlier process has kept; nothing where that cannot be read."""
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _read(name: str, files: tuple[Path, ...], status: list[list[int]]) -> Entry:
    module = read_module(files)
    if module.is_module and len(files) < len(PARTS):
        raise OleanError(f"{name} is there without its private part, so that nobody can say what it assumes")
    holes = any(_SORRY in file.read_bytes() for file in files)
    return Entry(
        status, [str(each.module) for each in module.imports], [[*one] for one in _assumed(name, module, holes)]
    )


def _assumed(name: str, module: Module, holes: bool) -> Iterator[Assumed]:
    for constant in module.constants.values():
        if constant.kind is Kind.AXIOM:
            yield Assumed(name, str(constant.name), False)
        elif holes and SORRY in constant.mentions:
            yield Assumed(name, str(constant.name), True)
