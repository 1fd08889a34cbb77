"""What Lean says of a whole file, by the commands that it is about. Pure; a hint where to work, and nothing more."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from prover.lean.hints import Check, Severity
from prover.lean.source import split_header
from prover.model import Position

HEADER = -1


@dataclass(frozen=True, slots=True)
class Faults:
    """Lean's errors by the numbers of the commands, HEADER for what stands before them, and which have holes."""

    errors: Mapping[int, Sequence[str]]
    holes: frozenset[int]

    @property
    def count(self) -> int:
        """How many errors there are."""
        return sum(map(len, self.errors.values()))

    def first(self, number: int) -> str:
        """The first line of the first error about a command; empty where there is none."""
        return next(iter(self.errors.get(number, ())), "").strip().partition("\n")[0]


def faults(text: str, starts: Sequence[tuple[int, int]], check: Check) -> Faults:
    """What is wrong with which command; `starts` are where they start, and their numbers, in order.

    What Lean says of the space behind a command is about that one.
    """
    lines = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    places = [start for start, _ in starts]
    header = len(split_header(text)[0])

    def number(place: Position) -> int:
        start = lines[min(place.line, len(lines) - 1)]
        line = text[start : text.find("\n", start) % (len(text) + 1)]
        at = start + len(line.encode("utf-16-le")[: 2 * place.character].decode("utf-16-le", errors="ignore"))
        before = bisect_right(places, at)
        return HEADER if at < header or not before else starts[before - 1][1]

    errors: dict[int, list[str]] = defaultdict(list)
    holes = set()
    for message in check.messages:
        if message.severity is Severity.ERROR:
            errors[number(message.start)].append(message.text)
        elif message.text.startswith("declaration uses"):
            holes.add(number(message.start))
    return Faults(dict(errors), frozenset(holes))
