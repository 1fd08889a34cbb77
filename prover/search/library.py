"""Indices of what does not change: Lean's own library, a package that a project uses, a LeanDojo corpus.

Each is made once, in a process of its own since it may take a minute, and kept in the user's cache under a digest of
what it was made from. `python -m prover.search.library SOURCE PLACE BELOW…` is that process; it looks up in the indices
BELOW what the source builds on. Called by the index.
"""

from __future__ import annotations

import gc
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import file_digest, sha256
from pathlib import Path

from filelock import AsyncFileLock

from prover.errors import ConfigError, LeanError, ProjectError
from prover.lean import cache as caches
from prover.lean.module import Module, read_module
from prover.lean.name import Name
from prover.lean.pretty import Known
from prover.lean.process import Command, Limits, run
from prover.lean.shapes import binders
from prover.lean.store import PARTS
from prover.search import corpus
from prover.search.entries import Entry, entries
from prover.search.shelf import Shelf

FORMAT = "2"  # to be raised whenever an index holds something else
LIMITS = Limits(seconds=3600.0, memory=8 << 30, file=4 << 30)
_NOT_MATHEMATICS = ("Lake", "LakeMain")
_NO_CORPUS = 2  # the exit code of the process for it
_ROUND = 50  # modules between two collections: left to itself, Python looks through all that is alive far more often


async def shelf(source: Path, store: Path | None = None, below: Sequence[Shelf] = ()) -> Shelf:
    """The index of `source`: a folder of modules in the layout of LEAN_PATH, or a corpus; made where it is not there.

    `below` are indices of what it builds on. Raises ConfigError for a corpus that is none, ProjectError when the cache
    cannot be written, LeanError when a module cannot be read, ResourceExhausted when the machine is too small.
    """
    parent = (store or caches.folder("search")).absolute()
    place = parent / digest(source)
    if not place.is_dir():
        try:
            parent.mkdir(parents=True, exist_ok=True)
            async with AsyncFileLock(place.with_suffix(".lock")):
                if not place.is_dir():
                    await _made(source, place, [shelf.folder for shelf in below if shelf.folder])
        except OSError as error:
            raise ProjectError(
                f"cannot write the index to {parent}: {error.strerror}",
                "free some space, or set LEMMAWORKS_CACHE to a folder with room",
            ) from error
    return Shelf.open(place)


def digest(source: Path) -> str:
    """Of a corpus; or of names, sizes and times of a folder's modules: to read them would take as long as to index."""
    if source.is_dir():
        files = ((path.relative_to(source), path.stat()) for path in modules(source))
        lines = (f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\0" for path, stat in files)
        return sha256("".join((FORMAT, "\0", str(source.resolve()), "\0", *lines)).encode()).hexdigest()
    try:
        with source.open("rb") as file:
            return sha256(FORMAT.encode() + b"\0" + file_digest(file, "sha256").digest()).hexdigest()
    except OSError as error:
        raise ConfigError(f"{source} cannot be read: {error.strerror}", corpus.REMEDY) from error


def modules(folder: Path) -> list[Path]:
    """The first parts of the modules in the folder, sorted."""
    found = sorted(folder.rglob(f"*{PARTS[0]}"))
    return [path for path in found if path.relative_to(folder).with_suffix("").parts[0] not in _NOT_MATHEMATICS]


async def _made(source: Path, place: Path, below: Sequence[Path]) -> None:
    with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
        made = Path(scratch) / "made"
        made.mkdir()
        words = (sys.executable, "-m", __name__, *map(str, (source.absolute(), made, *below)))
        finished = await run(Command(words, name="the indexer"), limits=LIMITS)
        last = finished.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        if finished.returncode == _NO_CORPUS:
            raise ConfigError(last, corpus.REMEDY)
        if finished.returncode != 0:
            raise LeanError(f"{source} could not be indexed: {last}")
        made.rename(place)


def fill(source: Path, place: Path, below: Sequence[Path] = ()) -> None:
    """Puts the index of `source` into the empty folder `place`; `below` are folders with indices."""
    gc.disable()
    imports: dict[str, list[str]] = {}
    shelves = [Shelf.open(folder) for folder in below]
    found = _entries(source, imports, shelves) if source.is_dir() else corpus.premises(source)
    Shelf.fill(found, imports, place).close()


def known(shelves: Sequence[Shelf]) -> Known:
    """The binders of a constant, as the first of the shelves has it that has it."""
    return cache(lambda name: next((found for each in shelves if (found := each.binders(str(name))) is not None), None))


def _entries(folder: Path, imports: dict[str, list[str]], below: Sequence[Shelf]) -> Iterator[Entry]:
    own: dict[Name, str] = {}
    elsewhere = known(below)
    for number, (name, module) in enumerate(_in_order(folder)):
        imports[name] = [str(imported.module) for imported in module.imports if imported.public]
        own.update((name, binders(name, constant.type)) for name, constant in module.constants.items())
        yield from entries(name, module, lambda name: own[name] if name in own else elsewhere(name))
        if number % _ROUND == 0:
            gc.collect()


def _in_order(folder: Path) -> Iterator[tuple[str, Module]]:
    """The modules, each after those that it imports; in memory are those that wait for what they import."""
    todo = {".".join(path.relative_to(folder).with_suffix("").parts): path for path in modules(folder)}
    while todo:
        waiting = [_taken(todo, next(iter(todo)))]
        while waiting:
            module = waiting[-1][1]
            needed = next((used for each in module.imports if (used := str(each.module)) in todo), None)
            if needed is not None:
                waiting.append(_taken(todo, needed))
            else:
                yield waiting.pop()


def _taken(todo: dict[str, Path], name: str) -> tuple[str, Module]:
    return name, _public(todo.pop(name))


def _public(path: Path) -> Module:
    """What importers see, with the docstrings where there is a file for them."""
    parts = (path, path.with_suffix(PARTS[1]))
    return read_module([part for part in parts if part.is_file()])


def main(source: str, place: str, *below: str) -> None:
    """The process: its exit code says whether a corpus was none."""
    try:
        fill(Path(source), Path(place), list(map(Path, below)))
    except ConfigError as error:
        print(error, file=sys.stderr)
        sys.exit(_NO_CORPUS)


if __name__ == "__main__":
    main(*sys.argv[1:])
