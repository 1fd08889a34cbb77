"""Widens holes that nothing closes: the goal of a small hole may be false, since what stands before it leads nowhere.

A hole grows over the steps before it in its sequence, then over the blocks around, and what closes the larger one is
kept, by automation or by an answer. It never takes in a proof that is finished: what was right is not lost. Called by
`agents.repair.flow`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from agents.repair.blocks import Block, Sort
from agents.repair.closing import close
from agents.repair.edits import Edit
from agents.repair.shop import SORRY, Draft, Hole, Shop
from prover.lean.lexer import tokens
from prover.model import Task

_WIDER = 3  # holes that one grows into, at most
_WRAPPING = frozenset(("·", "by", "exact", "(", ")"))  # around a hole, they leave its goal as it is
TERMS = frozenset(("exact", "refine", "apply"))  # tactics that are a term
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
    for larger, start in await grown(shop, draft, hole):
        done = len(shop.steps)
        closed = await close(shop, larger, task, at=start)
        if len(closed.holes) < len(larger.holes):
            shop.steps.insert(done, "a hole made wider")
            return closed
    return draft


async def grown(shop: Shop, draft: Draft, hole: Hole) -> list[tuple[Draft, int]]:
    """The draft with that hole larger, in several sizes, smallest first, and where the hole begins then."""
    blocks = list(wider(draft, hole))[:_WIDER]
    edits = [[Edit(block.start, block.end, SORRY, hole.why)] for block in blocks]
    seen = await shop.revise(draft, edits) if edits else []
    return [(one, block.start) for one, block in zip(seen, blocks, strict=True) if not one.diagnosis.errors]


def wider(draft: Draft, hole: Hole) -> Iterator[Block]:
    """The larger blocks that could be the hole, smallest first, with no finished proof and no other hole in it."""
    start, end = hole.start, hole.end
    for block in reversed(draft.diagnosis.layout.path(start, end)):
        inside = [one for one in draft.holes if block.start <= one.start and one.end <= block.end]
        if len(inside) > 1 or any(map(partial(finished, draft), _parts(block))):
            return
        around = f"{draft.body[block.start : start]} {draft.body[end : block.end]}"
        words = {token.text for token in tokens(around) if token.significant}
        if block.sort in (Sort.TACTIC, *_PROOFS) and not words <= _WRAPPING:
            yield block
            start, end = block.start, block.end


def _parts(block: Block) -> Iterator[Block]:
    """What is in a block, but for proofs within a term: with another term they are about something else."""
    yield block
    for part in block.parts if block.word not in TERMS else ():
        yield from _parts(part)


def finished(draft: Draft, block: Block) -> bool:
    """Is it a proof in itself, and complete?"""
    holes = (hole for hole in draft.holes if block.start <= hole.start and hole.end <= block.end)
    return block.sort in _PROOFS and next(holes, None) is None
