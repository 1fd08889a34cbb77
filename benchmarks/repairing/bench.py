"""What all cases of the benchmark share, and the bench of one: the real one, with a purse that pays for everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType

from agents.base import Bill, Premise
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

    def bench(self, task: Task) -> LeanBench:
        """A bench in no project: there is nothing to read."""
        return LeanBench(self.pool, task, NO_FILES.__getitem__, CHECK_SECONDS, Purse(), self.find)
