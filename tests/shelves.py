"""A part of Lean's library, small enough to be indexed in every test run."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from prover.lean.toolchain import Toolchain

MODULES = ("Init.Prelude", "Init.Core", "Init.Data.Nat.Basic", "Init.Data.Nat.Dvd")


def part_of_the_library(toolchain: Toolchain, folder: Path, modules: Sequence[str] = MODULES) -> Path:
    """A folder with copies of these modules of the toolchain's library, in the layout of LEAN_PATH."""
    for module in modules:
        path = Path(*module.split(".")).with_suffix(".olean")
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(toolchain.library / path, folder / path)
    return folder
