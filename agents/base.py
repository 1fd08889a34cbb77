"""What an agent is: something that proposes a body for one declaration's slot, at a bench.

An agent sees `prover.model` and its bench, nothing else: no git, no journal, no judge. Whatever the bench says is a
hint; only the judge decides. The coordinator calls `propose`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from prover.model import Attempt, Task


@dataclass(frozen=True, slots=True)
class Trial:
    """One candidate body, as a warm Lean saw it."""

    body: str
    closes: bool  # no error and no `sorry`: a hint, never a verdict
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GaveUp:
    """An agent's honest answer when it has found nothing: what it tried, in one line that a person understands."""

    why: str


class BudgetSpent(Exception):
    """All checks of the task's budget are used. An agent lets it pass; the coordinator ends the attempt."""


class Bench(Protocol):
    """What an agent may do while it works on one task. Each question to Lean costs one check of the task's budget."""

    async def try_bodies(self, bodies: Sequence[str], *, negated: bool = False) -> list[Trial]:
        """Elaborates each body (from `:=` on) on a copy of the statement, all in one document, in order.

        With `negated`, on copies of the statement's negation: a body that closes one refutes the statement.
        """
        ...

    async def goals(self, body: str = ":= by skip") -> tuple[str, ...]:
        """The goals at the end of `body`, pretty-printed, the main goal first; empty when there are none."""
        ...

    def read(self, path: str) -> str:
        """A file of the project as it was when the task was given, by its path in the project; FileNotFoundError."""
        ...


class Agent(Protocol):
    """Who proposes. `name` is what the journal and the commits say."""

    @property
    def name(self) -> str: ...

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        """An attempt worth judging, or why there is none."""
        ...
