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

from prover.model import Attempt, Call, Kind, Task, Usage


@dataclass(frozen=True, slots=True)
class Remark:
    """One message of Lean about a candidate: its text, the line of the candidate on which it begins, from 1, and the
    characters that it is about, as offsets. What Lean says of a place outside is moved to the nearest end.
    """

    text: str
    line: int = 1
    start: int = 0
    end: int = 0
    error: bool = True


@dataclass(frozen=True, slots=True)
class Trial:
    """One candidate body, as a warm Lean saw it.

    Errors come first among the `remarks`. They are about the helpers where Lean has found errors `in_helpers`: then
    nothing is known of the body. `timed_out`: Lean gave no answer within the time limit of one check.
    """

    body: str
    closes: bool  # no error and no `sorry`: a hint, never a verdict
    remarks: tuple[Remark, ...] = ()
    in_helpers: bool = False
    timed_out: bool = False

    @property
    def messages(self) -> tuple[str, ...]:
        """The texts of the remarks, in their order."""
        return tuple(remark.text for remark in self.remarks)


@dataclass(frozen=True, slots=True)
class Premise:
    """A declaration that a proof might use, as a search finds it."""

    name: str
    module: str
    kind: Kind
    type: str
    doc: str = ""
    proved: bool = True  # and so is everything that it rests on
    importable: bool = True  # it is in scope where it was asked for, or can be brought there by an import


@dataclass(frozen=True, slots=True)
class GaveUp:
    """An agent's honest answer when it has found nothing: what it tried, in one line that a person understands.

    `body` and `helpers` are the best of what it had, where it had something, and `feedback` what Lean had against it.
    """

    why: str
    body: str = ""
    helpers: str = ""
    feedback: tuple[str, ...] = ()


class Bill(Protocol):
    """What a paid call has cost, to be written here; what is None at the end is charged as what was reserved.

    `said` is the exchange as text, for the transcript and for whoever resumes the attempt; empty where there was none.
    """

    usage: Usage | None
    dollars: float | None
    said: str


class Purse(Protocol):
    """What an attempt may pay from, and what it has paid for. The run's ledger gives every attempt one."""

    def paying(self, call: Call) -> AbstractContextManager[Bill]:
        """As `Bench.paying`."""
        ...

    def said(self, number: int) -> str | None:
        """As `Bench.said`."""
        ...


class Bench(Protocol):
    """What an agent may do while it works on one task.

    Each question to Lean costs one check of the task's budget; BudgetSpent when there is none left.
    """

    async def try_bodies(
        self, bodies: Sequence[str], *, statement: str = "", helpers: str = "", patient: bool = False
    ) -> list[Trial]:
        """Elaborates each body (from `:=` on) on a copy of the statement, all in one document, in order.

        With a `statement` (binders, colon and type), on copies of that one instead, such as the negation. `helpers` are
        commands before the copies: a hole in them does not count against a body, an error counts against all.
        With `patient`, a body may take as long as Lean allows by itself; otherwise it is stopped much earlier, since
        most that take long lead nowhere.
        """
        ...

    async def goals(self, body: str = ":= by skip", helpers: str = "") -> tuple[str, ...]:
        """The goals at the end of `body`, pretty-printed, the main goal first; empty when there are none."""
        ...

    async def goals_at(
        self, body: str, places: Sequence[int], *, statement: str = "", helpers: str = ""
    ) -> tuple[tuple[str, ...] | None, ...]:
        """The goals at each of the places, which are offsets in `body`; None where Lean has no tactic block."""
        ...

    def read(self, path: str) -> str:
        """A file of the project as it was when the task was given, by its path in the project; FileNotFoundError."""
        ...

    async def search(self, query: str, *, most: int = 10) -> tuple[Premise, ...]:
        """Declarations that a proof of the task might use, best first: for a name, for words, or for a goal's text."""
        ...

    def paying(self, call: Call) -> AbstractContextManager[Bill]:
        """Around one call of a model.

        Raises BudgetSpent, before anything is sent, when the run, the declaration or the agent cannot pay the most that
        it can cost. The agent writes into the bill what it did cost, and what was said.
        """
        ...

    def said(self, number: int) -> str | None:
        """What was said in this attempt's call of that number, if it has been paid for already; None if not.

        An attempt begins anew after a failure, and when a killed run is resumed: nothing is paid for twice.
        """
        ...


_ASKING = ("sampler", "refiner", "planner", "mender")


def asks_a_model(agent: str) -> bool:
    """Does an agent of that name ask a language model? `refiner`, or `refiner=MODEL` for a model of its own."""
    return agent.partition("=")[0] in _ASKING


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
