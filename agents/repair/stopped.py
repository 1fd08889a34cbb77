"""What Lean gives no answer for within the time of a check: the tactic that takes so long becomes a hole.

It is found by bisection, with proofs that break off after it or before it, each in a check of its own. Called by
`agents.repair.holes`.
"""

from __future__ import annotations

from collections.abc import Sequence

from agents.repair.blocks import Block, Sort
from agents.repair.edits import Edit
from agents.repair.shop import SORRY, Draft, Shop

_WHY = "no answer within the time limit"


async def stopped(shop: Shop, draft: Draft) -> Draft:
    """A draft that Lean has an answer for, whatever it is; the same where none could be found.

    Where Lean gives up by itself when it is given less patience, it says where, and nothing needs to be done.
    """
    (hurried,) = await shop.revise(draft, [[]], patient=False)
    if not hurried.trial.timed_out:
        return hurried
    layout = draft.diagnosis.layout
    tactics = [block for block in layout.walk() if block.sort is Sort.TACTIC and not _inside(block)]
    if not tactics:
        return draft
    culprit = await _culprit(shop, draft, tactics)
    around = [block for block in layout.above(culprit) if block.sort is Sort.TACTIC]
    for block in (culprit, *reversed(around)):
        (without,) = await shop.revise(draft, [[Edit(block.start, block.end, SORRY, _WHY)]], patient=False)
        if not without.trial.timed_out:
            return without
    return draft


def _inside(block: Block) -> bool:
    return any(inner.sort is Sort.TACTIC for part in block.parts for inner in part.walk())


async def _culprit(shop: Shop, draft: Draft, tactics: Sequence[Block]) -> Block:
    """The first of the tactics after which the proof, were it to end there, has no answer yet."""
    first, last = 0, len(tactics) - 1
    while first < last:
        middle = (first + last) // 2
        rest = Edit(tactics[middle].end, len(draft.body), "")
        (begun,) = await shop.revise(draft, [[rest]], patient=False)
        first, last = (first, middle) if begun.trial.timed_out else (middle + 1, last)
    return tactics[first]
