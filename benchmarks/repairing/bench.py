"""The bench of a case: the real one with a count of the questions put to Lean, and a purse that pays for everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType

from agents.base import Bill, Premise, Trial
from agents.bench import Find, LeanBench
from prover.lean.pool import LeanPool
from prover.model import Call, Task, Usage

CHECK_SECONDS = 20.0
NO_FILES: Mapping[str, str] = MappingProxyType({})


@dataclass
class _Bill:
    usage: Usage | None = None
    dollars: float | None = None
    said: str = ""


@dataclass
class Purse:
    """Implements `agents.base.Purse`: a model in this process costs nothing."""

    exchanges: dict[int, str] = field(default_factory=dict)

    @contextmanager
    def paying(self, call: Call) -> Iterator[Bill]:
        bill = _Bill()
        yield bill
        self.exchanges[call.number] = bill.said

    def said(self, number: int) -> str | None:
        return self.exchanges.get(number)


async def _nowhere(query: str, most: int) -> tuple[Premise, ...]:
    """A search where there is nothing to search."""
    return ()


@dataclass(frozen=True, slots=True)
class Lab:
    """What all cases share: warm workers, and a search of the library."""

    pool: LeanPool
    find: Find = _nowhere


class CountingBench(LeanBench):
    """A bench in no project: there is nothing to read."""

    def __init__(self, lab: Lab, task: Task) -> None:
        super().__init__(lab.pool, task, NO_FILES.__getitem__, CHECK_SECONDS, Purse(), lab.find)
        self.questions = 0

    async def try_bodies(
        self, bodies: Sequence[str], *, statement: str = "", helpers: str = "", patient: bool = False
    ) -> list[Trial]:
        self.questions += bool(bodies)
        return await super().try_bodies(bodies, statement=statement, helpers=helpers, patient=patient)

    async def goals_at(
        self, body: str, places: Sequence[int], *, statement: str = "", helpers: str = ""
    ) -> tuple[tuple[str, ...] | None, ...]:
        self.questions += 1
        return await super().goals_at(body, places, statement=statement, helpers=helpers)
