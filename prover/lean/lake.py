"""`lake build` for a native project with a lakefile: it knows the project's options and fetches what it depends on.

Runs the project's own `lake`, which runs the project's own lakefile, and says where the compiled modules are; the build
copies them into its cache, so that a later `lake build` in the same folder cannot change what was read.
Called by the build alone. The embedded Lean has no lake.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from glob import escape
from pathlib import Path

from prover.errors import BuildFailed
from prover.lean.native import environ
from prover.lean.process import Command, Limits, run
from prover.lean.store import STEM, parts_in

_LAKEFILES = ("lakefile.toml", "lakefile.lean")
_SETTINGS = (*_LAKEFILES, "lake-manifest.json", "lean-toolchain")  # what decides, beside the sources, how lake compiles
_OUTPUT = Path(".lake", "build", "lib", "lean")


@dataclass(frozen=True, slots=True)
class Lake:
    """What lake has compiled: a folder in the layout of LEAN_PATH, and the settings that it was compiled with."""

    folder: Path
    settings: str

    def copy(self, source: Path, out: Path) -> None:
        """Copies the module of this source file to `out`. Raises BuildFailed when it is in none of lake's libraries."""
        built = self.folder / source.with_suffix("")
        for file in built.parent.glob(f"{escape(built.name)}.*"):
            shutil.copyfile(file, out / f"{STEM}{file.name.removeprefix(built.name)}")
        if not parts_in(out):
            raise BuildFailed(f"lake compiled no {source}", "make it a part of a library in the lakefile")


def has_lakefile(root: Path) -> bool:
    """Is this a project for lake?"""
    return any((root / name).is_file() for name in _LAKEFILES)


async def lake_build(lake: Path, root: Path, modules: Collection[str], limits: Limits) -> Lake:
    """Builds the modules of the project at `root`.

    Raises BuildFailed with lake's first error, ProcessTimeout, or ToolchainBroken when lake does not start.
    """
    files = [root / name for name in _SETTINGS if (root / name).is_file()]
    settings = "\0".join(f"{file.name}\0{file.read_bytes().hex()}" for file in files)
    command = Command((str(lake), "build", *(f"+{module}" for module in modules)), environ(), root.resolve())
    finished = await run(command, limits=limits)
    if finished.returncode != 0:
        lines = (finished.stdout + b"\n" + finished.stderr).decode(errors="replace").splitlines()
        first = next((line.removeprefix("error:").strip() for line in lines if line.startswith("error:")), "no word")
        raise BuildFailed(
            f"`lake build` ended with {finished.returncode}: {first}", "mend what `lake build` complains of"
        )
    return Lake(root / _OUTPUT, settings)
