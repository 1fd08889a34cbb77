"""`lake build` for a native project with a lakefile, which knows the project's options and what it depends on.

Runs the toolchain's `lake`, which runs the project's own lakefile, in the sandbox: without network, so that the
project's packages must be there already, and writing nothing but `.lake`. The build copies the compiled modules into
its cache, so that a later `lake build` in the same folder cannot change what was read.
Called by the build alone. The embedded Lean has no lake.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from prover.errors import BuildFailed, ProjectError
from prover.lean.native import LakeProgram
from prover.lean.process import Limits, run
from prover.lean.store import parts_in, take

_LAKEFILES = ("lakefile.toml", "lakefile.lean")
_MANIFEST = "lake-manifest.json"
_SETTINGS = (*_LAKEFILES, _MANIFEST, "lean-toolchain")  # what decides, beside the sources, how lake compiles
_OUTPUT = Path(".lake", "build", "lib", "lean")


@dataclass(frozen=True, slots=True)
class Lake:
    """What lake has compiled: a folder in the layout of LEAN_PATH, and the settings that it was compiled with."""

    folder: Path
    settings: str

    def copy(self, source: Path, out: Path) -> None:
        """Copies the module of this source file to `out`. Raises BuildFailed when it is in none of lake's libraries."""
        built = self.folder / source.with_suffix("")
        take(built.parent, built.name, out)
        if not parts_in(out):
            raise BuildFailed(f"lake compiled no {source}", "make it a part of a library in the lakefile")


def has_lakefile(root: Path) -> bool:
    """Is this a project for lake?"""
    return any((root / name).is_file() for name in _LAKEFILES)


async def lake_build(lake: LakeProgram, root: Path, modules: Collection[str], limits: Limits) -> Lake:
    """Builds the modules of the project at `root`.

    Raises BuildFailed with lake's first error, ProjectError for a project without a manifest, ResourceExhausted, or
    ToolchainBroken when lake does not start.
    """
    if not (root / _MANIFEST).is_file():
        raise ProjectError(f"{root} has no {_MANIFEST}", "run `lake update` there: builds have no network")
    files = [root / name for name in _SETTINGS if (root / name).is_file()]
    settings = "\0".join(f"{file.name}\0{file.read_bytes().hex()}" for file in files)
    (root / ".lake").mkdir(exist_ok=True)
    command = lake.command(["build", *(f"+{module}" for module in modules)], root)
    finished = await run(command, limits=limits)
    if finished.returncode != 0:
        lines = (finished.stdout + b"\n" + finished.stderr).decode(errors="replace").splitlines()
        first = next((line.removeprefix("error:").strip() for line in lines if line.startswith("error:")), "no word")
        raise BuildFailed(
            f"`lake build` ended with {finished.returncode}: {first}",
            "mend it; packages are fetched by `lake update`, not here",
        )
    return Lake(root / _OUTPUT, settings)
