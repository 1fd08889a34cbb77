"""A proof as its layout has it: sequences of tactics, arms, calc steps, terms, one inside the other.

The nouns, and how one moves among them; `agents.repair.layout` reads a text. What is said of a text is a guess that
Lean confirms or not. The stages of a repair use it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Sort(StrEnum):
    """What a block is."""

    BODY = "body"  # all there is: from `:=`, or from the first `|`
    TERM = "term"  # a proof that is given as a term: after `:=`, after an arm's `=>`, a step's proof
    SEQUENCE = "sequence"  # tactics one after the other: after `by`, `·`, an arm's `=>`, or in brackets
    TACTIC = "tactic"  # one of a sequence, with all that belongs to it: its `<;>`, its arms, its blocks
    ARM = "arm"  # `| pattern => proof`
    STEP = "step"  # of `calc`: `_ = b := proof`


@dataclass(frozen=True, slots=True)
class Block:
    """Half-open range of characters, without the space and the comments at its ends.

    `word` is the first word of a tactic (`rw`, `have`, `·`), and of a sequence or a term what introduces it (`by`,
    `·`, `=>`, `:=`, `then`, `all_goals`, `|` for an alternative of `first`), which stands at `opens`, before `start`. A
    sequence or a term of which nothing is there is empty, behind what introduces it. Parts lie inside, in order, and
    do not overlap.
    """

    sort: Sort
    start: int
    end: int
    word: str = ""
    parts: tuple[Block, ...] = ()
    opens: int = -1

    def walk(self) -> Iterator[Block]:
        """This block and all inside, outermost first, in the order of the text."""
        ahead = [self]
        while ahead:
            block = ahead.pop()
            yield block
            ahead += reversed(block.parts)

    def path(self, start: int, end: int) -> tuple[Block, ...]:
        """The blocks that contain these characters, outermost first; empty where this one does not."""
        found: list[Block] = []
        block: Block | None = self
        while block is not None and block.start <= start <= end <= block.end:
            found.append(block)
            index = bisect_right(block.parts, start, key=lambda part: part.start)
            block = block.parts[index - 1] if index else None
        return tuple(found)

    def above(self, block: Block) -> tuple[Block, ...]:
        """What is around a block that is somewhere inside this one, outermost first; empty for this one itself."""
        around = self.path(block.start, block.end)
        return around[: next((place for place, one in enumerate(around) if one is block), 0)]

    def parent(self, block: Block) -> Block | None:
        """The smallest block around a block that is somewhere inside this one; None for this one itself."""
        return next(reversed(self.above(block)), None)

    def sequence(self, block: Block) -> Block | None:
        """The smallest sequence around a block that is somewhere inside this one, if there is one."""
        return next((one for one in reversed(self.above(block)) if one.sort is Sort.SEQUENCE), None)

    def siblings(self, block: Block) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
        """The parts of its parent that come before a block, and those that come after it."""
        parent = self.parent(block)
        parts = parent.parts if parent else (block,)
        place = next(place for place, part in enumerate(parts) if part is block)
        return parts[:place], parts[place + 1 :]

    def column(self, body: str) -> int:
        """How many characters stand before the block on its line; for a sequence, how far its items are indented.

        On the body's first line it is as if nothing stood before the body.
        """
        return self.start - (body.rfind("\n", 0, self.start) + 1)

    def text(self, body: str) -> str:
        """What stands in the block."""
        return body[self.start : self.end]
