"""Variables that can take few values only: their bounds, and proofs by all the cases.

Which bounds hold is asked of Lean, many in one document; then either the kernel decides all the points at once
(`decide +kernel`), or the values of one variable are told apart. Pure; the automation agent asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod
from textwrap import indent

from agents.arithmetic import hypotheses, numbers, squares_of, text
from agents.splitter import Goal

_LADDER = (12, 25, 40, 80, 160, 400, 1000)  # bounds that are tried
_VARIABLES = 3
_POINTS = {"Nat": 8_000, "Int": 800}  # that the kernel decides in some ten seconds
_VALUES = 64  # that are told apart
_CLOSING = ("omega", "(simp_all; done)", "grind")
_POWER = re.compile(r"(?<![\w.])(\d+) \^ ([^\W\d][\w'₀-₉]*)")
_DIVIDES = re.compile(r"(?P<variable>[^\W\d][\w'₀-₉]*) ∣ .*")
_WORD = re.compile(r"[\w'₀-₉]+")
_PRODUCT = re.compile(r"(?P<a>[^\W\d][\w'₀-₉]*) \* (?P<b>[^\W\d][\w'₀-₉]*) = (?P<value>\d+)")


@dataclass(frozen=True, slots=True)
class Bound:
    """A variable lies between two numbers; `proof` are lines of tactics that show it, as `low_v` and `high_v`."""

    variable: str
    type: str
    least: int
    most: int
    proof: str

    @property
    def count(self) -> int:
        """How many values that leaves."""
        return self.most - self.least + 1


def bounds(goal: Goal) -> list[Bound]:
    """Bounds that may hold; whether one does, Lean says of its proof."""
    found = []
    for name in numbers(goal, "Nat", "Int")[:_VARIABLES]:
        signs = (0, 1) if goal.variables[name] == "Int" else (0,)
        found += [_bound(goal, name, -sign * most, most) for most in _LADDER for sign in signs]
    return found


def tightest(held: Sequence[Bound]) -> dict[str, Bound]:
    """For each variable the bound that leaves the fewest values, among those that hold."""
    found: dict[str, Bound] = {}
    for bound in sorted(held, key=lambda one: one.count, reverse=True):
        found[bound.variable] = bound
    return found


def bounded(goal: Goal, held: Mapping[str, Bound]) -> Iterator[str]:
    """Proofs by all the cases, given the bounds that hold."""
    chosen = sorted(held.values(), key=lambda bound: bound.count)
    points = min((_POINTS[bound.type] for bound in chosen), default=0)
    if prod(bound.count for bound in chosen) <= points and not _words(goal.conclusion) & _unbounded(goal, chosen):
        yield _decided(goal, chosen)
    for bound in chosen[:1]:
        if bound.count <= _VALUES:
            yield from (_told_apart(bound, closing) for closing in _CLOSING)


def divided(goal: Goal) -> Iterator[str]:
    """Where a product of two variables is a number, one is a quotient: all divisors are decided at once."""
    for name, type_ in goal.variables.items():
        match = _PRODUCT.fullmatch(type_)
        if match and goal.variables.get(match["a"]) == "Nat" and 0 < int(match["value"]) <= _POINTS["Nat"]:
            a, b, value = match["a"], match["b"], match["value"]
            yield (
                f"have high_{a} : {a} ≤ {value} := Nat.le_of_dvd (by decide) ⟨{b}, {name}.symm⟩\n"
                f"obtain rfl : {b} = {value} / {a} := by\n  rw [← {name}, Nat.mul_div_cancel_left]\n"
                f"  exact Nat.pos_of_ne_zero (by rintro rfl; simp at {name})\n"
                f"revert {' '.join(dict.fromkeys([*_about(goal, [a, b]), f'high_{a}']))}\nrevert {a}\ndecide +kernel"
            )


def _bound(goal: Goal, name: str, least: int, most: int) -> Bound:
    whole = goal.variables[name] == "Int"
    way = indent(_ways(goal, name, most), "  ")
    high = f"have high_{name} : {name} ≤ {most} := by\n{way}"
    low = f"have low_{name} : {least} ≤ {name} := by\n{way}\n" if whole else ""
    return Bound(name, goal.variables[name], least, most, low + high)


def _ways(goal: Goal, name: str, most: int) -> str:
    """One tactic: linear arithmetic, on its own or with products, powers and divisors."""
    ways = ["omega"]
    whole = numbers(goal, "Int")[:_VARIABLES]
    pairs = [*combinations(whole, 2)]
    if pairs:
        facts = "; ".join(f"have := Int.mul_nonneg (show 0 ≤ {a} by omega) (show 0 ≤ {b} by omega)" for a, b in pairs)
        ways.append(f"({facts}; omega)")
    if name in whole and _squared(goal, name):
        known = squares_of("Int", whole).replace("\n", "; ")
        for side in (name, f"-{name}"):
            product = f"Int.mul_nonneg (show 0 ≤ {side} - {most} by omega) (show 0 ≤ {side} + {most} by omega)"
            ways.append(f"(refine Int.not_lt.mp fun above => ?_; {known}; have := {product}; grind)")
    if goal.variables[name] == "Nat":
        ways += _ways_of_a_natural(goal, name)
    return "first | " + " | ".join(ways)


def _ways_of_a_natural(goal: Goal, name: str) -> Iterator[str]:
    opening = "refine Nat.le_of_not_lt fun above => ?_"
    powers = _POWER.findall(text(goal))
    for base in {base for base, exponent in powers if exponent == name}:
        others = [(b, e) for b, e in dict.fromkeys(powers) if e != name]
        facts = [f"have := Nat.pow_le_pow_right (n := {base}) (by decide) above"]
        facts += (
            f"have := Nat.le_mul_of_pos_right ({base} ^ {name}) (Nat.pow_pos (n := {e}) (show 0 < {b} by decide)); "
            f"have := Nat.le_mul_of_pos_left ({base} ^ {name}) (Nat.pow_pos (n := {e}) (show 0 < {b} by decide))"
            for b, e in others
        )
        yield f"({opening}; {'; '.join(facts)}; omega)"
    for hypothesis, type_ in goal.variables.items():
        match = _DIVIDES.fullmatch(type_)
        if match and match["variable"] == name:
            yield f"exact Nat.le_trans (Nat.le_of_dvd (by omega) {hypothesis}) (by omega)"
    if _squared(goal, name):
        yield f"({opening}; have := Nat.mul_le_mul above above; grind)"


def _squared(goal: Goal, name: str) -> bool:
    return f"{name} ^ " in text(goal) or f"{name} * {name}" in text(goal)


def _about(goal: Goal, names: Sequence[str]) -> list[str]:
    """The hypotheses about any of the variables, in the order in which the goal has them."""
    some = {hypothesis for name in names for hypothesis in hypotheses(goal, name)}
    return [name for name in goal.variables if name in some]


def _unbounded(goal: Goal, chosen: Sequence[Bound]) -> set[str]:
    return {*numbers(goal, "Nat", "Int", "Rat")} - {bound.variable for bound in chosen}


def _words(code: str) -> set[str]:
    return set(_WORD.findall(code))


def _decided(goal: Goal, chosen: Sequence[Bound]) -> str:
    """All points at once: what speaks of other variables is left out, and integers are counted from the least."""
    others = _unbounded(goal, chosen)
    about = _about(goal, [bound.variable for bound in chosen])
    foreign = [name for name in about if others & _words(goal.variables[name])]
    lines = [bound.proof for bound in chosen]
    lines += [f"clear {' '.join(foreign)}"] if foreign else []
    kept = [name for name in about if name not in foreign]
    for bound in chosen:
        name = bound.variable
        if bound.type == "Int":
            shifted = f"⟨({name} - ({bound.least})).toNat, by omega, by omega⟩"
            lines.append(
                f"obtain ⟨n_{name}, count_{name}, rfl⟩ : ∃ n : Nat, n ≤ {bound.count - 1} ∧"
                f" {name} = (n : Int) + ({bound.least}) := {shifted}\nclear low_{name} high_{name}"
            )
    if kept:
        lines.append(f"revert {' '.join(kept)}")
    for bound in reversed(chosen):
        limit, counted = ("count_", "n_") if bound.type == "Int" else ("high_", "")
        lines.append(f"revert {limit}{bound.variable}\nrevert {counted}{bound.variable}")
    # Each implication is a step of the search for the instance that decides.
    return "\n".join([*lines, "set_option synthInstance.maxSize 2000 in decide +kernel"])


def _told_apart(bound: Bound, closing: str) -> str:
    """A case for each value, counted from the least; `closing` is the tactic for all of them."""
    counted, name = f"n_{bound.variable}", bound.variable
    least = f"({bound.least} : Int)" if bound.type == "Int" else f"{bound.least}"
    witness = f"({name} - {least}).toNat" if bound.type == "Int" else f"{name} - {least}"
    cast = f"({counted} : Int)" if bound.type == "Int" else counted
    arms = "".join(f"\n| {value}, _ => {closing}" for value in range(bound.count))
    return (
        f"{bound.proof}\nobtain ⟨{counted}, count, rfl⟩ : ∃ {counted} : Nat, {counted} ≤ {bound.count - 1} ∧ "
        f"{name} = {cast} + {least} := ⟨{witness}, by omega, by omega⟩\nmatch {counted}, count with{arms}"
    )
