"""One Lean file from its broken proofs to a judged result: scan, repair proof by proof, put together, judge.

Opens what it needs (a copy of the project, a warm worker, the judge, the books) and closes it again. Statements and
definitions are never touched, the user's file is only read, and only the judge says `proved`. Called by
`prover.repair_cli`.
"""

from __future__ import annotations

import math
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from agents.repair.flow import Asker
from prover.config import Config
from prover.judge.gate import Gate
from prover.lean.build import Builder, Progress, nobody
from prover.lean.pool import LeanPool
from prover.repair.books import Books
from prover.repair.choice import chosen
from prover.repair.court import Court
from prover.repair.original import Original
from prover.repair.outcome import Report
from prover.repair.place import Place, place_for
from prover.repair.proofs import Found, Repairer
from prover.repair.results import final, results
from prover.repair.scan import Scan, Scanner
from prover.search.lookup import Lookup

Watch = Callable[[str], None]


def silent(stage: str) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Tools:
    """By which Lean, within which limits, and who is asked for what automation leaves open: a new one for each proof.

    `lookup` is where names and premises are looked for.
    """

    builder: Builder
    config: Config
    project: Path | None = None
    asker: Callable[[], Asker] | None = None
    lookup: Lookup | None = None
    watch: Watch = silent
    progress: Progress = nobody


@dataclass(frozen=True)
class _Room:
    """What is open while a file is repaired."""

    place: Place
    pool: LeanPool
    gate: Gate
    books: Books


async def repair_file(original: Original, asked: str, tools: Tools) -> Report:
    """The file with better proofs, and what the judge says of it; `asked` names one proof, or is empty for all.

    Raises ProjectError for what is no Lean file or imports what is not there, ConfigError for a proof that is not
    there, LeanError when Lean fails on the file even without its proofs, ToolchainError, and what a model's caller
    raises.
    """
    began = time.monotonic()
    async with _opened(original, tools) as room:
        tools.watch("looking for what fails")
        scan = await Scanner(room.pool, tools.config.build_seconds).scan(original)
        wanted = chosen(scan.sheet.parts, asked, original.path)
        found = await _found(scan, wanted, room, tools, began)
        tools.watch("judging")
        better = {number: each.new for number, each in found.items() if each.new is not None}
        whole = {number: new for number, new in better.items() if not found[number].errors[1]}
        court = Court(room.gate, room.place, scan.sheet, scan.failing, scan.cut.keys())
        clear = {number for number in wanted - scan.cut.keys() if scan.doubtful is None or number < scan.doubtful}
        judged = await court.judge(clear, whole, scan.blocked)
        kept = final(better, judged.verdicts)
        said, others, left = results(scan, wanted, found, kept, judged)
        return Report(
            original,
            scan.original.edited(scan.sheet.edits(kept)),
            said,
            others,
            scan.mended,
            (*([] if asked else scan.left), *left),
            tools.builder.toolchain.name,
            room.pool.statistics().checks,
            time.monotonic() - began,
            room.books.spent,
        )


@asynccontextmanager
async def _opened(original: Original, tools: Tools) -> AsyncIterator[_Room]:
    config, builder = tools.config, tools.builder
    async with (
        place_for(original.path, original.text, tools.project, builder, tools.progress) as place,
        LeanPool(builder.toolchain, size=1, spares=0, limits=config.worker_limits, lean_path=place.library) as pool,
        Gate.opened(builder, replay=config.replay) as gate,
    ):
        with Books.opened(config) as books:
            yield _Room(place, pool, gate, books)


def _stage(watch: Watch, what: str, stage: str) -> None:
    watch(f"{what}: {stage}")


async def _found(scan: Scan, wanted: frozenset[int], room: _Room, tools: Tools, began: float) -> Mapping[int, Found]:
    """What came of each proof that fails or has a hole, in order."""
    end = began + (tools.config.limits.seconds or math.inf)
    repairer = Repairer(
        scan.sheet, scan.rest, room.pool, room.books, room.place, tools.config, end, tools.asker, tools.lookup
    )
    todo = sorted((scan.failing | scan.open) & wanted)
    found = {}
    for count, number in enumerate(todo, start=1):
        what = f"repairing {scan.sheet.parts[number].shown} ({count} of {len(todo)})"
        tools.watch(what)
        repairer.watch = partial(_stage, tools.watch, what)
        found[number] = await repairer.repair(number)
    return found
