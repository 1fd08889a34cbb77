"""Is the statement false for small numbers? Instances that Lean can decide, as a pure function of the goal.

A statement that nobody can prove is often one that is not true; whoever wrote it wants to know for which numbers. Used
by the automation agent, whose answer it only explains: a counterexample here is a hint, not a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

# Types whose values are tried; in a goal with anything else that is no hypothesis there is nothing to try.
_NUMBERS = ("Nat", "Int")
_OTHER_DATA = ("Type", "Sort", "Prop", "List", "Fin", "Bool", "Rat", "String", "→ Nat", "→ Int")
# The numbers from 0 on that each of so many variables takes; more variables than these are not tried.
_RANGES = {0: 0, 1: 14, 2: 6, 3: 3, 4: 2}
_EXTRA = 2  # quantifiers behind the turnstile that may take numbers too


@dataclass(frozen=True, slots=True)
class Instance:
    """A body for the negated statement, and where it refutes: `for n = 5, m = 0`."""

    body: str
    where: str


def instances(variables: Mapping[str, str]) -> Iterator[Instance]:
    """The instances of a statement whose goal has these variables (name → type, in order), small numbers first."""
    data = [name for name, type_ in variables.items() if type_ in _NUMBERS]
    others = [type_ for type_ in variables.values() if type_ not in _NUMBERS]
    if any(word in type_ for type_ in others for word in _OTHER_DATA):
        return
    for extra in range(_EXTRA + 1):
        several = len(data) + extra
        for values in sorted(product(range(_RANGES.get(several, 0)), repeat=several), key=sum):
            numbers = dict(zip(data, map(str, values), strict=False))
            quantified = [str(value) for value in values[len(data) :]]
            arguments = [numbers.get(name, "(by decide)") for name in variables] + quantified
            shown = [f"{name} = {value}" for name, value in numbers.items()]
            shown += [f"{value} for the ∀" for value in quantified]
            where = f"for {', '.join(shown)}" if shown else "as it stands"
            yield Instance(f":= fun h => absurd (@h {' '.join(arguments)}) (by decide)", where)
