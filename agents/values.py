"""Values of Lean types as terms, the smallest first: what a counterexample may be made of.

Types are read as Lean prints them; of a type that is not known here there are no values. A pure function, used by
`agents.refutation`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

NUMBERS = {"Nat": "Nat", "Int": "Int", "Rat": "Rat", "ℕ": "Nat", "ℤ": "Int", "ℚ": "Rat", "ℝ": "Rat"}
_MOST = 40  # values of one type

_NATURALS = tuple(map(str, range(_MOST)))
_PLAIN = {
    "Nat": _NATURALS,
    "Int": ("0", *chain.from_iterable((n, f"-{n}") for n in _NATURALS[1 : _MOST // 2])),
    "Rat": ("0", "1", "-1", "1/2", "2", "-1/2", "-2", "3/2", "1/3", "3"),
    "Bool": ("false", "true"),
    "Prop": ("False", "True"),
    "Unit": ("()",),
    "PUnit": ("⟨⟩",),
    "Char": ("'a'", "'b'"),
    "String": ('""', '"a"', '"b"', '"ab"', '"aa"'),
    "Type": ("Bool", "Nat", "Unit", "Empty"),
}
_LIFTED = ("ULift Bool", "ULift Nat", "PUnit")  # types of any universe

# Functions by what they take and give, `x` and `y` being what they take; n stands for a type of numbers.
_FORMULAS = {
    "n→n": ("x", "x + 1", "x - 1", "x * 2", "x / 2", "x * x", "x % 2", "-x"),
    "n→Prop": ("x = 0", "x ≠ 0", "x % 2 = 0", "x ≤ 1", "2 ≤ x"),
    "n→Bool": ("x == 0", "x != 0", "x % 2 == 0", "decide (x ≤ 1)"),
    "n→n→n": ("x + y", "x * y", "x - y", "x", "y", "max x y"),
    "n→n→Prop": ("x = y", "x ≤ y", "x < y", "x ≠ y", "x + y = 1"),
    "n→n→Bool": ("x == y", "decide (x ≤ y)", "decide (x < y)"),
    "Bool→Bool": ("x", "!x"),
    "Bool→Prop": ("x = true", "x = false"),
    "Bool→Bool→Bool": ("x && y", "x || y", "x == y", "x", "x != y"),
    "Bool→n": ("if x then 1 else 0", "if x then 0 else 1"),
    "Prop→Prop": ("x", "¬x"),
    "Prop→Prop→Prop": ("x ∧ y", "x ∨ y", "x → y", "x"),
}
_OF_TWO = ("x = y", "x ≠ y")  # a relation on any type


def values(type_: str) -> tuple[str, ...]:
    """Terms of a type, at most 40, without brackets around them; none where it is not known."""
    type_ = _stripped(type_)
    if len(parts := _divided(type_, "→")) > 1:
        return tuple(_functions([_stripped(part) for part in parts[:-1]], _stripped(parts[-1])))[:_MOST]
    if len(parts := _divided(type_, "×")) > 1:
        return tuple(f"({a}, {b})" for a, b in _pairs(values(parts[0]), values(" × ".join(parts[1:]))))
    head, *arguments = _divided(type_, " ")
    if not arguments:
        return _PLAIN.get(NUMBERS.get(head, head), ())
    if head in ("Type", "Sort"):
        return _LIFTED
    return tuple(_applied(head, arguments))


def bracketed(term: str) -> str:
    """A term as it can be an argument."""
    return term if re.fullmatch(r"[\w.]+|\(\)|⟨.*⟩|\[[^\]]*\]|\"\w*\"|'\w'", term) else f"({term})"


def _applied(head: str, arguments: Sequence[str]) -> Iterator[str]:
    """Values of `List Nat`, `Fin 3` and the like."""
    if head == "Fin":
        yield from _NATURALS[: int(arguments[0]) if arguments[0].isdecimal() else 3]
    elif head == "ULift":
        yield from (f"⟨{value}⟩" for value in values(arguments[0]))
    elif head == "Option":
        yield from ("none", *(f"some {bracketed(value)}" for value in values(arguments[0])[:4]))
    elif head in ("List", "Array"):
        mark = "" if head == "List" else "#"
        yield from (f"{mark}[{', '.join(items)}]" for items in _sequences(values(arguments[0])))


def _sequences(items: Sequence[str]) -> list[Sequence[str]]:
    """The empty one, and short ones of at most three different items."""
    if not items:
        return [()]
    a, b, c = (items[min(place, len(items) - 1)] for place in range(3))
    found = ((), (a,), (b,), (a, b), (b, a), (a, a), (b, b), (b, b, a), (a, b, a), (a, b, c), (c, b, a), (b, c, b, a))
    return list(dict.fromkeys(found))


def _pairs(first: Sequence[str], second: Sequence[str]) -> list[tuple[str, str]]:
    """By the sum of their places."""
    pairs = ((i + j, a, b) for i, a in enumerate(first[:6]) for j, b in enumerate(second[:6]))
    return [(a, b) for _, a, b in sorted(pairs, key=lambda pair: pair[0])]


def _functions(domains: Sequence[str], codomain: str) -> Iterator[str]:
    """Formulas and constant functions; `False → True` is a type of functions that has none here."""
    if not values(codomain):
        return
    if len(domains) > 2:
        formulas: Sequence[str] = ()
    else:
        kinds = ["n" if type_ in NUMBERS else type_ for type_ in (*domains, codomain)]
        formulas = _FORMULAS.get(
            "→".join(kinds), _OF_TWO if codomain == "Prop" and len({*domains}) < len(domains) else ()
        )
        if not formulas and domains == [codomain]:
            formulas = ("x",)
    names = " ".join("xy"[: len(domains)])
    unused = " ".join("_" for _ in domains)
    constants = [f"fun {unused} => {value}" for value in values(codomain)[:3]]
    written = [f"fun {names} => {formula}" for formula in formulas]
    yield from (*written[:1], *constants[:1], *written[1:], *constants[1:])


def _stripped(type_: str) -> str:
    """Without brackets around the whole."""
    type_ = type_.strip()
    while type_.startswith("(") and _divided(type_, " ") == [type_] and type_.endswith(")"):
        type_ = type_[1:-1].strip()
    return type_


def _divided(type_: str, mark: str) -> list[str]:
    """Its parts between the marks that stand in no brackets."""
    found, depth = [""], 0
    for char in type_:
        depth += (char in "([{⟨") - (char in ")]}⟩")
        if char == mark and depth == 0:
            found.append("")
        else:
            found[-1] += char
    return [part.strip() for part in found]
