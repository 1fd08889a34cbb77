"""Counterexamples among the first so many numbers, which Lean itself looks for: one decision for all of them.

A box is a range for each numeric variable of a statement. Whether there is a counterexample in it the kernel computes
(`decide +kernel`, which trusts nothing else); cutting it into smaller ones finds where. Pure; used by the disprover.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from agents.refutation import KERNEL, Instance, context
from agents.values import NUMBERS, bracketed, values

# How far each of so many variables goes. A thousand points take Lean about a second, with integers about ten.
_NATURAL = {1: (64, 256), 2: (8, 32, 64), 3: (6, 10), 4: (3, 5)}
_INTEGER = {1: (16, 128), 2: (8, 14), 3: (4, 6), 4: (3,)}
_PIECES = 16  # into which a range is cut
_DECIDE = f"set_option synthInstance.maxSize 4096 in {KERNEL}"  # with some hypotheses it is a large instance


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers from `start` on, so many."""

    start: int
    count: int

    def __str__(self) -> str:
        last = self.start + self.count - 1
        return f"= {last}" if self.count == 1 else f"from {self.start} to {last}"


@dataclass(frozen=True, slots=True)
class Box:
    """`types` are those of all that the statement binds, in order; what has no range is a hypothesis.

    With a `cut`, the statement is a conjunction behind so many of them, and the others are bound by its second half.
    """

    types: Mapping[str, str]
    ranges: Mapping[str, Range]
    cut: int | None = None

    @property
    def body(self) -> str:
        """A body for the negated statement: there is a counterexample in the box."""
        bound, arguments = [], []
        for number, (name, type_) in enumerate(self.types.items()):
            one = self.ranges.get(name)
            if one is None:
                bound.append(f"h{number}")
                arguments.append(f"h{number}")
            elif one.count == 1:
                arguments.append(bracketed(str(one.start)))
            else:
                bound.append(f"(v{number} : Nat) (_ : v{number} < {one.count})")
                arguments.append(_shifted(f"v{number}", type_, one.start))
        function = f"fun {' '.join(bound)} => " if bound else ""
        return f":= fun h => absurd ({function}{self._applied(arguments)}) (by {_DECIDE})"

    def _applied(self, arguments: Sequence[str]) -> str:
        """The statement, which is called `h`, for these arguments."""
        if self.cut is None:
            return f"@h {' '.join(arguments)}"
        return f"(@h {' '.join(arguments[: self.cut])}).2 {' '.join(arguments[self.cut :])}"

    @property
    def where(self) -> str:
        """Where the counterexample is: a point, or ranges."""
        return "for " + ", ".join(f"{name.partition('✝')[0]} {one}" for name, one in self.ranges.items())

    def instance(self, proof: str) -> Instance:
        """Where it is a point: the same as an instance, with a tactic for each thing to be proved."""
        one = {name: bracketed(str(range_.start)) for name, range_ in self.ranges.items()}
        arguments = [one.get(name, f"(by {proof})") for name in self.types]
        return Instance(f":= fun h => absurd ({self._applied(arguments)}) (by {proof})", self.where)

    def pieces(self) -> list[Box]:
        """The box cut along its first variable that has more than one value; empty where it is a point."""
        name = next((name for name, one in self.ranges.items() if one.count > 1), None)
        if name is None:
            return []
        one = self.ranges[name]
        step, end = -(-one.count // _PIECES), one.start + one.count
        cuts = (Range(start, min(step, end - start)) for start in range(one.start, end, step))
        return [replace(self, ranges={**self.ranges, name: cut}) for cut in cuts]


def boxes(goal: str, cut: int | None = None) -> Iterator[Box]:
    """The boxes for a goal whose variables are numbers, small ones first; none where others are among them.

    With a `cut`, the goal is that of the second half of a conjunction.
    """
    types = context(goal)
    numbers = [name for name, type_ in types.items() if NUMBERS.get(type_) in ("Nat", "Int")]
    if len(numbers) < sum(bool(values(type_)) for type_ in types.values()):
        return
    whole = all(NUMBERS[types[name]] == "Nat" for name in numbers)
    for bound in (_NATURAL if whole else _INTEGER).get(len(numbers), ()):
        yield Box(types, {name: _range(types[name], bound) for name in numbers}, cut)


def _range(type_: str, bound: int) -> Range:
    """As many numbers, around zero where there are negative ones."""
    return Range(-(bound // 2) if NUMBERS[type_] == "Int" else 0, bound)


def _shifted(variable: str, type_: str, start: int) -> str:
    if NUMBERS[type_] == "Int":
        return f"(({variable} : Int) + ({start}))"
    return f"({variable} + {start})" if start else variable
