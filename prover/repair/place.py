"""Where a file is repaired and judged: a throw-away copy of what it needs of its project, or of nothing but itself.

The modules that it imports are compiled first, so that warm workers can import them. The user's folder is only read.
Called by `prover.repair.file`.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from prover.errors import ImportCycle
from prover.judge.freestanding import MODULE
from prover.lean.build import Build, Builder, Progress, nobody
from prover.lean.modules import MARKERS
from prover.lean.source import imports

_SETTINGS = (*MARKERS, "lake-manifest.json", "statements.lock")
_PACKAGES = Path(".lake", "packages")


@dataclass(frozen=True, slots=True)
class Place:
    """`file` is the path of the file's module in the copy at `root`; `below` are the modules that it imports."""

    root: Path
    file: Path
    below: Build
    builder: Builder

    @property
    def library(self) -> tuple[Path, ...]:
        """The LEAN_PATH of what it imports."""
        return (self.below.library,) if self.below.modules else ()

    @property
    def module(self) -> str:
        return ".".join(self.file.with_suffix("").parts)

    def write(self, text: str) -> None:
        """Puts a text in the place of the file."""
        path = self.root / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def project_of(path: Path) -> Path | None:
    """The nearest folder around a file that is a Lean project."""
    folders = path.resolve().parents
    return next((folder for folder in folders if any((folder / marker).is_file() for marker in MARKERS)), None)


@asynccontextmanager
async def place_for(
    path: Path, text: str, project: Path | None, builder: Builder, progress: Progress = nobody
) -> AsyncIterator[Place]:
    """A place for the file at `path`, whose text says what it imports; gone when the block ends.

    Raises what the builder raises when a module that it imports does not compile, and ImportCycle.
    """
    inside = project is not None and path.suffix == ".lean"
    file = path.resolve().relative_to(project) if project and inside else Path(f"{MODULE}.lean")
    with tempfile.TemporaryDirectory(prefix="repair-") as folder:
        root = Path(folder)
        modules = dict(_needed(project, text)) if project else {}
        if file in modules:
            raise ImportCycle(f"{path} is imported by what it imports", "remove one of these imports")
        _copy(project, root, modules)
        below = await builder.build(root, progress) if modules else Build({}, root, {})
        yield Place(root, file, below, builder)


def _needed(project: Path, text: str) -> Iterator[tuple[Path, Path]]:
    """The files of the project that the text imports, directly or not: paths in the project, and where they are."""
    seen, todo = set(), [*imports(text)]
    while todo:
        name = todo.pop()
        path = Path(*name.split(".")).with_suffix(".lean")
        if name not in seen and (project / path).is_file():
            yield path, project / path
            todo += imports((project / path).read_bytes().decode(errors="replace"))
        seen.add(name)


def _copy(project: Path | None, root: Path, modules: dict[Path, Path]) -> None:
    (root / "prover.toml").touch()
    if project is None:
        return
    for name in _SETTINGS:
        if (project / name).is_file():
            shutil.copyfile(project / name, root / name)
    for path, file in modules.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, root / path)
    if (project / _PACKAGES).is_dir():
        (root / _PACKAGES).parent.mkdir()
        (root / _PACKAGES).symlink_to(project / _PACKAGES)
