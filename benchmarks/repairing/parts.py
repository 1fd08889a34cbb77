"""Which parts of a broken proof were correct already, and which of these a repair has lost. Pure.

A correct part is a tactic or a term of a finished proof: of one behind `by`, `·`, `:=` or an arm's `=>` which Lean has
read and has nothing against anywhere; but not of one within a term that fails. Steps before a tactic that fails are
none, since nobody knows whether they lead anywhere; nor is what stands behind it. A part is lost when its words do not
stand in the result any more, in that order and as often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from agents.repair.blocks import Block, Sort
from agents.repair.diagnosis import Complaint, Diagnosis, Trouble
from agents.repair.widening import TERMS
from prover.lean.lexer import CLOSING, OPENING, tokens

_PROOFS = (Sort.SEQUENCE, Sort.TERM, Sort.ARM)


def lost(body: str, diagnosis: Diagnosis, result: str) -> list[str]:
    """The correct parts of the body that are not in the result."""
    wanted = Counter(_words(body[start:end]) for start, end in correct(body, diagnosis))
    there = _words(result)
    return [part.strip() for part, count in wanted.items() if there.count(part) < count]


def correct(body: str, diagnosis: Diagnosis) -> Iterator[tuple[int, int]]:
    """Where the correct parts stand in the body."""
    unread = min((c.remark.start for c in diagnosis.complaints if c.trouble is Trouble.SYNTAX), default=None)
    for block in _accepted(diagnosis.layout, diagnosis.complaints):
        # The part just before a syntax error does not count: it may be what Lean could not read to its end. Nor does
        # one with a bracket that it does not close.
        read = unread is None or body[block.end : unread].strip()
        if read and _balanced(body[block.start : block.end]):
            yield block.start, block.end


def _accepted(block: Block, complaints: tuple[Complaint, ...], finished: bool = False) -> Iterator[Block]:
    """The innermost blocks in it that are correct; `finished` where it is a part of a finished proof."""
    finished = finished or (block.sort in _PROOFS and not any(block in c.path for c in complaints))
    if not block.parts and finished and block.sort is not Sort.SEQUENCE:
        yield block
    if block.word in TERMS and not finished:
        return
    for part in block.parts:
        yield from _accepted(part, complaints, finished)
        if block.sort is Sort.SEQUENCE and any(c.owner == part for c in complaints):
            return


def _balanced(text: str) -> bool:
    return sum((token.text in OPENING) - (token.text in CLOSING) for token in tokens(text)) == 0


def _words(text: str) -> str:
    """The words of a text, with one space around each."""
    return f" {' '.join(token.text for token in tokens(text) if token.significant)} "
