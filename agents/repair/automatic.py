"""Tactics for a hole that nobody has to think about, best first, as a pure function of its goal and of what was there.

The portfolio that `agents.portfolio` has for whole statements, with the hypotheses of the goal and the names that the
author had in mind; `agents.repair.closing` tries them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agents.portfolio import SEARCH, local_name, tactic_waves, variables
from agents.repair.rules.base import TACTICS
from prover.lean.lexer import Sort, tokens
from prover.model import Task

# What APOLLO tries on every hole, as far as this Lean has it; `exact?` stands for its `hint`.
FIXED = ("rfl", "assumption", "omega", "decide", "simp", "simp_all", "grind", "contradiction", "ac_rfl", "norm_cast")
_PLAIN = ("rfl", "omega", "assumption", "simp", "decide", "simp_all", "grind", "contradiction", "simp [*]", "ac_rfl")
_OPENING = ("intros <;> {}", "constructor <;> {}", "split <;> {}", "refine ⟨?_, ?_⟩ <;> {}", "ext <;> {}")
_CLOSING = ("simp_all", "omega", "grind")
_COMMUTING = (
    "Nat.add_comm",
    "Nat.add_left_comm",
    "Nat.add_assoc",
    "Nat.mul_comm",
    "Nat.mul_left_comm",
    "Nat.mul_assoc",
)
_RELATIONS = ("=", "≠", "≤", "<", "≥", ">", "∣", "∧", "∨", "¬", "→", "↔", "∀", "∃", "∈", "False")
ROUNDS = 3
_MOST = 24  # in a round
_HYPOTHESES = 4  # the last ones of a goal
_NAMES = 4  # of what was there


def automatic(task: Task, goal: str, was: str) -> list[tuple[str, ...]]:
    """Tactics for the hole, in ROUNDS rounds; what is quick and short comes first, none comes twice."""
    lemmas, definitions = _names(task, goal, was)
    portfolio = [tactic for _, wave in tactic_waves(goal, lemmas, definitions) for tactic in wave if tactic != SEARCH]
    half = len(portfolio) // 2
    rounds = (
        [*_PLAIN, *_with_names(lemmas[:_NAMES], definitions), *_with_hypotheses(goal)],
        [*_with_definitions(definitions), *portfolio[:half]],
        [*_opened(), *portfolio[half:]],
    )
    seen: set[str] = set()
    found = []
    for tactics in rounds:
        new = [tactic for tactic in dict.fromkeys(tactics) if tactic not in seen][:_MOST]
        seen.update(new)
        found.append(tuple(sorted(new, key=len)))
    return found


def _names(task: Task, goal: str, was: str) -> tuple[list[str], list[str]]:
    """Lemmas and definitions as they are written where the hole is; what the author has named comes first."""
    namespace = task.declaration.name.removesuffix(local_name(task))
    definitions = [name.removeprefix(namespace) for name in task.definitions]
    lemmas = [name.removeprefix(namespace) for name in task.lemmas]
    local = variables(goal)
    named = dict.fromkeys(token.text for token in tokens(was) if token.sort is Sort.NAME)
    own = [name for name in named if name not in TACTICS and name not in local and name not in definitions]
    shown = {token.text for token in tokens(goal) if token.sort is Sort.NAME}
    defined = [name for name in own if name in shown]
    meant = [name for name in own if name in lemmas or (name not in shown and ("." in name or "_" in name))]
    return list(dict.fromkeys([*meant, *lemmas])), list(dict.fromkeys([*definitions, *defined]))


def _with_names(lemmas: Sequence[str], definitions: Sequence[str]) -> Iterator[str]:
    for lemma in lemmas:
        yield f"exact {lemma} .."
        yield f"rw [{lemma}]"
        yield f"simp [{lemma}]"
        yield f"grind [{lemma}]"
    for group in (definitions, [*definitions, *lemmas]):
        if group:
            yield from (f"{tactic} [{', '.join(group)}]" for tactic in ("simp", "simp_all", "grind"))


def _with_hypotheses(goal: str) -> Iterator[str]:
    stated = [name for name, type_ in variables(goal).items() if any(word in type_ for word in _RELATIONS)]
    for name in stated[-_HYPOTHESES:]:
        yield f"rw [{name}]"
        yield f"simpa using {name}"
        yield f"exact {name}.symm"
        yield f"apply {name} <;> assumption"
        yield f"cases {name} <;> simp_all"


def _with_definitions(definitions: Sequence[str]) -> Iterator[str]:
    joined = ", ".join(definitions)
    if definitions:
        yield f"simp [{joined}] <;> omega"
        yield f"simp_all [{joined}] <;> omega"
        yield f"simp only [{joined}] <;> omega"
        yield f"simp [{joined}, *]"
        yield f"unfold {definitions[0]} <;> grind"
    yield f"simp [{', '.join([*definitions, *_COMMUTING])}]"


def _opened() -> Iterator[str]:
    return (opening.format(closing) for opening in _OPENING for closing in _CLOSING)
