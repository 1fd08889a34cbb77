"""Broken proofs repaired at the bench by each configuration: what came of each, what it cost, what was lost.

No model is asked. The configurations are the stages of a repair with one of them left out, APOLLO's published flow in
our stages, and automation on the whole statement. `benchmarks.repair` calls this.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from agents.automation import Automation
from agents.base import Bench, GaveUp, Trial
from agents.extraction import extract
from agents.lemmas import Proof
from agents.repair.diagnosis import diagnose
from agents.repair.flow import APOLLO, Repaired, Stages, repair
from agents.repair.kept import kept
from benchmarks.broken.corpus import Broken, task
from benchmarks.repairing.bench import Lab
from benchmarks.repairing.parts import lost
from prover.errors import BudgetSpent, LeanError
from prover.model import Budget, Task
from prover.repair.desk import Desk

BUDGET = Budget(seconds=60.0, checks=40)  # of one case
FULL, STATEMENT = "all stages", "statement alone"
CONFIGS: Mapping[str, Stages | None] = {
    FULL: Stages(),
    "without mending": Stages(mend="off"),
    "without automation": Stages(automate="off"),
    "without widening": Stages(widen=False),
    "mending only": Stages(hole="off", automate="off"),
    "nothing": Stages("off", "off", "off"),
    "APOLLO's flow": APOLLO,
    STATEMENT: None,
}


@dataclass(frozen=True, slots=True)
class Case:
    """A broken proof as it is handed in, and what Lean says of it. A reply may have no proof in it."""

    broken: Broken
    proof: Proof | None
    first: Trial | None

    @property
    def errors(self) -> int:
        """Before the repair; a case without a proof counts as one."""
        return diagnose(self.first).errors if self.first else 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out, as far as it came: `why` says what ended it, where it did not end by itself."""

    repaired: Repaired | None
    checks: int
    seconds: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """What a configuration has made of a broken proof. `kept` is a share; `lost` are the correct parts that are gone.

    A proof for which nothing came out counts as it was.
    """

    case: Case = field(repr=False)
    config: str
    outcome: Outcome

    @property
    def closes(self) -> bool:
        return self.outcome.repaired is not None and self.outcome.repaired.closes

    @property
    def errors(self) -> int:
        return self.outcome.repaired.errors[1] if self.outcome.repaired else self.case.errors

    @property
    def holes(self) -> int:
        return self.outcome.repaired.holes[1] if self.outcome.repaired else 0

    @property
    def kept(self) -> float:
        return self.outcome.repaired.kept if self.outcome.repaired else 1.0

    @property
    def lost(self) -> list[str]:
        proof, first, done = self.case.proof, self.case.first, self.outcome.repaired
        if not (proof and first and done) or first.in_helpers:  # nothing is known of the body then
            return []
        return lost(proof.body, diagnose(first), done.proof.body)


async def all_rows(
    corpus: Sequence[Broken], configs: Sequence[str], lab: Lab, workers: int, done: Callable[[Row], None]
) -> list[Row]:
    """Every case by every configuration, in their order; `workers` theorems at a time, each with all its cases."""
    turns = asyncio.Semaphore(workers)
    rows: list[Row] = []

    async def theorem(of_it: Sequence[Broken]) -> None:
        async with turns:
            cases = await _prepared(of_it, lab)
            for config in configs:
                async for row in _rows(cases, config, lab):
                    rows.append(row)
                    done(row)

    by_theorem = sorted(corpus, key=lambda broken: broken.theorem)
    async with asyncio.TaskGroup() as group:
        for _, of_it in groupby(by_theorem, key=lambda broken: broken.theorem):
            group.create_task(theorem(list(of_it)))
    place = {broken.id: number for number, broken in enumerate(corpus)}
    return sorted(rows, key=lambda row: (configs.index(row.config), place[row.case.broken.id]))


async def _prepared(of_it: Sequence[Broken], lab: Lab) -> list[Case]:
    """The cases of one theorem, as Lean sees them before anything is done; this is counted for none of them."""
    bench = lab.bench(task(of_it[0]))
    cases = []
    for broken in of_it:
        proof = Proof(broken.body) if broken.source == "mutant" else extract(broken.reply, task(broken))
        first = None
        if proof:
            (first,) = await bench.try_bodies([proof.body], helpers=proof.helpers, patient=True)
        cases.append(Case(broken, proof, first))
    return cases


async def _rows(cases: Sequence[Case], config: str, lab: Lab) -> AsyncIterator[Row]:
    """The cases of one theorem; where only its statement counts, that is tried once for all of them."""
    stages = CONFIGS[config]
    todo = task(cases[0].broken, BUDGET)
    found = await measured(todo, lab, automated) if stages is None else None
    for case in cases:
        if case.proof is None:
            yield Row(case, config, Outcome(None, 0, 0.0, "there is no proof in the reply"))
        elif found is not None:
            yield Row(case, config, _instead(found, case.proof))
        else:
            yield Row(case, config, await measured(todo, lab, _by(case.proof, stages)))


Work = Callable[[Task, Bench], Awaitable[Repaired | None]]


async def measured(todo: Task, lab: Lab, work: Work) -> Outcome:
    """What comes of some work on a task, within its budget."""
    began, done = time.monotonic(), None
    desk = Desk(lab.bench(todo), todo.budget.seconds)
    try:
        done = await work(todo, desk)
        why = desk.why
    except (BudgetSpent, LeanError) as error:
        why = str(error)
    return Outcome(done, desk.checks, time.monotonic() - began, why)


def _by(proof: Proof, stages: Stages | None) -> Work:
    async def work(todo: Task, bench: Bench) -> Repaired:
        return await repair(todo, bench, proof, stages)

    return work


async def automated(todo: Task, bench: Bench) -> Repaired | None:
    """What automation finds for the statement, as if it were a repair."""
    found = await Automation().propose(todo, bench)
    return None if isinstance(found, GaveUp) else Repaired(Proof(found.body), True, (1, 0), (0, 0), 0.0)


def _instead(found: Outcome, before: Proof) -> Outcome:
    """The same outcome, put in the place of that proof."""
    if found.repaired is None:
        return found
    return replace(found, repaired=replace(found.repaired, kept=kept(before.body, found.repaired.proof.body)))
