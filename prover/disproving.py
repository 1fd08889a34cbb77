"""One theorem of a Lean file, from its statement to a disproof that the judge has seen, or to none.

Opens what it needs (a copy of the project, a warm worker, the judge) and closes it again; the user's file is only read.
The judge gets the file up to the theorem, once with a hole for its proof and once with the disproof in its place: what
stands behind may use the theorem, and has no say in whether it is false. Called by `prover.disprove_cli`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agents.base import GaveUp
from agents.bench import LeanBench
from agents.disprover import Disprover
from agents.lemmas import has_hole
from prover.config import Config
from prover.disproof import disproof_text, with_disproof
from prover.errors import BudgetSpent, ConfigError, ProjectError
from prover.judge.gate import Gate
from prover.lean.build import Build, Builder
from prover.lean.declarations import declarations
from prover.lean.pool import LeanPool, WorkerLimits
from prover.lean.source import position
from prover.model import Attempt, Budget, Kind, Slot, Task, Verdict
from prover.repair.books import Books
from prover.repair.choice import chosen
from prover.repair.desk import Desk
from prover.repair.original import Original
from prover.repair.parts import Part, parts
from prover.repair.place import Place, place_for
from prover.repair.sheet import Sheet
from prover.repair.tasks import OPEN, task_for

CHECKS = 100  # of one search
_THEOREMS = ("theorem", "lemma", "example")


@dataclass(frozen=True, slots=True)
class Tools:
    """By which Lean, within which limits; `seconds` are those of the search."""

    builder: Builder
    config: Config
    seconds: float
    project: Path | None = None
    watch: Callable[[str], None] = lambda stage: None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it. `attempt` is what was found, `text` the Lean of it, `whole` the file that the judge has seen;
    `why` says why nothing was found, and `verdict` is the judge's on what was."""

    name: str
    line: int  # from 1
    checks: int
    seconds: float
    why: str = ""
    attempt: Attempt | None = None
    text: str = ""
    whole: str = ""
    verdict: Verdict | None = None

    @property
    def disproved(self) -> bool:
        """Has the judge seen that the negation is proved?"""
        return self.verdict is not None and bool(self.verdict.evidence.disproof)


async def disprove_file(original: Original, asked: str, tools: Tools) -> Answer:
    """Tries to disprove the one open theorem of a file, or the one that is asked for.

    Raises ProjectError where the file does not compile up to the theorem, ConfigError where it is not clear which is
    meant, LeanError and ToolchainError.
    """
    began = time.monotonic()
    text, part = _stated(original.text, asked, original.path)
    slot = _slot(part)
    limits = WorkerLimits(tools.config.check_seconds, int(tools.config.worker_gib * 2**30), tools.config.worker_checks)
    async with (
        place_for(original.path, text, tools.project, tools.builder) as place,
        Gate.opened(tools.builder, replay=tools.config.replay) as gate,
    ):
        tools.watch("compiling the statement")
        before = await _compiled(place, slot, original.path)
        name = _name(before, place, slot)
        async with LeanPool(tools.builder.toolchain, size=1, spares=0, limits=limits, lean_path=place.library) as pool:
            found = await _found(task_for(text, slot, name, Disprover.name, Budget(tools.seconds, CHECKS)), pool, tools)
            checks = pool.statistics().checks
        if isinstance(found, GaveUp):
            return Answer(name, part.line, checks, time.monotonic() - began, found.why)
        tools.watch("judging")
        whole = with_disproof(slot, found, alone=True)
        verdict = await _judged(place, gate, before, found, whole)
        seconds = time.monotonic() - began
        return Answer(name, part.line, checks, seconds, "", found, disproof_text(slot, found), whole, verdict)


def _stated(text: str, asked: str, path: Path) -> tuple[str, Part]:
    """The text and the theorem that is meant; an `example` gets a name, since the judge judges nothing without one."""
    found = parts(text)
    wanted = sorted(chosen(found, asked, path))
    theorems = [number for number in wanted if found[number].keyword in _THEOREMS]
    if asked and not theorems:
        raise ConfigError(f"{asked} is an instance", "name a theorem")
    several = [number for number in theorems if has_hole(text[slice(*_slot(found[number]).body)])] or theorems
    if len(several) != 1:
        names = ", ".join(found[number].shown for number in several) or "none"
        which = "open theorems" if len(several) > 1 else "theorem"
        raise ConfigError(f"it is not clear what to disprove: {path} has the {which} {names}", "give FILE:DECL")
    if found[several[0]].keyword == "example":
        text = Sheet(text).made({}, (), several).text
    return text, parts(text)[several[0]]


def _slot(part: Part) -> Slot:
    assert part.slot is not None  # it has been chosen, so it is a proof
    return part.slot


async def _compiled(place: Place, slot: Slot, path: Path) -> Build:
    """The file up to the theorem, which is left open."""
    place.write(f"{slot.source[: slot.body[0]]}{OPEN}\n")
    try:
        return await place.builder.build(place.root)
    except ProjectError as error:
        message = f"{path} does not compile up to the theorem: {error}"
        raise ProjectError(message, "mend it first; `prover repair` may help") from error


def _name(before: Build, place: Place, slot: Slot) -> str:
    """What Lean calls the theorem."""
    start = position(slot.source, slot.command)
    there = (d for d in declarations(before.environment).values() if d.module == place.module and d.position == start)
    found = next((d for d in there if d.kind is Kind.THEOREM), None)
    if found is None:
        line = start.line + 1
        raise ConfigError(f"what stands on line {line} is no theorem", "only what is a proposition can be disproved")
    return found.name


async def _found(task: Task, pool: LeanPool, tools: Tools) -> Attempt | GaveUp:
    """What the disprover has to say within its time."""

    def read(path: str) -> str:
        raise FileNotFoundError(f"{path} is not to be read here")

    tools.watch("looking for a counterexample")
    with Books.opened(tools.config) as books:
        bench = LeanBench(pool, task, read, tools.config.check_seconds, books.purse(task))
        await pool.check(bench.outline, timeout=tools.config.build_seconds)  # what stands before costs no check
        try:
            return await Disprover().propose(task, Desk(bench, tools.seconds))
        except BudgetSpent as error:
            return GaveUp(f"nothing was found before it had to stop: {error}")


async def _judged(place: Place, gate: Gate, before: Build, attempt: Attempt, whole: str) -> Verdict:
    if (refused := gate.glance(attempt)) is not None:
        return refused
    place.write(whole)
    names: Sequence[str] = [attempt.declaration]
    return (await gate.judge(names, before, place.root, free=True)).verdicts[attempt.declaration]
