"""Is the statement false for small values? Instances that Lean can decide, as a pure function of the goal.

A statement that nobody can prove is often one that is not true; whoever wrote it wants to know for which values. Used
by the automation agent, whose answer it only explains, and by the disprover, which hands in what it finds: a
counterexample here is a hint, and what it proves is for the judge to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from agents.values import bracketed, values

DECIDE, KERNEL = "decide", "decide +kernel"
# How many values each of so many variables takes; more variables than these are not tried.
_FEW = {0: 1, 1: 14, 2: 6, 3: 3, 4: 2}
MANY = {0: 1, 1: 20, 2: 8, 3: 4, 4: 3, 5: 2, 6: 2}
_MOST = 60  # instances in one document
_HIDDEN = 2  # quantifiers behind the turnstile that may take numbers too

_HYPOTHESIS = re.compile(r"(?P<names>[^\s:⊢][^:]*?) : (?P<type>\S.*)")


@dataclass(frozen=True, slots=True)
class Instance:
    """A body for the negated statement, and where it refutes: `for n = 5, m = 0`."""

    body: str
    where: str


def context(goal: str) -> dict[str, str]:
    """What stands before `⊢`, in order: names with their types, also names that Lean marks as inaccessible, and
    without those that are defined to be something.
    """
    found: dict[str, str] = {}
    for line in goal.partition("⊢")[0].splitlines():
        if (match := _HYPOTHESIS.fullmatch(line)) and " := " not in match["type"]:
            found.update(dict.fromkeys(match["names"].split(), match["type"]))
    return found


def instances(
    variables: Mapping[str, str],
    *,
    proof: str = DECIDE,
    hidden: int = _HIDDEN,
    widths: Mapping[int, int] = _FEW,
) -> Iterator[Instance]:
    """The instances of a statement whose goal has these variables (name → type, in order), small values first.

    What is no variable of a known type is taken for a hypothesis, and left to the tactic `proof`, as is what remains to
    be refuted. `hidden` is how many quantifiers behind the turnstile may take numbers as well.
    """
    for extra in range(hidden + 1):
        quantified = {f"∀{number}": "Nat" for number in range(extra)}
        whole = {**variables, **quantified}
        _, first = next(_choices([*whole.items()], {}, 1))
        found = sorted(_choices([*whole.items()], {}, widths.get(len(first), 0)), key=lambda choice: choice[0])
        for _, chosen in islice((choice for choice in found if len(choice[1]) == len(first)), _MOST):
            arguments = [_argument(name, type_, chosen, proof) for name, type_ in whole.items()]
            body = f":= fun h => absurd (@h {' '.join(arguments)}) (by {proof})"
            yield Instance(body, _where({name: chosen[name] for name in whole if name in chosen}))


def _choices(
    todo: list[tuple[str, str]], chosen: Mapping[str, str], width: int
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Values for the variables, at most `width` for each, and the sum of their places in the lists of values."""
    if not todo:
        yield 0, chosen
        return
    (name, type_), *rest = todo
    found = values(_instantiated(type_, chosen))
    if not found:
        yield from _choices(rest, chosen, width)
    for place, value in enumerate(found[:width]):
        for more, whole in _choices(rest, {**chosen, name: value}, width):
            yield place + more, whole


def _instantiated(type_: str, chosen: Mapping[str, str]) -> str:
    """The type with values for the variables in it: `List α` becomes `List Bool`."""
    return re.sub(
        r"[^\W\d][\w'✝]*", lambda word: bracketed(chosen.get(word[0], "")) if word[0] in chosen else word[0], type_
    )


def _argument(name: str, type_: str, chosen: Mapping[str, str], proof: str) -> str:
    if name in chosen:
        return bracketed(chosen[name])
    return "inferInstance" if name.startswith("inst✝") else f"(by {proof})"


def _where(chosen: Mapping[str, str]) -> str:
    shown = [
        f"{value} for the ∀" if name.startswith("∀") else f"{name.partition('✝')[0]} = {value}"
        for name, value in chosen.items()
    ]
    return f"for {', '.join(shown)}" if shown else "as it stands"
