"""Indices of what does not change: Lean's own library, a package that a project uses, a LeanDojo corpus.

Each is made once, in a process of its own since it may take a minute, and kept in the user's cache under a digest of
what it was made from. `python -m prover.search.library SOURCE PLACE` is that process. Called by the index.
"""

from __future__ import annotations

import gc
import sys
import tempfile
from collections.abc import Iterator
from hashlib import file_digest, sha256
from pathlib import Path

from filelock import AsyncFileLock

from prover.errors import ConfigError, LeanError, ProjectError
from prover.lean import cache
from prover.lean.module import Module, read_module
from prover.lean.process import Command, Limits, run
from prover.lean.store import PARTS
from prover.search import corpus
from prover.search.entries import Entry, entries
from prover.search.shelf import Shelf

FORMAT = "1"  # to be raised whenever an index holds something else
LIMITS = Limits(seconds=3600.0, memory=8 << 30, file=4 << 30)
_NOT_MATHEMATICS = ("Lake", "LakeMain")
_NO_CORPUS = 2  # the exit code of the process for it
_ROUND = 50  # modules between two collections: left to itself, Python looks through all that is alive far more often


async def shelf(source: Path, store: Path | None = None) -> Shelf:
    """The index of `source`: a folder of modules in the layout of LEAN_PATH, or a corpus; made where it is not there.

    Raises ConfigError for a corpus that is none, ProjectError when the cache cannot be written, LeanError when a module
    cannot be read, ResourceExhausted when the machine is too small.
    """
    parent = (store or cache.folder("search")).absolute()
    place = parent / digest(source)
    if not place.is_dir():
        try:
            parent.mkdir(parents=True, exist_ok=True)
            async with AsyncFileLock(place.with_suffix(".lock")):
                if not place.is_dir():
                    await _made(source, place)
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


async def _made(source: Path, place: Path) -> None:
    with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
        made = Path(scratch) / "made"
        made.mkdir()
        words = (sys.executable, "-m", __name__, str(source.absolute()), str(made))
        finished = await run(Command(words, name="the indexer"), limits=LIMITS)
        last = finished.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        if finished.returncode == _NO_CORPUS:
            raise ConfigError(last, corpus.REMEDY)
        if finished.returncode != 0:
            raise LeanError(f"{source} could not be indexed: {last}")
        made.rename(place)


def fill(source: Path, place: Path) -> None:
    """Puts the index of `source` into the empty folder `place`."""
    gc.disable()
    imports: dict[str, list[str]] = {}
    found = _entries(source, imports) if source.is_dir() else corpus.premises(source)
    Shelf.fill(found, imports, place).close()


def _entries(folder: Path, imports: dict[str, list[str]]) -> Iterator[Entry]:
    for number, path in enumerate(modules(folder)):
        name = ".".join(path.relative_to(folder).with_suffix("").parts)
        module = _public(path)
        imports[name] = [str(imported.module) for imported in module.imports if imported.public]
        yield from entries(name, module)
        if number % _ROUND == 0:
            gc.collect()


def _public(path: Path) -> Module:
    """What importers see, with the docstrings where there is a file for them."""
    parts = (path, path.with_suffix(PARTS[1]))
    return read_module([part for part in parts if part.is_file()])


def main(source: str, place: str) -> None:
    """The process: its exit code says whether a corpus was none."""
    try:
        fill(Path(source), Path(place))
    except ConfigError as error:
        print(error, file=sys.stderr)
        sys.exit(_NO_CORPUS)


if __name__ == "__main__":
    main(*sys.argv[1:])
