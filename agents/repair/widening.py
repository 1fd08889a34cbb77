"""Widens holes that nothing closes: the goal of a small hole may be false, since what stands before it leads nowhere.

A hole grows over the steps before it in its sequence, then over the blocks around, and what closes the larger one is
kept. It never takes in a proof that is finished: what was right is not lost. Called by `agents.repair.flow`.
"""

from __future__ import annotations

from collections.abc import Iterator

from agents.repair.blocks import Block, Sort
from agents.repair.closing import close
from agents.repair.edits import Edit
from agents.repair.shop import SORRY, Draft, Hole, Shop
from prover.lean.lexer import tokens
from prover.model import Task

_WIDER = 3  # holes that one grows into, at most
_WRAPPING = frozenset((SORRY, "·", "by", "exact", "(", ")"))  # around a hole, they leave its goal as it is
_PROOFS = (Sort.SEQUENCE, Sort.TERM)


async def widen(shop: Shop, draft: Draft, task: Task) -> Draft:
    """The draft with those holes closed that can be closed when they are larger; the others are as small as before.

    Raises what the bench raises.
    """
    for number in range(len(draft.holes) - 1, -1, -1):  # from the last, so that those before keep their numbers
        if number < len(draft.holes):
            draft = await _widened(shop, draft, draft.holes[number], task)
    return draft


async def _widened(shop: Shop, draft: Draft, hole: Hole, task: Task) -> Draft:
    blocks = list(wider(draft, hole))[:_WIDER]
    if not blocks:
        return draft
    edits = [[Edit(block.start, block.end, SORRY, hole.why)] for block in blocks]
    for block, larger in zip(blocks, await shop.revise(draft, edits), strict=True):
        if larger.diagnosis.errors:
            continue
        done = len(shop.steps)
        closed = await close(shop, larger, task, at=block.start)
        if len(closed.holes) < len(larger.holes):
            shop.steps.insert(done, "a hole made wider")
            return closed
    return draft


def wider(draft: Draft, hole: Hole) -> Iterator[Block]:
    """The larger blocks that could be the hole, smallest first, with no finished proof and no other hole in it."""
    for block in reversed(draft.diagnosis.layout.path(hole.start, hole.end)):
        inside = [one for one in draft.holes if block.start <= one.start and one.end <= block.end]
        if len(inside) > 1 or any(finished(part, draft) for part in block.walk()):
            return
        words = {token.text for token in tokens(block.text(draft.body)) if token.significant}
        if block.sort in (Sort.TACTIC, *_PROOFS) and not words <= _WRAPPING:
            yield block


def finished(block: Block, draft: Draft) -> bool:
    """Is it a proof in itself, and complete?"""
    holes = (hole for hole in draft.holes if block.start <= hole.start and hole.end <= block.end)
    return block.sort in _PROOFS and next(holes, None) is None
