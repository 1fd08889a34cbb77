"""A Lean text by its commands, and the text that comes of it when some get other proofs and some are left out. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping
from dataclasses import astuple, dataclass
from functools import cached_property
from itertools import accumulate

from agents.repair.edits import Edit, applied
from prover.lean.source import position
from prover.model import Position
from prover.repair.parts import Part, parts
from prover.repair.tasks import OPEN


@dataclass(frozen=True, slots=True)
class New:
    """A proof that is to take another's place, from `:=` on, and commands for the place before its declaration."""

    body: str
    helpers: str = ""


HOLE = New(OPEN)


@dataclass(frozen=True)
class Sheet:
    """Commands are called by their numbers in `parts`."""

    text: str

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        return parts(self.text)

    def edits(self, proofs: Mapping[int, New]) -> list[Edit]:
        """Those that put proofs in their places."""
        found = []
        for number, new in proofs.items():
            part = self.parts[number]
            assert part.slot is not None
            found.append(Edit(*part.slot.body, new.body))
            if new.helpers.strip():
                found.append(Edit(part.start, part.start, f"{new.helpers.strip()}\n\n"))
        return found

    def made(self, proofs: Mapping[int, New], cut: Collection[int], named: Collection[int] = ()) -> Made:
        """The text with these proofs and without the commands `cut`. An `example` among `named` becomes a theorem,
        since Lean keeps no example that somebody could judge."""
        edits = self.edits({number: new for number, new in proofs.items() if number not in cut})
        for number, part in enumerate(self.parts):
            if number in cut:
                edits.append(Edit(part.start, part.end, ""))
            elif number in named and part.keyword == "example" and part.slot is not None:
                start = part.slot.keyword
                edits.append(Edit(start, start + len("example"), f"theorem {self._example(part)}"))
        return Made(self, frozenset(cut), tuple(edits), applied(self.text, edits))

    def _example(self, part: Part) -> str:
        """A name that the text has not."""
        name = f"example_on_line_{part.line}"
        while name in self.text:
            name += "_"
        return name


@dataclass(frozen=True)
class Made:
    """A text that came of a sheet by these edits, without the commands `cut`."""

    sheet: Sheet
    cut: Collection[int]
    edits: tuple[Edit, ...]
    text: str

    @cached_property
    def starts(self) -> list[tuple[int, int]]:
        """Where the commands start now, with the helpers in front of them: place and number, in order."""
        edits = sorted(self.edits)
        before = [edit.start for edit in edits]
        shifts = [0, *accumulate(len(edit.text) - (edit.end - edit.start) for edit in edits)]
        return [
            (part.start + shifts[bisect_left(before, part.start)], number)
            for number, part in enumerate(self.sheet.parts)
            if number not in self.cut
        ]

    def number(self, place: Position) -> int | None:
        """The command to which a place belongs; None for one before all commands."""
        at = bisect_right(self._places, astuple(place), key=lambda pair: pair[0])
        return self._places[at - 1][1] if at else None

    @cached_property
    def _places(self) -> list[tuple[tuple[int, int], int]]:
        return [(astuple(position(self.text, start)), number) for start, number in self.starts]
