"""The compiled packages of a Lake project, as folders that LEAN_PATH can name.

Nobody compiles or replays them here; what they assume is read by `prover.lean.assumptions`. Called by the search
for premises and by the benchmarks, whose statements import Mathlib and are in no project of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from prover.errors import ProjectError
from prover.lean.embedded.lean import Embedded
from prover.lean.native import Native
from prover.lean.toolchain import Toolchain

_OUTPUT = Path(".lake", "build", "lib", "lean")


def packages_of(project: Path) -> tuple[Path, ...]:
    """Where the compiled modules of the packages lie that lake has fetched for the project, in order of their names."""
    return tuple(sorted((project / ".lake" / "packages").glob(f"*/{_OUTPUT}")))


def with_packages(lean: Toolchain, project: Path) -> Toolchain:
    """The toolchain, with the packages of the project and its own compiled modules to import.

    Raises ProjectError when there is no such folder.
    """
    if not project.is_dir():
        raise ProjectError(f"there is no folder {project}", "give the folder of a Lake project")
    own = project / _OUTPUT
    folders = (*packages_of(project), *([own] if own.is_dir() else []))
    assert isinstance(lean, Embedded | Native)
    return replace(lean, packages=folders)


def identity(project: Path, folders: Sequence[Path]) -> str:
    """Which packages they are, on whatever machine: what lake has written down of them, or else what is there. The
    project's own modules are not in its manifest, and always told by what is there."""
    manifest = project / "lake-manifest.json"
    if not manifest.is_file():
        return digest(folders)
    own = digest([folder for folder in folders if folder == project / _OUTPUT])
    return sha256(manifest.read_bytes() + own.encode()).hexdigest()


def digest(folders: Sequence[Path]) -> str:
    """Changes when a compiled module in one of the folders does, as far as its size and its time tell: for caches."""
    found = sorted(line for folder in folders for line in _files(folder))
    return sha256("\n".join(found).encode()).hexdigest()


def _files(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.olean"):
        status = path.stat()
        yield f"{path.relative_to(folder)} {status.st_size} {status.st_mtime_ns}"
