"""What is open while a layout is read, and which of it a line that begins at some column ends. Made for the layout.

A frame is a block, or something that has a layout without being one, as the arms of a `match` or a bracket.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from agents.repair.blocks import Block, Sort
from agents.repair.words import Word

_DEEPEST = 200  # so many frames one inside the other are told apart


class Kind(StrEnum):
    """What a frame is; those that are blocks are called as their sort is."""

    BODY = "body"
    TERM = "term"
    SEQUENCE = "sequence"
    TACTIC = "tactic"
    ARM = "arm"
    STEP = "step"
    ARMS = "arms"  # of a `match` or `induction`, or the clauses of a definition
    CHOICES = "choices"  # the alternatives of `first`
    CALC = "calc"
    MATCH = "match"  # up to its `with`
    IF = "if"
    LOCAL = "local"  # `have`, `let`, `show`, `suffices` in a term
    DECLARATIONS = "declarations"  # behind `where`
    DECLARATION = "declaration"
    BRACKET = "bracket"  # what is in one is not bound to the columns around it
    OPAQUE = "opaque"  # a `conv` or `do` block: not looked into


_BLOCKS = frozenset(map(str, Sort))


@dataclass(slots=True, eq=False)
class Frame:
    """`awaits` are the words that open something in it, `tactics` whether those are tactics, and `columns` where its
    items may begin. `start` is -1 while nothing of it is there; `line` is where its last item began.
    """

    kind: Kind
    word: str = ""
    opens: tuple[int, int] = (-1, -1)
    start: int = -1
    awaits: frozenset[str] = frozenset()
    columns: tuple[int, ...] = ()
    tactics: bool = False
    line: int = -1
    items: int = 0
    bracket: int = -1  # the index of the word that opens it
    heading: bool = False  # the next word is the head of a tactic
    head: str = ""
    parts: list[Block] = field(default_factory=list)
    owner: Frame | None = None  # the block that it is in

    def begin(self, word: Word) -> None:
        """The next item of it begins with the word."""
        if self.start < 0:
            self.start = word.start
        if self.kind is Kind.CALC:
            self.columns = (word.column,) if word.first else self.columns
        elif not self.columns:
            self.columns = (word.column,)
        self.items += 1
        self.line = word.line

    def block(self, end: int) -> Block:
        start, end = (self.start, end) if self.start >= 0 else (self.opens[1], self.opens[1])
        return Block(Sort(self.kind.value), start, end, self.word, tuple(self.parts), self.opens[0])

    def step(self, word: Word, around: int) -> bool:
        """Does a line of `calc` that begins with the word begin a step? A `_` does so from further left, too, and
        in the column of the sequence `around`.
        """
        if not self.columns:
            return not self.items or word.text == "_"
        if word.text == "_":
            return word.column <= self.columns[0]
        return around < word.column == self.columns[0]

    def arm(self, word: Word) -> bool:
        """Is this `|` one of its arms? A line may begin with one, or it stands on the line of the arm before."""
        if not self.columns:
            return True
        if not word.first:
            return word.lone and word.line == self.line
        return word.column == self.columns[0] or (word.lone and word.column > self.columns[0])


class Stack:
    """The frames that are open, the body first. `last` is where the last word ended."""

    def __init__(self) -> None:
        self.frames = [Frame(Kind.BODY, start=0, awaits=frozenset((":=",)))]
        self.last = 0

    @property
    def top(self) -> Frame:
        return self.frames[-1]

    def push(self, frame: Frame) -> None:
        """Opens a frame, if it is not too deep inside: then it is part of what it stands in."""
        if len(self.frames) < _DEEPEST:
            frame.owner = self.top if self.top.kind in _BLOCKS else self.top.owner
            self.frames.append(frame)

    def cut(self, depth: int) -> None:
        """Closes what is open inside the frame at that depth."""
        while len(self.frames) > depth + 1:
            frame = self.frames.pop()
            if frame.owner is not None and frame.kind in _BLOCKS:
                frame.owner.parts.append(frame.block(self.last))

    def inner(self) -> Iterator[tuple[int, Frame]]:
        """The open frames with their depths, innermost first, up to the next bracket, which is the last."""
        for depth in range(len(self.frames) - 1, -1, -1):
            yield depth, self.frames[depth]
            if self.frames[depth].kind is Kind.BRACKET:
                return

    def cut_to(self, kinds: Collection[Kind]) -> bool:
        """Closes what is open inside the innermost frame of these kinds; False where there is none."""
        for depth, frame in self.inner():
            if frame.kind in kinds:
                self.cut(depth)
                return True
        return False

    def close(self, opening: int) -> None:
        """The bracket that the word of that index has opened is closed."""
        for depth in range(len(self.frames) - 1, 0, -1):
            if self.frames[depth].bracket == opening:
                self.cut(depth - 1)
                return

    def finish(self) -> Block:
        self.cut(0)
        return self.top.block(self.last)

    def place(self, word: Word) -> None:
        """Closes what a line ends that begins with the word.

        Of a sequence an item begins in its column. Where a line begins left of a sequence and nothing expects it, it is
        taken for an item of that sequence, wrongly indented, and so is what else begins there.
        """
        local, astray = -1, -1
        if word.text == "_" and (steps := self._steps(word.column)) is not None:
            return self.cut(steps)
        for depth, frame in self.inner():
            if frame.kind is Kind.CALC and frame.step(word, self._column(depth)):
                return self.cut(depth)
            if frame.kind is Kind.LOCAL and word.column <= frame.columns[0]:
                local, astray = depth, -1
            if frame.kind is Kind.DECLARATIONS and (not frame.columns or word.column in frame.columns):
                return self.cut(depth)
            if frame.kind is Kind.SEQUENCE:
                least = min(frame.columns, default=self._least(depth))
                if word.column in frame.columns or (not frame.columns and word.column >= least):
                    return self.cut(depth)
                if word.column > least:
                    break
                astray = depth
        if local >= 0 and astray < 0:
            return self.cut(local - 1)
        if astray >= 0:
            self.cut(astray)
            self.top.columns += (word.column,)
        return None

    def _steps(self, column: int) -> int | None:
        """The depth of the innermost `calc` whose steps begin in that column."""
        calcs = (depth for depth, frame in self.inner() if frame.kind is Kind.CALC and column in frame.columns)
        return next(calcs, None)

    def _least(self, depth: int) -> int:
        """Where the first item of the sequence at that depth may begin; only `by` and `·` want it further to the right
        than the items around.
        """
        return self._column(depth) + 1 if self.frames[depth].word in ("by", "·", ".") else 0

    def _column(self, depth: int) -> int:
        """Where the items of the sequence around the frame at that depth begin; -1 where there is none."""
        for frame in reversed(self.frames[:depth]):
            if frame.kind is Kind.BRACKET:
                break
            if frame.kind is Kind.SEQUENCE and frame.columns:
                return min(frame.columns)
        return -1
