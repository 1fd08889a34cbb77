"""What an agent is: something that proposes a body for one declaration's slot, at a bench.

An agent sees `prover.model` and its bench, nothing else: no git, no journal, no judge. Whatever the bench says is a
hint; only the judge decides. What it cannot help it raises: AgentUnavailable, and it is asked again a little later, or
AgentMisconfigured. `prover.proposing` calls `propose`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
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


class Bill(Protocol):
    """What a paid call has cost, to be written here; what is None at the end is charged as what was reserved."""

    tokens: int | None
    dollars: float | None


class Purse(Protocol):
    """What an attempt may pay from. The run's ledger gives every attempt one."""

    def paying(self, *, tokens: int, dollars: float, what: str) -> AbstractContextManager[Bill]:
        """As `Bench.paying`."""
        ...


class Bench(Protocol):
    """What an agent may do while it works on one task.

    Each question to Lean costs one check of the task's budget; BudgetSpent when there is none left.
    """

    async def try_bodies(self, bodies: Sequence[str], *, negated: bool = False, helpers: str = "") -> list[Trial]:
        """Elaborates each body (from `:=` on) on a copy of the statement, all in one document, in order.

        With `negated`, on copies of the statement's negation: a body that closes one refutes the statement. `helpers`
        are commands before the copies: a hole in them does not count against a body, an error counts against all.
        """
        ...

    async def goals(self, body: str = ":= by skip") -> tuple[str, ...]:
        """The goals at the end of `body`, pretty-printed, the main goal first; empty when there are none."""
        ...

    def read(self, path: str) -> str:
        """A file of the project as it was when the task was given, by its path in the project; FileNotFoundError."""
        ...

    def paying(self, *, tokens: int, dollars: float, what: str) -> AbstractContextManager[Bill]:
        """Around one call of a model, which costs at most so many tokens and dollars; `what` is its name.

        Raises BudgetSpent, before anything is sent, when the run, the declaration or the agent cannot pay for that. The
        agent writes into the bill what the call did cost.
        """
        ...


class Agent(Protocol):
    """Who proposes. `name` is what the journal and the commits say.

    `tries` is how many attempts at one declaration make sense while nothing new is known of it: 1 for an agent whose
    answer is always the same.
    """

    @property
    def name(self) -> str: ...

    @property
    def tries(self) -> int: ...

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        """An attempt worth judging, or why there is none."""
        ...
