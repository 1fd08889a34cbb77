"""What a benchmark's results are made of: one Row an attempt, and all of a run's rows with what they are rows of.

Frozen values and their JSON, no I/O. `prover.bench.results` makes them of a journal and reads them from a folder;
metrics, reports and exports are functions of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from prover.bench.problem import Problem, Truth, Unusable
from prover.model import Usage

# Of a run's settings, what may differ between its parts: statements are known by their digest, wherever they lie.
FREE = frozenset({"run", "limits", "workers", "origin"})


class Ended(StrEnum):
    """How an attempt ended: the judge's word where it has one."""

    PROVED = "proved"
    DISPROVED = "disproved"  # the judge has seen a proof of the negation
    REJECTED = "rejected"
    RESOURCE = "resource"  # the judge ran out of time or memory: nobody knows whether it is a proof
    CRASHED = "crashed"
    NOTHING = "nothing"  # the agent handed in nothing
    FAILED = "failed"  # the agent could not work: a server was away, say, or a limit was reached


@dataclass(frozen=True, slots=True)
class Row:
    """One attempt, as one line of `results.jsonl`.

    `sample` counts a problem's attempts from 1, those at its negation (`negation`) apart. `body` and `helpers` are the
    Lean text that was judged, or else the best that the agent had; `drafted` is the body as the model wrote it, where a
    repair has made `body` of it, and `feedback` is what Lean had against that. Seconds are wall seconds of the agent,
    `lean_seconds` are processor seconds of its Lean workers. `dollars` is None where nobody knows the price.
    """

    problem: str
    sample: int
    agent: str
    ended: Ended
    attempt: int = 0  # its number in the journal
    negation: bool = False
    model: str = ""
    prompt: str = ""  # name and version
    policy: str = ""  # by which problems were chosen
    body: str = ""
    helpers: str = ""
    drafted: str = ""
    feedback: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    why: str = ""
    history: tuple[str, ...] = ()
    tokens: int = 0
    usage: Usage = field(default_factory=Usage)
    dollars: float | None = 0.0
    calls: int = 0
    seconds: float = 0.0
    judge_seconds: float = 0.0
    lean_seconds: float = 0.0
    began: float = 0.0  # seconds since the epoch
    digest: str = ""  # of the problem

    @property
    def repaired(self) -> bool:
        """Would it be another text without the repair?"""
        return bool(self.drafted)

    @property
    def counts(self) -> bool:
        """Is it a sample? A server that was away, or a Lean that crashed, says nothing of the prover. A proof for which
        the judge's time or memory does not suffice is a sample, and no proof, as everywhere in the field."""
        return self.ended not in (Ended.FAILED, Ended.CRASHED)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**asdict(self), "ended": self.ended.value}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Row:
        """The row of `as_json`."""
        lists = {key: tuple(fields.get(key, ())) for key in ("feedback", "reasons", "history")}
        return cls(**{**fields, **lists, "ended": Ended(fields["ended"]), "usage": Usage(**fields.get("usage", {}))})


@dataclass(frozen=True)
class Results:
    """A run: what was asked for (`settings`, as in its config.json), of which problems, and what came of it.

    `settings` has at least: run, suite, origin, digest, toolchain, agent, model, samples, policy, repair, version.
    `unusable` are the statements that are counted apart; `open_ended` says that more attempts were to come.
    """

    settings: Mapping[str, Any]
    problems: tuple[Problem, ...]
    rows: tuple[Row, ...]
    unusable: tuple[Unusable, ...] = ()
    unfinished: str = ""  # why there are not all of the attempts that were asked for; empty where there are
    wall_seconds: float = 0.0

    @cached_property
    def by_problem(self) -> Mapping[str, Sequence[Row]]:
        """The rows of every problem, in order; also of one that has none."""
        found: dict[str, list[Row]] = {problem.name: [] for problem in self.problems}
        for row in self.rows:
            found[row.problem].append(row)
        return found

    def samples(self, problem: str, *, repaired: bool = True) -> tuple[int, int]:
        """How many samples at the statement itself count, and how many of them are proofs: n and c of pass@k.

        Without `repaired`, a proof that only a repair has made counts as a failure. What has been disproved gets no
        more samples, since it is known that they would fail: they count as drawn.
        """
        rows = [row for row in self.by_problem[problem] if row.counts and not row.negation]
        proofs = [row for row in rows if row.ended is Ended.PROVED and (repaired or not row.repaired)]
        false = any(row.ended is Ended.DISPROVED for row in self.by_problem[problem])
        return max(len(rows), int(self.settings.get("samples", 0)) if false else 0), len(proofs)

    def solved(self, problem: Problem) -> bool:
        """Proved, or disproved where it is false on purpose."""
        wanted = Ended.DISPROVED if problem.truth is Truth.FALSE else Ended.PROVED
        return any(row.ended is wanted for row in self.by_problem[problem.name])
