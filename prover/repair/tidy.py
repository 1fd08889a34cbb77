"""What keeps a file from being read as Lean at all: a model's words around the code, `lemma` without Mathlib, a `:=`
that is missing before `by`.

Each is an edit of the file outside of every statement and proof. They are made only where Lean complains, and kept only
if it complains less; who tries them is `prover.repair.file`. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.repair.edits import Edit
from prover.lean.lexer import CLOSING, OPENING, tokens
from prover.repair.parts import DECLARATIONS, Part, parts

_FENCE = re.compile(r"^[ \t>]*(?P<ticks>`{3,}|~{3,})[ \t]*(?P<label>[\w+-]*)[^\n]*(?:\n|\Z)", re.MULTILINE)
_LABELS = {"", "lean", "lean4"}


@dataclass(frozen=True, slots=True)
class _Block:
    """The code between two fences."""

    start: int
    end: int
    names: frozenset[str]


def unwrapped(text: str) -> list[Edit]:
    """Takes out what stands around the fenced Lean of a text, and blocks whose declarations come again later."""
    blocks = [*_blocks(text)]
    kept = [
        block
        for number, block in enumerate(blocks)
        if not block.names <= frozenset().union(*(later.names for later in blocks[number + 1 :]))
    ]
    if not kept:
        return []
    edges = [0, *(place for block in kept for place in (block.start, block.end)), len(text)]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return [
        Edit(start, end, "\n" if start > 0 and end < len(text) else "", "what stands around the Lean is left out")
        for start, end in gaps
        if start < end
    ]


def _blocks(text: str) -> Iterator[_Block]:
    """The fenced blocks that declare something; the last may break off."""
    at = 0
    while opening := _FENCE.search(text, at):
        closing = re.compile(rf"^[ \t>]*{opening['ticks']}[ \t]*$", re.MULTILINE).search(text, opening.end())
        end = closing.start() if closing else len(text)
        found = parts(text[opening.end() : end])
        if opening["label"].lower() in _LABELS and (names := frozenset(_declared(found))):
            yield _Block(opening.end(), end, names)
        at = closing.end() if closing else len(text)


def _declared(found: Sequence[Part]) -> Iterator[str]:
    """The names that a block declares; what has none is told apart by its place."""
    for part in found:
        if part.keyword in DECLARATIONS and (part.slot or part.name):
            yield part.name or f"{part.keyword} {part.line}"


def mended(text: str, found: Sequence[Part], complained: Sequence[int]) -> list[Edit]:
    """Edits for the commands that Lean complains of, by their numbers."""
    edits = []
    for part in (found[number] for number in complained if number >= 0):
        if part.keyword == "lemma":
            start = next(t.start for t in tokens(text[: part.end], part.command) if t.text == "lemma")
            edits.append(
                Edit(start, start + len("lemma"), "theorem", "lemma → theorem, since this Lean has no `lemma`")
            )
        if part.keyword in ("theorem", "lemma", "example") and part.slot is None:
            edits += [Edit(at, at, ":= ", "missing :=") for at in _by(text, part)]
    return edits


def _by(text: str, part: Part) -> list[int]:
    """Where the first `by` outside of brackets stands, if there is one behind a colon."""
    depth, colon = 0, False
    for token in tokens(text[: part.end], part.command):
        depth += (token.text in OPENING) - (token.text in CLOSING)
        colon |= depth == 0 and token.text == ":"
        if colon and depth == 0 and token.text == "by":
            return [token.start]
    return []
