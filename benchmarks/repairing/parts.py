"""Which parts of a broken proof were correct already, and which of these a repair has lost. Pure.

A correct part is a tactic, a calc step's or an arm's proof with no such part inside it, which Lean has read and has
nothing against. It lies in no block that Lean complains of, unless in a proof inside of that which is complete by
itself (behind `·`, `by`, an arm's `=>`), and it does not stand in a sequence behind a tactic that fails. It is lost
when its words do not stand in the result any more, in that order and as often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from agents.repair.blocks import Block, Sort
from agents.repair.diagnosis import Complaint, Diagnosis, Trouble
from prover.lean.lexer import tokens

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
        # The part just before a syntax error does not count: it may be what Lean could not read to its end.
        if unread is None or body[block.end : unread].strip():
            yield block.start, block.end


def _accepted(block: Block, complaints: tuple[Complaint, ...], bad: bool = False) -> Iterator[Block]:
    """The innermost blocks in it that are correct; `bad` where Lean complains of what they are part of."""
    inside = [c for c in complaints if block in c.path]
    if block.sort in _PROOFS and not inside:
        bad = False
    bad = bad or any(c.owner == block for c in inside)
    if not block.parts and not bad and block.sort not in (Sort.BODY, Sort.SEQUENCE):
        yield block
    for part in block.parts:
        yield from _accepted(part, complaints, bad)
        if block.sort is Sort.SEQUENCE and any(c.owner == part for c in complaints):
            return


def _words(text: str) -> str:
    """The words of a text, with one space around each."""
    return f" {' '.join(token.text for token in tokens(text) if token.significant)} "
