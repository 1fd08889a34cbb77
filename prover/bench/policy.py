"""Which problem gets the next sample: evenly, or where the next one is still likely to help.

Pure. Two policies on the same ledger, which counts what has begun. The adaptive one is the rule of `prover.budget`,
by which a run spends too: chance of a proof divided by its cost, learned from the samples so far. Called by
`prover.bench.runner`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from prover.bench.problem import Problem
from prover.bench.rows import Ended, Row
from prover.budget import Currency, Rates, Tally
from prover.model import Outcome, Spent, Tried

_AGAIN = 1.25  # times as many samples, and rates are learned anew


class Allocation(StrEnum):
    """How samples are given out."""

    UNIFORM = "uniform"  # as many to every problem: what pass@k is estimated from
    ADAPTIVE = "adaptive"  # none to what is proved, and most to where a proof is most likely for its cost


class Policy(Protocol):
    """`begun` is told of every sample that begins, `ended` of every one that is over, also before the process began.

    A `patient` one is not asked for problems on whose last sample the judge has not decided.
    """

    patient: bool

    def begun(self, problem: str) -> None: ...

    def ended(self, row: Row) -> None: ...

    def next(self, blocked: Collection[str]) -> str | None:
        """The problem that gets the next sample, none of the `blocked` ones; None where no sample is worth it now."""
        ...


@dataclass
class Uniform:
    """So many samples for every problem, the first of all before the second of any.

    A sample that does not count is not drawn again by this process: a server that stays away would be asked for ever.
    """

    problems: Sequence[Problem]
    samples: int
    _begun: Counter[str] = field(default_factory=Counter)
    patient: bool = False
    _false: set[str] = field(default_factory=set)

    def begun(self, problem: str) -> None:
        self._begun[problem] += 1

    def ended(self, row: Row) -> None:
        """What is known to be false is not sampled further."""
        if row.ended is Ended.DISPROVED:
            self._false.add(row.problem)

    def next(self, blocked: Collection[str]) -> str | None:
        free = (p.name for p in self.problems if p.name not in blocked and p.name not in self._false)
        first = min(free, key=self._begun.__getitem__, default=None)
        return first if first is not None and self._begun[first] < self.samples else None


@dataclass
class Adaptive:
    """As many samples in all as the uniform policy has, to those problems where they are worth most.

    A problem that is proved or disproved gets no more, and neither does one whose next sample has less than the `least`
    chance. Problems of the same `group` learn from each other.
    """

    problems: Sequence[Problem]
    samples: int
    agent: str
    currency: Currency = Currency.SECONDS
    least: float = 0.0
    patient: bool = True
    group: Callable[[Problem], str] = lambda problem: f"{problem.level}/{problem.domain}"
    _begun: Counter[str] = field(default_factory=Counter)
    _solved: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._groups = {problem.name: self.group(problem) for problem in self.problems}
        self._tally = Tally(self.currency)
        self._tried: dict[str, list[Tried]] = {name: [] for name in self._groups}
        self._rates, self._learned = Rates(self._tally, self._groups), 0

    def begun(self, problem: str) -> None:
        self._begun[problem] += 1

    def ended(self, row: Row) -> None:
        if row.ended is Ended.DISPROVED:
            self._solved.add(row.problem)
        if row.negation or not row.counts:
            return
        outcome = Outcome.PROVED if row.ended is Ended.PROVED else Outcome.REJECTED
        spent = Spent(attempts=1, seconds=row.seconds, tokens=row.tokens, dollars=row.dollars or 0.0)
        tried = self._tried[row.problem]
        tried.append(Tried(self.agent, frozenset(), outcome.value, spent=spent))
        self._tally.learn(row.problem, self._groups[row.problem], tried, known=len(tried) - 1)
        if outcome is Outcome.PROVED:
            self._solved.add(row.problem)

    def next(self, blocked: Collection[str]) -> str | None:
        total = self._begun.total()
        if total >= self.samples * len(self.problems):
            return None
        if total >= self._learned * _AGAIN:
            self._rates, self._learned = Rates(self._tally, self._groups), total + 1
        return max(self._worth(blocked), key=self._index, default=None)

    def _worth(self, blocked: Collection[str]) -> Iterable[str]:
        for name in self._groups:
            if name not in self._solved and name not in blocked and self._chance(name) >= self.least:
                yield name

    def _chance(self, name: str) -> float:
        return self._rates.chance(name, self.agent, self._begun[name])

    def _index(self, name: str) -> float:
        return self._rates.index(name, self.agent, self._begun[name])
