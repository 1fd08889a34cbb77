"""The bench of a running task: candidate bodies on copies of the statement, elaborated by the warm Lean pool.

Every copy is an `example` behind the outline of the module up to the declaration: nothing tried can be used by what is
tried next, and Lean elaborates the outline only once. Answers are hints. The coordinator makes one bench a task.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager

from agents.base import Bill, Premise, Purse, Trial
from prover.errors import BudgetSpent, CheckTimeout
from prover.lean.hints import Check, Message, Severity
from prover.lean.pool import LeanPool
from prover.model import Call, Position, Task

# A candidate that diverges must fail within seconds; Lean's own default is 200,000.
HEARTBEATS = 10_000


Find = Callable[[str, int], Awaitable[tuple[Premise, ...]]]


async def _nowhere(query: str, most: int) -> tuple[Premise, ...]:
    """A search where there is nothing to search."""
    return ()


class LeanBench:
    """Implements `agents.base.Bench` for one task.

    `read` gives the text of a file of the task's base commit, `timeout` are the wall seconds of one check, `find` looks
    for so many premises at most.
    """

    def __init__(
        self,
        pool: LeanPool,
        task: Task,
        read: Callable[[str], str],
        timeout: float,
        purse: Purse,
        find: Find = _nowhere,
    ) -> None:
        self._pool = pool
        self._slot = task.slot
        self._outline = task.outline
        self._read = read
        self._timeout = timeout
        self._purse = purse
        self._find = find
        self._checks_left = task.budget.checks

    async def try_bodies(self, bodies: Sequence[str], *, negated: bool = False, helpers: str = "") -> list[Trial]:
        """One document with a copy per body; when it runs out of time, its halves are tried on their own."""
        if not bodies:
            return []
        statement = self._slot.negation if negated else self._slot.statement
        document, starts = self._document(bodies, statement, helpers)
        try:
            check = await self._check(document)
        except CheckTimeout:
            if len(bodies) == 1:
                return [Trial(bodies[0], False, ("no answer within the time limit",))]
            half = len(bodies) // 2
            halves = (bodies[:half], bodies[half:])
            parts = [await self.try_bodies(part, negated=negated, helpers=helpers) for part in halves]
            return [trial for part in parts for trial in part]
        first = starts[0] - f"{helpers}\nsection\nend\n".count("\n") if helpers else starts[0]
        wrong = [error for error in check.errors if first <= error.start.line < starts[0]]
        if wrong:
            return [Trial(body, False, *_said(wrong, first), in_helpers=True) for body in bodies]
        above = _copy(statement, "").count("\n")
        ends = (*starts[1:], None)
        return [_trial(b, check, start, end, above) for b, start, end in zip(bodies, starts, ends, strict=True)]

    async def goals(self, body: str = ":= by skip") -> tuple[str, ...]:
        """The goals at the last character of `body`."""
        document, (start,) = self._document([body.rstrip()], self._slot.statement)
        copy = _copy(self._slot.statement, body.rstrip())
        line, last = start + copy.count("\n"), copy.rpartition("\n")[2]
        check = await self._check(document, goals_at=[Position(line, len(last.encode("utf-16-le")) // 2)])
        return check.goals[0] or ()

    def read(self, path: str) -> str:
        """A file of the task's base commit; what is not in the project is not found."""
        return self._read(path)

    async def search(self, query: str, *, most: int = 10) -> tuple[Premise, ...]:
        """Declarations that might help, best first."""
        return await self._find(query, most)

    def paying(self, call: Call) -> AbstractContextManager[Bill]:
        """Around one paid call, within what the attempt may pay."""
        return self._purse.paying(call)

    def said(self, number: int) -> str | None:
        """What was said in a call that is paid for."""
        return self._purse.said(number)

    def _document(self, bodies: Sequence[str], statement: str, helpers: str = "") -> tuple[str, list[int]]:
        """The text, and the line on which each copy starts; the helpers stand before the first.

        What follows a copy is an empty section: a body that breaks off is complained about there, not at the next copy.
        """
        text, starts = f"{self._outline.rstrip()}\n\nset_option maxHeartbeats {HEARTBEATS}\n", []
        text += f"{helpers}\nsection\nend\n" if helpers else ""
        for body in bodies:
            starts.append(text.count("\n"))
            text += f"{_copy(statement, body)}\nsection\nend\n"
        return text, starts

    async def _check(self, document: str, goals_at: Sequence[Position] = ()) -> Check:
        if self._checks_left <= 0:
            raise BudgetSpent("all checks of its budget are used")
        self._checks_left -= 1
        return await self._pool.check(document, goals_at=goals_at, timeout=self._timeout)


def _copy(statement: str, body: str) -> str:
    """The statement as an `example`; universe parameters, which an example cannot name, are declared before it."""
    if statement.startswith(".{"):
        levels, _, statement = statement[2:].partition("}")
        return f"universe {levels.replace(',', ' ')} in\nexample {statement.strip()} {body}"
    return f"example {statement} {body}"


def _trial(body: str, check: Check, start: int, end: int | None, above: int) -> Trial:
    """What the check says of the lines from `start` up to `end`, of which so many are above the body; errors first."""
    mine = [m for m in check.messages if start <= m.start.line and (end is None or m.start.line < end)]
    # Lean warns of a hole; no other warning counts against a candidate.
    spoiled = any(m.severity is Severity.ERROR or m.text.startswith("declaration uses") for m in mine)
    mine.sort(key=lambda m: m.severity is not Severity.ERROR)
    return Trial(body, not spoiled, *_said(mine, start + above))


def _said(messages: Sequence[Message], start: int) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The texts of messages, and on which line from `start` on each begins, counted from 1."""
    return tuple(m.text for m in messages), tuple(max(1, m.start.line - start + 1) for m in messages)
