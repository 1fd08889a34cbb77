"""One proof of a file after the other at a bench of its own. What comes of it is a hint; the judge decides.

Called by `prover.repair.file`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from agents.base import Premise
from agents.bench import LeanBench
from agents.lemmas import Proof
from agents.repair.flow import Asker, Repaired, repair
from agents.repair.shop import SORRY
from prover.config import Config
from prover.errors import BudgetSpent, CheckTimeout, WorkerDied
from prover.lean.lexer import tokens
from prover.lean.pool import LeanPool
from prover.model import Budget, Task
from prover.project import Survey, Surveyor
from prover.repair.books import Books
from prover.repair.court import AGENT
from prover.repair.desk import Desk
from prover.repair.place import Place
from prover.repair.sheet import New, Sheet
from prover.repair.tasks import task_for
from prover.search.lookup import Lookup

SECONDS, CHECKS = 180.0, 400  # of one proof, where the settings say nothing else
_EMPTY = {":=", "by", SORRY}


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one proof; `new` is None where that is no better than what was there, and `why` says why."""

    new: New | None = None
    why: str = ""
    errors: tuple[int, int] = (0, 0)
    holes: tuple[int, int] = (0, 0)
    kept: float = 1.0
    steps: tuple[str, ...] = ()
    checks: int = 0
    seconds: float = 0.0


@dataclass
class Repairer:
    """`rest` is the text of the sheet without what does not compile; `end` is when the time of all is over, by the
    monotonic clock."""

    sheet: Sheet
    rest: str
    pool: LeanPool
    books: Books
    place: Place
    config: Config
    end: float
    asker: Callable[[], Asker] | None = None
    lookup: Lookup | None = None
    watch: Callable[[str], None] = lambda stage: None
    _number: int = field(default=0, init=False)

    async def repair(self, number: int) -> Found:
        """Raises what the caller of a model raises, when that is not asked for more than it may."""
        began, checks = time.monotonic(), self.pool.statistics().checks
        found = await self._repaired(number)
        taken = self.pool.statistics().checks - checks
        return replace(found, checks=taken, seconds=time.monotonic() - began)

    async def _repaired(self, number: int) -> Found:
        part = self.sheet.parts[number]
        assert part.slot is not None
        seconds = min(self.config.attempt_seconds or SECONDS, self.end - time.monotonic())
        if seconds <= 0:
            return Found(why="the time is over")
        self._number += 1
        budget = Budget(seconds, CHECKS)
        task = task_for(self.rest, part.slot, part.name or part.shown, AGENT, budget, self._number)
        bench = self._bench(task)
        if why := await self._warm(bench.outline):
            return Found(why=why)
        desk = Desk(bench, seconds)
        try:
            asker = self.asker() if self.asker else None
            repaired = await repair(task, desk, Proof(_body(task)), asker=asker, watch=self.watch)
        except BudgetSpent as error:
            return Found(why=str(error), errors=(1, 1))
        return _found(repaired, _body(task), desk.why)

    async def _warm(self, outline: str) -> str:
        """Has Lean elaborate what stands before, which is no part of any check's time; why that is not to be had."""
        try:
            await self.pool.check(outline, timeout=self.config.build_seconds)
        except (CheckTimeout, WorkerDied) as error:
            return f"Lean does not get through what stands before it: {error}"
        return ""

    def _bench(self, task: Task) -> LeanBench:
        def read(path: str) -> str:
            raise FileNotFoundError(f"{path} is not to be read here")

        async def find(query: str, most: int) -> tuple[Premise, ...]:
            return await self.lookup.find(query, most, self._survey()) if self.lookup else ()

        return LeanBench(self.pool, task, read, self.config.check_seconds, self.books.purse(task), find)

    def _survey(self) -> Survey:
        """What the file imports of its project."""
        return Surveyor(self.place.builder).read(self.place.below)


def _body(task: Task) -> str:
    return task.slot.source[slice(*task.slot.body)]


def _found(repaired: Repaired, was: str, stopped: str) -> Found:
    new = New(repaired.proof.body, repaired.proof.helpers)
    (errors, errors_now), (holes, holes_now) = repaired.errors, repaired.holes
    better = (errors_now, holes_now) < (errors, holes)
    if better and (_is_empty(new.body) and not _is_empty(was)):
        better, why = False, "nothing of it could be kept"
    else:
        why = "" if better else stopped or "nothing was found that is better"
    if not better:
        return Found(None, why, (errors, errors), (holes, holes), 1.0, repaired.steps)
    return Found(new, stopped, repaired.errors, repaired.holes, repaired.kept, repaired.steps)


def _is_empty(body: str) -> bool:
    """Is it nothing but a hole?"""
    return {token.text for token in tokens(body) if token.significant} <= _EMPTY
