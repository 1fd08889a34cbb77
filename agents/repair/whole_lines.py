"""APOLLO's way to make holes, to compare with: whole lines become `sorry`, from the failing one to its block's end.

One pass after the other; what Lean takes too long for becomes one hole altogether. Called by `agents.repair.holes`.
"""

from __future__ import annotations

from agents.repair.diagnosis import Complaint, Trouble
from agents.repair.edits import Edit
from agents.repair.rungs import everything
from agents.repair.shop import SORRY, Draft, Shop

_PASSES = 10


async def by_lines(shop: Shop, draft: Draft) -> Draft:
    """The draft with whole lines as holes; the whole proof where that does not end."""
    for _ in range(_PASSES):
        complaints = draft.diagnosis.complaints
        if not complaints or any(c.trouble is Trouble.TIME for c in complaints):
            break
        (draft,) = await shop.revise(draft, [[_lines(draft.body, complaints[0])]])
    if draft.diagnosis.errors or draft.trial.timed_out:
        (draft,) = await shop.revise(draft, [[everything(draft.body, "it cannot be read or takes too long").edit]])
    return draft


def _lines(body: str, complaint: Complaint) -> Edit:
    """The lines from the failing one on that are indented as much or more; where goals are left, a line behind them."""
    why = complaint.remark.text
    place = complaint.remark.end if complaint.trouble is Trouble.UNSOLVED else complaint.remark.start
    start = body.rfind("\n", 0, max(place, 1)) + 1
    if start == 0:
        return everything(body, why).edit
    indent = len(body[start:]) - len(body[start:].lstrip())
    if complaint.trouble is Trouble.UNSOLVED:
        return Edit(place, place, f"\n{' ' * complaint.owner.column(body)}{SORRY}", why)
    end = start
    for line in body[start:].splitlines(keepends=True):
        if line.strip() and len(line) - len(line.lstrip()) < indent:
            break
        end += len(line)
    text = body[start:end].rstrip()
    bullet = "· " if text.lstrip().startswith("·") else ""
    return Edit(start, start + len(text), f"{' ' * indent}{bullet}{SORRY}", why)
