"""Which tactics Lean cannot read, behind the place where it stopped to read: each is shown to it on its own.

So one check finds all unknown tactics of a proof, where else each would be found only when the one before it is gone.
Called by `agents.repair.holes`.
"""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent

from agents.portfolio import body as tactics
from agents.repair.blocks import Block, Sort
from agents.repair.diagnosis import Complaint, Trouble
from agents.repair.edits import Edit, applied
from agents.repair.shop import SORRY, Draft, Shop

_MOST = 400  # tactics that are shown in one check


async def unreadable(shop: Shop, draft: Draft) -> list[Complaint]:
    """Complaints about the tactics behind a syntax error that cannot be read either; none without a syntax error."""
    stops = [c.remark.start for c in draft.diagnosis.complaints if c.trouble is Trouble.SYNTAX]
    if not stops:
        return []
    unread = [b for b in draft.diagnosis.layout.walk() if b.sort is Sort.TACTIC and b.start > stops[0]][:_MOST]
    if not unread:
        return []
    seen = await shop.aside([tactics(_alone(draft.body, block)) for block in unread])
    found = []
    for block, one in zip(unread, seen, strict=True):
        wrong = [c for c in one.diagnosis.complaints if c.trouble is Trouble.SYNTAX]
        if wrong:
            path = (*draft.diagnosis.layout.above(block), block)
            remark = replace(wrong[0].remark, start=block.start, end=block.end)
            found.append(Complaint(Trouble.SYNTAX, remark, path))
    return found


def _alone(body: str, block: Block) -> str:
    """The tactic without what is inside of it: every sequence in it is a hole."""
    inner = _sequences(block)
    edits = [Edit(part.start - block.start, part.end - block.start, SORRY) for part in inner]
    text = applied(body[block.start : block.end], edits)
    return dedent(" " * block.column(body) + text)


def _sequences(block: Block) -> list[Block]:
    """The outermost sequences inside of a block."""
    found = []
    for part in block.parts:
        found += [part] if part.sort is Sort.SEQUENCE else _sequences(part)
    return found
