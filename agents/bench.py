"""The bench of a running task: candidate bodies on copies of the statement, elaborated by the warm Lean pool.

Every copy is an `example` behind the outline of the module up to the declaration: nothing tried can be used by what is
tried next, and Lean elaborates the outline only once. Answers are hints. The coordinator makes one bench a task.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import accumulate, pairwise

from agents.base import Bill, Premise, Purse, Remark, Trial
from agents.leantext import mentions
from prover.errors import BudgetSpent, CheckTimeout
from prover.lean.hints import Check, Message, Severity
from prover.lean.lexer import tokens
from prover.lean.pool import LeanPool
from prover.lean.source import split_header
from prover.model import Call, Position, Task

# A candidate that diverges must fail within seconds; one that only takes long gets what Lean gives by itself.
HEARTBEATS, PATIENT = 10_000, 200_000


# Lean warns of every hole in an outline, and says all warnings again for each: where there are many, that takes long.
_QUIET, _ALOUD = "set_option warn.sorry false\n", "set_option warn.sorry true\n"

Find = Callable[[str, int], Awaitable[tuple[Premise, ...]]]


async def _nowhere(query: str, most: int) -> tuple[Premise, ...]:
    """A search where there is nothing to search."""
    return ()


class LeanBench:
    """Implements `agents.base.Bench` for one task.

    `outline` is what stands before every copy. `read` gives the text of a file of the task's base commit, `timeout` are
    the wall seconds of one check, `find` looks for so many premises at most. `processor` counts the processor seconds
    that the task's checks have taken; a check without an answer counts with its wall seconds.
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
        self.outline = quiet(task.outline)
        self._read = read
        self._timeout = timeout
        self._purse = purse
        self._find = find
        self._checks_left = task.budget.checks
        self.processor = 0.0

    async def try_bodies(
        self, bodies: Sequence[str], *, statement: str = "", helpers: str = "", patient: bool = False
    ) -> list[Trial]:
        """One document with a copy per body; when it runs out of time, its halves are tried on their own."""
        loose = {body: loose for body in bodies if (loose := _loose_end(body))}
        if loose:
            tight = [body for body in bodies if body not in loose]
            tried = iter(await self.try_bodies(tight, statement=statement, helpers=helpers, patient=patient))
            return [Trial(body, False, (loose[body],)) if body in loose else next(tried) for body in bodies]
        if not bodies:
            return []
        text, first, copies = self._document(bodies, statement, helpers, PATIENT if patient else HEARTBEATS)
        try:
            check = await self._check(text)
        except CheckTimeout:
            if len(bodies) == 1:
                return [Trial(bodies[0], False, (Remark("no answer within the time limit"),), timed_out=True)]
            half = len(bodies) // 2
            halves = (bodies[:half], bodies[half:])
            parts = [await self.try_bodies(p, statement=statement, helpers=helpers, patient=patient) for p in halves]
            return [trial for part in parts for trial in part]
        wrong = [error for error in check.errors if first <= error.start.line < copies[0].first]
        if wrong:
            said = _Copy(first, copies[0].first, (first, 0), helpers).remarks(wrong)
            return [Trial(body, False, said, in_helpers=True) for body in bodies]
        return [copy.trial(check) for copy in copies]

    async def goals(self, body: str = ":= by skip", helpers: str = "") -> tuple[str, ...]:
        """The goals at the last character of `body`."""
        (goals,) = await self.goals_at(body, [len(body.rstrip())], helpers=helpers)
        return goals or ()

    async def goals_at(
        self, body: str, places: Sequence[int], *, statement: str = "", helpers: str = ""
    ) -> tuple[tuple[str, ...] | None, ...]:
        """The goals at several places of `body`, in one check."""
        text, _, (copy,) = self._document([body], statement, helpers, PATIENT)
        check = await self._check(text, goals_at=[copy.position(place) for place in places])
        return check.goals

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

    def _document(
        self, bodies: Sequence[str], statement: str, helpers: str, heartbeats: int
    ) -> tuple[str, int, list[_Copy]]:
        """The text, the line on which the helpers start, and the copies, each where it stands in the text.

        What follows a copy is an empty section: a body that breaks off is complained about there, not at the next copy.
        """
        text = f"{self.outline}{_ALOUD}set_option maxHeartbeats {heartbeats}\n"
        line, copies = text.count("\n"), []
        text += f"{helpers}\nsection\nend\n" if helpers else ""
        for number, body in enumerate(bodies):
            before, after = self._around(statement or self._slot.statement, body, number)
            first = text.count("\n")
            text += before + ("\n" if body.startswith("|") else "")  # an arm stands no further in than the first
            place = text.count("\n"), _units(text.rpartition("\n")[2])
            text += f"{body}\n{after}section\nend\n"
            copies.append(_Copy(first, text.count("\n"), place, body))
        return text, line, copies

    def _around(self, statement: str, body: str, number: int) -> tuple[str, str]:
        """What stands before and after a body: an `example`; a theorem where the body calls itself by its name.

        Universe parameters, which an example cannot name, are declared before it.
        """
        name = self._slot.source[slice(*self._slot.name)]
        if name and mentions(body, name):
            # It takes the name from the namespace that it is in, so the copies are not in each other's way.
            return f"namespace Copy{number}\ntheorem {name} {statement} ", f"end Copy{number}\n"
        if statement.startswith(".{"):
            levels, _, statement = statement[2:].partition("}")
            return f"universe {levels.replace(',', ' ')} in\nexample {statement.strip()} ", ""
        return f"example {statement} ", ""

    async def _check(self, document: str, goals_at: Sequence[Position] = ()) -> Check:
        if self._checks_left <= 0:
            raise BudgetSpent("all checks of its budget are used")
        self._checks_left -= 1
        began, used = time.monotonic(), None
        try:
            check = await self._pool.check(document, goals_at=goals_at, timeout=self._timeout)
            used = check.processor
            return check
        finally:
            self.processor += min(time.monotonic() - began, self._timeout) if used is None else used


@dataclass(frozen=True, slots=True)
class _Copy:
    """Where one text stands in a document: its lines from `first` up to `last`, and at `place` (line, UTF-16 units) the
    text itself, behind what was put before it.
    """

    first: int
    last: int
    place: tuple[int, int]
    text: str

    def trial(self, check: Check) -> Trial:
        """What the check says of this copy; errors first."""
        mine = [message for message in check.messages if self.first <= message.start.line < self.last]
        # Lean warns of a hole; no other warning counts against a candidate.
        spoiled = any(m.severity is Severity.ERROR or m.text.startswith("declaration uses") for m in mine)
        mine.sort(key=lambda message: message.severity is not Severity.ERROR)
        return Trial(self.text, not spoiled, self.remarks(mine))

    def remarks(self, messages: Sequence[Message]) -> tuple[Remark, ...]:
        """The messages, by their places in the text."""
        lines = self.text.splitlines(keepends=True)
        starts = [0, *accumulate(map(len, lines))]

        def offset(position: Position) -> int:
            line = position.line - self.place[0]
            units = position.character - (self.place[1] if line == 0 else 0)
            if line < 0 or units < 0:
                return 0
            return starts[line] + _characters(lines[line], units) if line < len(lines) else len(self.text)

        def remark(message: Message) -> Remark:
            line = max(1, message.start.line - self.place[0] + 1)
            error = message.severity is Severity.ERROR
            return Remark(message.text, line, offset(message.start), offset(message.end), error)

        return tuple(map(remark, messages))

    def position(self, offset: int) -> Position:
        """Where a character of the text stands in the document."""
        _, _, line = self.text[:offset].rpartition("\n")
        breaks = self.text.count("\n", 0, offset)
        return Position(self.place[0] + breaks, _units(line) + (0 if breaks else self.place[1]))


def quiet(outline: str) -> str:
    """The outline with holes of which Lean does not warn."""
    header, rest = split_header(outline)
    return f"{header}\n{_QUIET}{rest.rstrip()}\n\n"


def _loose_end(body: str) -> Remark | None:
    """What would hide the copies behind this one from Lean, so that it has nothing against them: a comment or a string
    that does not end, or `#exit`.
    """
    words = [token for token in tokens(f"{body}\nend") if token.significant or token.end > len(body)]
    exits = (a for a, b in pairwise(words) if (a.text, b.text) == ("#", "exit") and a.end == b.start)
    loose = next(exits, words[-1])
    if loose.start > len(body):
        return None
    what = "`#exit` is no part of a proof" if loose.text == "#" else "unterminated comment or string"
    return Remark(what, body.count("\n", 0, loose.start) + 1, loose.start, len(body))


def _units(line: str) -> int:
    """The length of a line in UTF-16 code units, which is how LSP counts."""
    return len(line.encode("utf-16-le")) // 2


def _characters(line: str, units: int) -> int:
    """How many characters of a line so many code units are."""
    return len(line.encode("utf-16-le")[: 2 * units].decode("utf-16-le", errors="ignore"))
