"""Where a proof is repaired: drafts of it, as Lean has seen them, and trials of many edits at many places at once.

A draft is a body with its diagnosis and its holes. `Shop.choose` is what all stages are made of: the k-th edit of every
place is tried in the k-th copy of the proof, all copies in one document, and of each place the first edit stays that
leaves no complaint there. So a stage costs a check or two, however many places there are. Made by `agents.repair.flow`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from agents.base import Bench, Trial
from agents.leantext import masked
from agents.repair.diagnosis import Diagnosis, Trouble, diagnose
from agents.repair.edits import Edit, applied, begins, moved
from prover.errors import BudgetSpent

SORRY = "sorry"
_HOLE = re.compile(r"(?<![\w.'])(?:sorry|admit)(?![\w'.!?])")
_COPIES = 24  # in one document
_CHARACTERS = 60_000  # of all copies in one document, where there are several
CHECKS = 40


@dataclass(frozen=True, slots=True)
class Hole:
    """A `sorry` in a draft; `was` stood in its place before the repair, and Lean had `why` against it."""

    start: int
    end: int
    was: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A body as Lean has seen it."""

    trial: Trial
    diagnosis: Diagnosis
    holes: tuple[Hole, ...]

    @property
    def body(self) -> str:
        return self.trial.body

    @property
    def worth(self) -> tuple[int, int, int, int]:
        """The less the better: errors, characters that holes have taken the place of, holes, characters."""
        errors = self.diagnosis.errors + self.trial.timed_out + self.trial.in_helpers
        return errors, sum(len(hole.was) for hole in self.holes), len(self.holes), len(self.body)

    def beats(self, other: Draft) -> bool:
        """Is less wrong, or less lost, or less open in it?"""
        return self.worth[:3] < other.worth[:3]


@dataclass(frozen=True, slots=True)
class Place:
    """Characters of a draft for which one of several edits is wanted, in order of preference.

    An edit that is taken leaves no complaint from `start` up to `end`, a range that has all of the edits in it and may
    reach further: to the end of a sequence, say, when a tactic in it is replaced.
    """

    start: int
    end: int
    edits: tuple[Edit, ...]


@dataclass
class Shop:
    """`statement` is what is proved here, the task's where it is empty; `helpers` are lemmas that a proof may use.

    There are so many `checks` for one repair, within what the bench has left. Raises what the bench raises, BudgetSpent
    also when these are used up. `best` is the best draft so far, also when that happens.
    """

    bench: Bench
    statement: str = ""
    helpers: str = ""
    checks: int = CHECKS
    steps: list[str] = field(default_factory=list)  # what the stages have done, a line each
    best: Draft | None = None

    async def look(self, bodies: Sequence[str]) -> list[Draft]:
        """Each body as Lean sees it; its holes are those that it has been given with."""
        return await self._seen([(body, {}) for body in bodies])

    async def revise(self, draft: Draft, candidates: Sequence[Sequence[Edit]], *, patient: bool = True) -> list[Draft]:
        """The draft with each set of edits made, as Lean sees it. A hole that an edit makes knows what was there."""
        return await self._seen([_revised(draft, edits) for edits in candidates], patient)

    async def goals(self, draft: Draft, places: Sequence[int]) -> tuple[tuple[str, ...] | None, ...]:
        """The goals at these places of the draft; None where Lean has no tactic block."""
        self._spend()
        return await self.bench.goals_at(draft.body, places, statement=self.statement, helpers=self.helpers)

    async def aside(self, bodies: Sequence[str]) -> list[Draft]:
        """Bodies as Lean sees them that prove nothing here, of which only the syntax matters."""
        self._spend()
        trials = await self.bench.try_bodies(bodies, statement=": True")
        return [Draft(trial, diagnose(trial), ()) for trial in trials]

    def copies(self, draft: Draft) -> int:
        """How many copies of the draft may stand in one document."""
        return max(1, min(_COPIES, _CHARACTERS // max(len(draft.body), 1)))

    async def choose(self, draft: Draft, places: Sequence[Place]) -> Draft:
        """The draft with one edit for each place where one works; the draft itself where none does, or not together.

        Places must not overlap.
        """
        chosen = await self.sift(draft, places)
        if not chosen:
            return draft
        (together,) = await self.revise(draft, [list(chosen.values())])
        return together if together.beats(draft) else draft

    async def sift(self, draft: Draft, places: Sequence[Place], *, patient: bool = True) -> dict[int, Edit]:
        """For each place, by its index, the first of its edits that is quiet there; none where none is.

        Whoever does not want to wait for what takes Lean long is not `patient`.
        """
        chosen: dict[int, Edit] = {}
        copies = self.copies(draft)
        for first in range(0, max((len(place.edits) for place in places), default=0), copies):
            rows = [_row(places, number, chosen) for number in range(first, first + copies)]
            rows = [row for row in rows if row]
            if not rows:
                break
            seen = await self.revise(draft, [list(row.values()) for row in rows], patient=patient)
            for row, copy in zip(rows, seen, strict=True):
                edits = list(row.values())
                for index, edit in row.items():
                    if index not in chosen and _quiet(copy, places[index], edits):
                        chosen[index] = edit
        return chosen

    async def _seen(self, texts: Sequence[tuple[str, dict[int, Hole]]], patient: bool = True) -> list[Draft]:
        self._spend()
        trials = await self.bench.try_bodies(
            [text for text, _ in texts], statement=self.statement, helpers=self.helpers, patient=patient
        )
        drafts = [
            Draft(trial, diagnose(trial), _holes(trial.body, known))
            for trial, (_, known) in zip(trials, texts, strict=True)
        ]
        for draft in drafts:
            if self.best is None or draft.worth < self.best.worth:
                self.best = draft
        return drafts

    def _spend(self) -> None:
        if self.checks <= 0:
            raise BudgetSpent("all checks of a repair are used")
        self.checks -= 1


def _row(places: Sequence[Place], number: int, chosen: dict[int, Edit]) -> dict[int, Edit]:
    """The edits of one copy, by place: those of that number, and what has been chosen for the places that have one."""
    row = {
        index: chosen.get(index) or place.edits[number]
        for index, place in enumerate(places)
        if index in chosen or number < len(place.edits)
    }
    return row if any(index not in chosen for index in row) else {}


def _quiet(seen: Draft, place: Place, edits: Sequence[Edit]) -> bool:
    """Does Lean complain of nothing in the place, in a draft with these edits, and has it seen all of it?

    What stands behind a syntax error it has not read, and what stands behind a timeout it has not elaborated.
    """
    first = min([place.start, *(edit.start for edit in place.edits)])  # an edit may begin in the space before
    inside = [edit for edit in edits if first <= edit.start and edit.end <= place.end]
    start = moved(first, [edit for edit in edits if edit not in inside])
    end = start + len(applied(" " * place.end, inside)) - first
    complaints = seen.diagnosis.complaints
    blind = any(c.trouble in (Trouble.SYNTAX, Trouble.TIME) and c.remark.start < end for c in complaints)
    return not (seen.trial.timed_out or blind or any(start <= c.remark.start < max(end, start + 1) for c in complaints))


def _revised(draft: Draft, edits: Sequence[Edit]) -> tuple[str, dict[int, Hole]]:
    """The new body, and by their places the holes in it of which something is known."""
    known: dict[int, Hole] = {}
    for hole in draft.holes:
        if not any(edit.start <= hole.start and hole.end <= edit.end for edit in edits):
            known[moved(hole.start, edits)] = hole
    for edit in edits:
        if found := _HOLE.search(masked(edit.text)):
            inside = [hole for hole in draft.holes if edit.start <= hole.start and hole.end <= edit.end]
            same = len(inside) == 1 and (inside[0].start, inside[0].end) == (edit.start, edit.end)
            was = inside[0].was if same else _as_given(draft.body, edit, inside)
            place = begins(edit, edits) + found.start()
            known[place] = Hole(0, 0, was, inside[0].why if same else edit.why)
    return applied(draft.body, edits), known


def _as_given(body: str, edit: Edit, holes: Sequence[Hole]) -> str:
    """What stands where the edit is, with what was there before for the holes in it."""
    back = [Edit(h.start - edit.start, h.end - edit.start, h.was) for h in holes if h.was]
    return applied(body[edit.start : edit.end], back)


def _holes(body: str, known: dict[int, Hole]) -> tuple[Hole, ...]:
    found = _HOLE.finditer(masked(body))
    nothing = Hole(0, 0)
    return tuple(
        Hole(hole.start(), hole.end(), known.get(hole.start(), nothing).was, known.get(hole.start(), nothing).why)
        for hole in found
    )
