"""The candidates that the automation agent tries, as a pure function of the task and its goal.

They come in waves: the first cost milliseconds, the last may cost seconds each. A candidate names only lemmas and
definitions that the task gives, variables of the goal, and a few lemmas of Lean's own library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from prover.model import Task

# Full names, so that what is found in the project can be told from what is found in the library.
SEARCH = "set_option pp.fullNames true in exact?"

_HYPOTHESIS = re.compile(r"(?P<names>[^\s:⊢][^:]*?) : (?P<type>\S.*)")
_NAME = re.compile(r"[^\W\d][\w'₀-₉]*")

# Induction on more variables than this, or hints from more lemmas, has cost more than it has found.
_VARIABLES = 3
_FEW, _MORE = 3, 5

# By a symbol of the goal: lemmas of the library that `grind` does not know by itself.
_LIBRARY = {
    "∣": ("Nat.dvd_add", "Nat.dvd_mul_left", "Nat.dvd_mul_right", "Nat.dvd_mul_left_of_dvd", "Nat.dvd_one"),
    "≤": ("Nat.mul_le_mul", "Nat.pow_le_pow_left"),
    "^": ("Nat.pow_succ",),
    "Coprime": ("Nat.Coprime", "Nat.gcd_comm"),
}


@dataclass(frozen=True, slots=True)
class Wave:
    """Candidate bodies that are tried together, and what they have in common."""

    what: str
    bodies: tuple[str, ...]


def waves(task: Task, goal: str) -> Iterator[Wave]:
    """The portfolio, cheapest wave first; no body comes twice, and no wave is empty.

    `goal` is the pretty-printed goal of the statement: hypotheses, one group a line, and the conclusion after `⊢`.
    """
    seen: set[str] = set()
    namespace = task.declaration.name.removesuffix(local_name(task))
    definitions = [name.removeprefix(namespace) for name in task.definitions]
    lemmas = [name.removeprefix(namespace) for name in task.lemmas]
    for what, tactics in tactic_waves(goal, lemmas, definitions):
        bodies = tuple(dict.fromkeys(b for tactic in tactics if (b := body(tactic)) not in seen))
        seen.update(bodies)
        if bodies:
            yield Wave(what, bodies)


def body(tactic: str) -> str:
    """What stands in the slot for a tactic: `:= by` and the tactic, indented."""
    return ":= by\n" + "\n".join("  " + line if line else "" for line in tactic.split("\n"))


def local_name(task: Task) -> str:
    """The declaration's name as the source has it, that is, without the namespace that it stands in."""
    return task.slot.source[slice(*task.slot.name)]


def variables(goal: str) -> dict[str, str]:
    """The names before `⊢` with their types; names that Lean marks as inaccessible are left out."""
    found: dict[str, str] = {}
    for line in goal.partition("⊢")[0].splitlines():
        if match := _HYPOTHESIS.fullmatch(line):
            names = (name for name in match["names"].split() if "✝" not in name)
            found.update(dict.fromkeys(names, match["type"]))
    return found


def tactic_waves(goal: str, lemmas: Sequence[str], definitions: Sequence[str]) -> Iterator[tuple[str, Iterable[str]]]:
    """The portfolio as tactics, for any goal: what those of a wave have in common, and the wave.

    `lemmas` and `definitions` are names as they can be written where the goal is, the best first.
    """
    few, more = lemmas[:_FEW], lemmas[:_MORE]
    library = _library(goal)
    places = _induction_variables(goal)
    yield "one tactic", ("rfl", "decide", "omega", "simp", "grind")
    yield "induction", (f"induction {v} with grind{_hints(definitions)}" for v in places)
    yield "induction, simplified", _simplified(places, definitions, more, library)
    yield "functional induction", _functional(places, definitions, [])
    yield "lemmas", (*(use for lemma in few for use in _uses(lemma)), *_chained(more), SEARCH)
    yield "induction with lemmas", (f"induction {v} with grind{_hints(definitions, few)}" for v in places)
    yield "definitions and lemmas", _unfolding(definitions, more)
    yield "functional induction with lemmas", _functional(places, definitions, few)
    yield "library", _with_library(places, definitions, few, library)
    yield "general induction", _general(places, goal, definitions)


def _uses(lemma: str) -> Iterator[str]:
    yield f"exact {lemma} .."
    yield f"simpa using {lemma} .."
    yield f"have := {lemma} ..\nomega"
    yield f"grind [{lemma}]"


def _chained(lemmas: Sequence[str]) -> Iterator[str]:
    if lemmas:
        yield "solve_by_elim" + _hints(lemmas)
        yield "constructor <;> intros <;> solve_by_elim" + _hints(lemmas)


def _unfolding(definitions: Sequence[str], lemmas: Sequence[str]) -> Iterator[str]:
    yield "grind" + _hints(definitions)
    yield "grind" + _hints(lemmas)
    for tactic in ("simp", "simp_all", "grind"):
        yield tactic + _hints(definitions, lemmas)


def _simplified(
    places: Sequence[str], definitions: Sequence[str], lemmas: Sequence[str], library: Sequence[str]
) -> Iterator[str]:
    simplify = "simp_all" + _hints(definitions, lemmas)
    for variable in places:
        yield f"induction {variable} <;> {simplify} <;> omega"
        yield f"induction {variable} <;> {simplify} <;> grind{_hints(library)}"


def _functional(places: Sequence[str], definitions: Sequence[str], lemmas: Sequence[str]) -> Iterator[str]:
    for definition in definitions:
        for target in (definition, *(f"{definition} {variable}" for variable in places)):
            yield f"fun_induction {target} <;> grind{_hints(definitions, lemmas)}"


def _with_library(
    places: Sequence[str], definitions: Sequence[str], lemmas: Sequence[str], library: Sequence[str]
) -> Iterator[str]:
    yield "grind" + _hints(lemmas, library)
    for variable in places:
        yield f"induction {variable} with grind{_hints(definitions, lemmas[:1], library)}"
        yield f"induction {variable} <;> simp_all{_hints(definitions, lemmas, library)}"
    for lemma in lemmas:
        yield "simp" + _hints([f"← {lemma}"], library)


def _general(places: Sequence[str], goal: str, definitions: Sequence[str]) -> Iterator[str]:
    for variable in places:
        others = [name for name in variables(goal) if name != variable]
        if others:
            yield f"induction {variable} generalizing {' '.join(others)} with grind{_hints(definitions)}"


def _hints(*names: Sequence[str]) -> str:
    """The bracket of lemmas after a tactic; nothing when there is none."""
    joined = ", ".join(dict.fromkeys(name for group in names for name in group))
    return f" [{joined}]" if joined else ""


def _library(goal: str) -> list[str]:
    return [name for symbol, names in _LIBRARY.items() if symbol in goal for name in names]


def _induction_variables(goal: str) -> list[str]:
    """Variables of a plain type, the last one first, since authors put it there; those of the conclusion lead."""
    locals = variables(goal)
    plain = [name for name, type in locals.items() if type[:1].isupper() and "→" not in type]
    conclusion = set(_NAME.findall(goal.partition("⊢")[2]))
    hypotheses = {name for type in locals.values() for name in _NAME.findall(type)}
    leading = [name for name in reversed(plain) if name in conclusion]
    return [*leading, *(name for name in reversed(plain) if name in hypotheses - conclusion)][:_VARIABLES]
