"""What a replay buffer keeps of a problem, and what it draws: pure rules over entries, deterministic.

Staleness against diversity is one number here, `diversity`. Called by `prover.bench.export.buffer`, which has the file.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

from prover.bench.export.examples import Example, Kind
from prover.bench.export.leantext import likeness, shingles
from prover.errors import ConfigError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Settings:
    """`per_problem`: how many are kept of each problem, at most. `half_life`: after how many further runs a proof is
    worth half. `diversity`: 0 keeps the freshest and nothing else, 1 those that are least like each other. `failures`:
    the share that they may have, of a problem's places and of a draw. `repairs`: theirs of a problem's places, where
    there are proofs for the rest. `reuse_limit`: how often one may be drawn."""

    per_problem: int = 8
    half_life: float = 4.0
    diversity: float = 0.5
    failures: float = 0.25
    repairs: float = 0.5
    reuse_limit: int = 16

    def __post_init__(self) -> None:
        """Raises ConfigError for numbers that make no sense; the shares leave proofs at least one place."""
        checks = {
            "per_problem must be at least 1": self.per_problem >= 1,
            "half_life must be a number of runs above 0": 0 < self.half_life < math.inf,
            "diversity must be from 0 to 1": 0 <= self.diversity <= 1,
            "the shares of failures and repairs must be from 0 to below 1, together too": (
                self.failures >= 0 and self.repairs >= 0 and self.failures + self.repairs < 1
            ),
            "reuse_limit must be at least 1": self.reuse_limit >= 1,
        }
        if wrong := next((text for text, holds in checks.items() if not holds), ""):
            raise ConfigError(f"a replay buffer's {wrong}", "leave it out for the default")


class Entry(BaseModel):
    """An example, the run that it is of (by its place among the runs, from 0), how often it was drawn, and when last
    (seconds since the epoch; 0 where never)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    example: Example
    run: int = Field(ge=0)
    uses: int = Field(default=0, ge=0)
    used: float = 0.0

    @property
    def problem(self) -> str:
        """By what is to be proved, so that a statement that has changed is another problem."""
        return self.example.metadata.statement

    @property
    def digest(self) -> str:
        return self.example.digest

    @property
    def fails(self) -> bool:
        return self.example.metadata.kind is Kind.FAILURE

    @cached_property
    def shingles(self) -> frozenset[tuple[str, ...]]:
        about = self.example.metadata
        return frozenset().union(*(shingles(text) for text in (about.draft, about.body) if text))


def age(entry: Entry, runs: int) -> int:
    """How many runs have been added since its own, of `runs` in all."""
    return runs - 1 - entry.run


def freshness(entry: Entry, runs: int, settings: Settings) -> float:
    """From 1 on down, halved with every half-life."""
    return float(2 ** (-age(entry, runs) / settings.half_life))


def kept(entries: Iterable[Entry], runs: int, settings: Settings) -> list[Entry]:
    """Of the entries of one problem those that stay: proofs, repairs, failures.

    Failures have their share of the places and no more. Repairs have theirs, and what proofs leave free; proofs and
    disproofs have the rest, one place at least. What was kept once stays when the same entries are offered again, since
    each choice is the best of them all.
    """
    sorts: dict[Kind, list[Entry]] = {Kind.PROOF: [], Kind.REPAIR: [], Kind.FAILURE: []}
    for entry in entries:
        kind = entry.example.metadata.kind
        sorts[Kind.PROOF if kind is Kind.DISPROOF else kind].append(entry)
    failures = diverse(sorts[Kind.FAILURE], math.floor(settings.failures * settings.per_problem), runs, settings)
    places = settings.per_problem - len(failures)
    share = max(math.floor(settings.repairs * settings.per_problem), places - len(sorts[Kind.PROOF]))
    repairs = diverse(sorts[Kind.REPAIR], share, runs, settings)
    return [*diverse(sorts[Kind.PROOF], places - len(repairs), runs, settings), *repairs, *failures]


def diverse(entries: Sequence[Entry], count: int, runs: int, settings: Settings) -> list[Entry]:
    """Greedy maximal marginal relevance (Carbonell and Goldstein 1998), with freshness for relevance.

    Each time the entry with the greatest (1 − diversity) · freshness − diversity · its greatest likeness to one that is
    chosen; among equals the fresher, the one that began later, and the one with the lesser digest.
    """
    left = sorted(entries, key=lambda entry: entry.digest)
    fresh = {entry.digest: freshness(entry, runs, settings) for entry in left}
    like = dict.fromkeys(fresh, 0.0)
    chosen: list[Entry] = []
    if len(left) <= count:
        return left

    def worth(entry: Entry) -> tuple[float, float, float]:
        relevance, redundancy = fresh[entry.digest], like[entry.digest]
        score = (1 - settings.diversity) * relevance - settings.diversity * redundancy
        return score, relevance, entry.example.metadata.began

    while left and len(chosen) < count:
        best = max(left, key=worth)
        left.remove(best)
        chosen.append(best)
        for entry in left if settings.diversity else ():
            like[entry.digest] = max(like[entry.digest], likeness(entry.shingles, best.shingles))
    return chosen


def drawn(entries: Iterable[Entry], count: int, runs: int, settings: Settings, seed: int) -> list[Entry]:
    """At most `count` different entries, in rounds: one of each problem, then a second of each, and so on.

    So a problem with many proofs has no more in a draw than one with few, while there are enough of both. Within a
    problem and among the problems it is by chance, weighted with freshness / (1 + uses); the weight of a problem is
    that of its best entry. Entries at the limit of their uses are not drawn. Deterministic by `seed`.
    """
    random = Random(seed)
    able = sorted((entry for entry in entries if entry.uses < settings.reuse_limit), key=lambda entry: entry.digest)
    room = {True: math.floor(settings.failures * count), False: count}
    found: list[Entry] = []
    for entry in _in_rounds(able, random, lambda one: freshness(one, runs, settings) / (1 + one.uses)):
        if len(found) < count and room[entry.fails]:
            room[entry.fails] -= 1
            found.append(entry)
    return found


def _in_rounds(entries: Iterable[Entry], random: Random, weight: Callable[[Entry], float]) -> Iterator[Entry]:
    problems: dict[str, list[Entry]] = {}
    for entry in entries:
        problems.setdefault(entry.problem, []).append(entry)
    queues = [_shuffled(own, random, weight) for _, own in sorted(problems.items())]
    while queues:
        for queue in _shuffled(queues, random, lambda left: max(map(weight, left))):
            yield queue[0]
        queues = [queue[1:] for queue in queues if queue[1:]]


def _shuffled(items: Sequence[T], random: Random, weight: Callable[[T], float]) -> list[T]:
    """By chance, weighted: each has an exponential clock of its weight, and they stand in the order in which these ring
    (Efraimidis and Spirakis 2006)."""
    rings = [-math.log(1 - random.random()) / max(weight(item), sys.float_info.min) for item in items]
    return [items[at] for at in sorted(range(len(items)), key=rings.__getitem__)]
