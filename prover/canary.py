"""Canaries: what must not be proved, given to the agents among what should be.

A decoy is a false statement, or the negation of an open theorem, of which at most one of the two can be proved. It
looks like any other declaration and stands in a copy of the project, never on the branch; the gate that decides on
merges judges it too. When that says `proved` and it cannot be, the judge is wrong somewhere, and the run must stop.
`prover.running` makes the place for the copy; the coordinator sows the decoys and acts on the verdicts.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from prover.errors import ProverError, SlotError
from prover.git.repository import Repository
from prover.lean.expr import PI, Expr, negates
from prover.lean.olean import Object
from prover.merge import Judge
from prover.model import Attempt, Slot, Verdict
from prover.project import Survey, Surveyor, write
from prover.state import State

# Statements that look right, and values of their variables for which Lean decides that they are not.
FALSEHOODS: Mapping[str, tuple[str, ...]] = {
    "(a b : Nat) : a - b + b = a": ("0", "1"),
    "(a b : Nat) : a / b * b = a": ("1", "2"),
    "(a b : Nat) : a ∣ b → a ≤ b": ("1", "0"),
    "(a b : Nat) : a ^ b = b ^ a": ("0", "1"),
    "(a b c : Nat) : a - (b - c) = a - b + c": ("0", "0", "1"),
    "(a b c : Nat) : a * b = a * c → b = c": ("0", "0", "1"),
    "(n : Nat) : n ^ 2 % 4 = n % 4": ("2",),
    "(a : Int) : a / 2 + a / 2 = a": ("1",),
    "(a b : Int) : a / b * b = a": ("1", "2"),
    "(a b : Int) : (a - b).natAbs = a.natAbs - b.natAbs": ("0", "1"),
    "(p q : Bool) : (p && q) = !(!p && !q)": ("true", "false"),
    "(p q r : Bool) : (p || q && r) = ((p || q) && r)": ("true", "true", "false"),
}
ENDINGS = (
    "_aux",
    "_key",
    "_step",
    "_of_eq",
    "_left",
    "_right",
    "_rev",
    "_ext",
)  # of their names; so many may be in one run
SPACING = 4  # tasks that are given for each decoy


@dataclass(frozen=True, slots=True)
class Decoy:
    """A statement in the place behind the open theorem `beside`: false at `witness`, or else the negation of that."""

    name: str
    beside: str
    statement: str
    witness: tuple[str, ...] = ()

    @property
    def negates(self) -> str:
        """The theorem of which it is the negation; empty for what is false by itself."""
        return "" if self.witness else self.beside

    def contradicts(self, merged: Collection[str]) -> bool:
        """Is it a contradiction that this is proved, when all of `merged` is?"""
        return not self.negates or self.negates in merged

    @property
    def contradiction(self) -> str:
        """What is to be said when this is called proved, and with it what it negates."""
        why = f", and so is {self.negates}, which it negates" if self.negates else f", but {self.why}"
        return f"the judge calls {self.name} proved{why}"

    @property
    def why(self) -> str:
        """Why it should not be proved."""
        return f"it negates {self.negates}" if self.negates else f"it is false for {', '.join(self.witness)}"

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"declaration": self.name, "statement": self.statement, "negates": self.negates, "why": self.why}


@dataclass
class Canaries:
    """The decoys of one run, or of what is left of it when it is resumed; at most `count`, and none before they are
    sown.

    `survey` is the project, and from then on the copy that the decoys stand in, with its sources at `root`.
    """

    seed: str
    count: int
    root: Path
    surveyor: Surveyor
    survey: Survey
    gate: Judge
    decoys: Mapping[str, Decoy] = field(default_factory=dict)
    given: int = 0  # by this process

    async def sow(self) -> None:
        """Compiles the copy with the decoys in it, and keeps those that fit. No run fails because of them."""
        for negations in (True, False):  # a negation is made from the text alone, so it need not compile
            if decoys := plan(self.survey, self.count, self.seed, negations=negations):
                _plant(self.root, self.survey, decoys)
                with suppress(ProverError):
                    self.survey = await self.surveyor.survey(self.root)
                    self.decoys = {decoy.name: decoy for decoy in decoys if fits(decoy, self.survey)}
                    return

    def next(self, tasks: int, ended: Collection[str], *, idle: bool) -> Decoy | None:
        """The decoy whose turn it is: one at a time, early, and not in place of many a task.

        `tasks` is how many real ones have been given, `ended` names the decoys that are done with, and `idle` says that
        a place is left over.
        """
        due = idle or tasks > SPACING * self.given
        if not due or len(self.decoys.keys() & ended) < self.given or self.given == len(self.decoys):
            return None
        self.given += 1
        return list(self.decoys.values())[self.given - 1]

    def read(self, path: str) -> str:
        """A file of the copy; FileNotFoundError for what is not in it."""
        file = (self.root / path).resolve()
        if not file.is_relative_to(self.root.resolve()):
            raise FileNotFoundError(f"{path} is not in the project")
        return file.read_text(encoding="utf-8")

    async def judge(self, attempt: Attempt) -> Verdict:
        """The verdict on a proposal for one of the decoys."""
        return await judged_apart(self.gate, attempt, self.survey, self.root)


async def judged_apart(gate: Judge, attempt: Attempt, survey: Survey, root: Path) -> Verdict:
    """The verdict on an attempt that is not to be merged, put into the sources at `root`, which are those of `survey`.

    They are left as the judge saw them.
    """
    if (refused := gate.glance(attempt)) is not None:
        return refused
    name = attempt.declaration
    write(root, survey.spliced({name: attempt.body}, {name: attempt.helpers}))
    splits = [name] if attempt.splits else []
    return (await gate.judge([name], survey.build, root, splits=splits)).verdicts[name]


@asynccontextmanager
async def cage(
    state: State, repository: Repository, surveyor: Surveyor, survey: Survey, gate: Judge, count: int
) -> AsyncIterator[Canaries]:
    """A place for what is left of `count` decoys: a copy of the run's tip that is gone when the block ends.

    The run's name and how often it was resumed are the seed.
    """
    seed = f"{state.run}/{state.resumed}" if state.resumed else state.run
    left = max(0, count - len(state.canaries))
    async with repository.worktree(f"{state.run}/copy", state.tip) as worktree:
        yield Canaries(seed, left, worktree.project, surveyor, survey, gate)


def plan(survey: Survey, count: int, seed: str, *, negations: bool = True) -> list[Decoy]:
    """Decoys for one module with open theorems, false statements and negations in turn; fewer where names are taken."""
    choose = Random(seed)
    slots = _slots(survey)
    if not slots:
        return []
    module = survey.declarations[choose.choice(list(slots))].module
    places = [name for name in slots if survey.declarations[name].module == module]
    endings = choose.sample(ENDINGS, count)
    decoys = []
    for number, (statement, witness) in enumerate(choose.sample(sorted(FALSEHOODS.items()), count)):
        beside = choose.choice(places)
        if negations and number % 2:
            statement, witness = slots[beside].negation, ()
        decoys.append(Decoy(beside + endings[number], beside, statement, witness))
    return [decoy for decoy in decoys if decoy.name not in survey.declarations]


def _slots(survey: Survey) -> dict[str, Slot]:
    """The open theorems that could be attempted now, by name."""
    found = {}
    for name in sorted(survey.graph.ready() & survey.theorems()):
        try:
            found[name] = survey.slot(name)
        except SlotError:
            continue  # it comes from a macro, say
    return found


def _plant(root: Path, survey: Survey, decoys: Sequence[Decoy]) -> None:
    """Puts each decoy behind its theorem, and removes the modules that are not needed for theirs."""
    module = survey.build.modules[survey.declarations[decoys[0].beside].module]
    text = module.source.text
    for decoy in sorted(decoys, key=lambda decoy: survey.slot(decoy.beside).body, reverse=True):
        slot = survey.slot(decoy.beside)
        written = slot.source[slice(*slot.name)] + decoy.name.removeprefix(decoy.beside)
        end = slot.body[1]
        text = f"{text[:end]}\n\ntheorem {written} {decoy.statement} := by\n  sorry{text[end:]}"
    for other in survey.build.modules.values():
        if other.name not in module.sees:
            (root / other.source.path).unlink(missing_ok=True)
    write(root, {module.source.path: text})


def fits(decoy: Decoy, copy: Survey) -> bool:
    """Does it say, as compiled, what it is meant to say, whatever variables, notations and instances are around it?

    The negation must be Lean's `Not` of the very type of its theorem. What is false must speak of nothing in the
    project, and have the binders that are written and no more.
    """
    declaration = copy.declarations.get(decoy.name)
    if declaration is None or not declaration.hole:
        return False
    constants = copy.build.modules[declaration.module].read().constants
    types = {str(name.user): constant.type for name, constant in constants.items()}
    stated = types[decoy.name]
    if decoy.negates:
        return decoy.negates in types and negates(stated, types[decoy.negates])
    return not declaration.statement_uses and _binders(stated) == len(decoy.witness) + decoy.statement.count("→")


def _binders(stated: Expr) -> int:
    count, rest = 0, stated
    while rest.tag == PI and isinstance(rest.fields[2], Object):
        count, rest = count + 1, rest.fields[2]
    return count
