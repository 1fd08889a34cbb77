"""`prover doctor`: what is missing on this machine for the project at hand, and what to do about it.

Asks about git, the disk and the memory, and lets the toolchain's own doctor ask about Lean. Called by the CLI.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import psutil

from prover.config import Config
from prover.errors import ProverError, ToolchainError
from prover.git.repository import Repository
from prover.lean import cache, doctor, sandbox, toolchain
from prover.lean.doctor import Row
from prover.lean.modules import discover

GIB = 2**30
DISK = 1 * GIB  # the embedded Lean takes 0.4 GiB, compiled modules little
WORKER = 1.2 * GIB  # an embedded worker after some hundred checks


async def examine(project: Path) -> list[Row]:
    """A row per question; never raises for what is wrong."""
    rows = [*_machine(), *_project(project)]
    try:
        config = Config.of(project)
        rows.append(_sandbox(config.sandbox))
        lean = toolchain.find(project, config.toolchain, config.sandbox)
    except ProverError as error:
        return [*rows, Row("a Lean", str(error), error.remedy)]
    return [*rows, *await doctor.doctor(lean)]


def _machine() -> Iterator[Row]:
    git = shutil.which("git")
    yield Row("git", "" if git else "there is no git", "" if git else "install git")
    place = cache.folder("")
    existing = next(folder for folder in (place, *place.parents) if folder.exists())
    room = shutil.disk_usage(existing).free
    problem = "" if room >= DISK else f"{room / GIB:.1f} GiB are free in {existing}"
    yield Row("room on the disk", problem, "free some space, or set LEMMAWORKS_CACHE" if problem else "")
    memory = psutil.virtual_memory().available
    problem = (
        "" if memory >= 4 * WORKER else f"{memory / GIB:.1f} GiB are free; two workers, a spare and a build need 5"
    )
    yield Row("memory", problem, "run with --workers 1" if problem else "")


def _sandbox(choice: sandbox.Choice) -> Row:
    """Never a problem of its own: the embedded Lean is confined anyway, and a native one is not run without."""
    try:
        return Row(f"a native Lean is confined by {sandbox.find(choice).description}")
    except ToolchainError as error:
        return Row(f"a native Lean is refused: {error}")


def _project(project: Path) -> Iterator[Row]:
    try:
        modules = discover(project)
        Repository.of(project)
        Config.of(project)
    except ProverError as error:
        yield Row("the project", str(error), error.remedy)
    else:
        yield Row(f"the project, {len(modules)} modules")
