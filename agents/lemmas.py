"""Lemmas of an attempt's own, in the namespace that is reserved for them, and what Lean says of a proof from them.

An attempt that splits hands in such lemmas with holes. Before it does, it is elaborated at the bench, what is simple is
proved on the spot, and none may be false for small numbers. The splitter and the planner use this; whether what they
propose is progress is for the judge to say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from agents.base import Bench
from agents.leantext import binders, masked
from agents.portfolio import local_name
from agents.refutation import instances
from prover.model import Task

DEEPEST = 2  # a lemma of a lemma is not split again
OPEN = ":= by sorry"
SIMPLE = ":= by first | rfl | omega | simp | grind"
_HELPER = "helper"
_INSTANCES = 40  # of small numbers that a lemma is tried on
_HOLE = re.compile(r"(?<![\w.])(?:sorry|admit|sorryAx)\b")


@dataclass(frozen=True, slots=True)
class Lemma:
    """A command in front of the declaration: a theorem, seldom a definition. `body` starts with `:=`."""

    name: str  # in full: NAME.helper.…
    signature: str
    body: str = OPEN
    keyword: str = "theorem"

    def __str__(self) -> str:
        space = "" if self.signature.startswith(".{") else " "
        return f"{self.keyword} {self.name}{space}{self.signature} {self.body}"

    @property
    def tag(self) -> str:
        """Its name among the lemmas of its declaration."""
        return self.name.rpartition(f".{_HELPER}.")[2]

    @property
    def open(self) -> bool:
        """Has its proof a hole, by its words?"""
        return has_hole(self.body)

    @property
    def counterexamples(self) -> str:
        """A command that Lean accepts only if the lemma is false for small numbers; empty where it has none to try."""
        groups, conclusion = binders(self.signature)
        if not conclusion or any(not names for names, _ in groups):
            return ""
        variables = {name: type_ for names, type_ in groups for name in names.split()}
        ways = [f" | exact {found.body.removeprefix(':= ')}" for found in islice(instances(variables), _INSTANCES)]
        bound = self.signature[: len(self.signature) - len(conclusion)].rstrip().removesuffix(":").strip()
        said = f"∀ {bound}, {conclusion}" if bound else conclusion
        return f"example : ¬ ({said}) := by first{''.join(ways)}" if ways else ""


@dataclass(frozen=True, slots=True)
class Proof:
    """A body for the slot (from `:=` on) and the lemmas of its own that it uses."""

    body: str
    lemmas: tuple[Lemma, ...] = ()

    @property
    def helpers(self) -> str:
        """The lemmas as commands."""
        return "\n\n".join(map(str, self.lemmas))

    @property
    def whole(self) -> bool:
        """Are its lemmas without holes? Of the body, the bench says that."""
        return not any(lemma.open for lemma in self.lemmas)


def has_hole(code: str) -> bool:
    """Does the text leave something open, by its words?"""
    return bool(_HOLE.search(masked(code)))


def reserved(task: Task, tag: str) -> str:
    """The name of a lemma of the task's declaration, as it is written in front of it."""
    return f"{local_name(task)}.{_HELPER}.{tag}"


def too_deep(task: Task) -> bool:
    """Is the declaration a lemma of a lemma?"""
    return task.declaration.name.split(".").count(_HELPER) >= DEEPEST


async def objection(bench: Bench, proof: Proof, beside: str = "") -> str:
    """What Lean has against the proof from its lemmas, or against the command beside them; or else nothing."""
    helpers = f"{proof.helpers}\n\n{beside}".strip()
    (trial,) = await bench.try_bodies([proof.body], helpers=helpers)
    return "" if trial.closes else " ".join(trial.messages[:1]) or "Lean does not accept the proof from them"


async def settled(bench: Bench, proof: Proof) -> tuple[Proof, str]:
    """The proof with its simple lemmas proved, and which lemma is false for small numbers, in words; or else nothing.

    The proof from its lemmas has been accepted at the bench before.
    """
    for place, lemma in enumerate(proof.lemmas):
        if not lemma.open:
            continue
        proved = replace(proof, lemmas=_with(proof.lemmas, place, replace(lemma, body=SIMPLE)))
        if not await objection(bench, proved):
            proof = proved
        elif lemma.counterexamples and not await objection(bench, proof, lemma.counterexamples):
            return proof, f"its lemma {lemma.tag} looks false: Lean refutes it for small numbers"
    return proof, ""


def _with(lemmas: Sequence[Lemma], place: int, lemma: Lemma) -> tuple[Lemma, ...]:
    return (*lemmas[:place], lemma, *lemmas[place + 1 :])
