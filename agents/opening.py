"""A goal laid open before arithmetic begins: what can be introduced, taken apart or substituted is.

A statement hides numbers behind quantifiers, conjunctions and functions that it defines by an equation. Lean says what
is left, with names that can be written. Used by the automation agent, whose further waves begin with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agents.base import Bench
from agents.portfolio import body
from agents.splitter import Goal, naming, read

_APART = "repeat cases ‹_ ∧ _›"
_EQUATION = re.compile(r"∀ (?:\(.*?\)|[^,(]*), (?P<function>[^\W\d][\w'₀-₉]*) [^=→∀∃<>]* (?:=|↔) (?P<value>.*)")


@dataclass(frozen=True, slots=True)
class Opened:
    """The lines of tactics that open a statement, and the goal that they leave."""

    tactics: str
    goal: Goal

    def then(self, tactic: str) -> str:
        """A tactic for the whole statement, from one for the goal."""
        return f"{self.tactics}\n{tactic}" if self.tactics else tactic


async def opened(bench: Bench, statement: str) -> Opened | None:
    """The goal of a statement, which Lean prints so, laid open; None where Lean prints none that can be read back.

    Costs one check.
    """
    whole = read(statement)
    if whole is None:
        return None
    tactics = _tactics(whole)
    printed = await bench.goals(body(tactics))
    left = read(printed[0]) if printed else None
    if left is None or left == whole:
        return None if whole.hidden else Opened("", whole)
    named = naming(left)
    return Opened(tactics if named == "skip" else f"{tactics}\n{named}", _written(left, named))


def _tactics(goal: Goal) -> str:
    lines = [
        "intros",
        *(f"obtain ⟨_, _⟩ := {name}" for name, type_ in goal.variables.items() if type_.startswith("∃ ")),
    ]
    if values := list(_definitions(goal)):
        lines.append(f"simp only [{', '.join(values)}] at *")
    return "\n".join([*lines, _APART, "subst_vars"])


def _definitions(goal: Goal) -> Iterator[str]:
    """Hypotheses that say for every argument what a function of the statement is, not in terms of itself."""
    variables = goal.variables
    for name, type_ in variables.items():
        match = _EQUATION.fullmatch(type_)
        if match and match["function"] in variables and match["function"] not in re.findall(r"[\w']+", match["value"]):
            yield name


def _written(goal: Goal, named: str) -> Goal:
    """The goal with the names that `named` gives."""
    new = iter(named.partition("rename_i ")[2].split())
    names = {old: next(new) for old in goal.hidden}

    def rename(text: str) -> str:
        return re.sub(r"[^\W\d][\w'₀-₉]*✝[⁰¹²³⁴-⁹]*", lambda match: names.get(match[0], match[0]), text)

    return Goal(tuple((rename(name), rename(type_)) for name, type_ in goal.groups), rename(goal.conclusion))
