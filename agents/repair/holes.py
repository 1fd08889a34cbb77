"""Makes holes: the smallest block that fails becomes `sorry`, so that everything else of a proof compiles.

Wherever Lean complains there is a ladder of ever larger holes; the k-th rung of every ladder is tried in the k-th copy
of the proof, in one check, and of each the first stays that is high enough. What Lean could not see before comes into
view then, and is treated likewise: after a number of rounds that is logarithmic in the size of the proof, the rest
becomes a hole. Called by `agents.repair.flow`.
"""

from __future__ import annotations

from collections.abc import Sequence

from agents.repair.diagnosis import Complaint, Trouble
from agents.repair.edits import Edit, begins, moved
from agents.repair.rungs import Rung, Spot, everything, spots
from agents.repair.shop import Draft, Shop
from agents.repair.stopped import stopped
from agents.repair.unreadable import unreadable
from agents.repair.whole_lines import by_lines

_ROWS = 24


async def isolate(shop: Shop, draft: Draft, *, lines: bool = False) -> Draft:
    """A draft without errors, as much like the given one as possible. With `lines`, whole lines become holes.

    It has errors still only where the statement has, or the lemmas before it. Raises what the bench raises.
    """
    if draft.trial.in_helpers or not (draft.diagnosis.errors or draft.trial.timed_out):
        return draft
    if lines:
        return await by_lines(shop, draft)
    before = len(draft.holes)
    if draft.trial.timed_out:
        draft = await stopped(shop, draft)
    patient = not _slow(draft)
    blocks = sum(1 for _ in draft.diagnosis.layout.walk())
    for number in range(max(2, blocks.bit_length())):
        if not draft.diagnosis.complaints:
            break
        draft = await _round(shop, draft, 2**number, patient)
    if draft.diagnosis.errors or draft.trial.timed_out:
        draft = await _last(shop, draft)
    draft = await _given_back(shop, draft, patient)
    shop.steps.append(f"{len(draft.holes) - before} holes made")
    return draft


async def _given_back(shop: Shop, draft: Draft, patient: bool) -> Draft:
    """The draft with those holes taken back that were mere consequences of others."""
    made = [hole for hole in draft.holes if hole.was]
    if not 1 < len(made) <= shop.copies(draft):
        return draft
    edits = [Edit(hole.start, hole.end, hole.was) for hole in made]
    seen = await shop.revise(draft, [[edit] for edit in edits], patient=patient)
    fine = [edit for edit, one in zip(edits, seen, strict=True) if one.beats(draft)]
    for row in ([fine] if fine else []) + [[edit] for edit in fine[:1] * (len(fine) > 1)]:
        (back,) = await shop.revise(draft, [row], patient=patient)
        if back.beats(draft):
            return back
    return draft


def _slow(draft: Draft) -> bool:
    return draft.trial.timed_out or any(c.trouble is Trouble.TIME for c in draft.diagnosis.complaints)


async def _round(shop: Shop, draft: Draft, levels: int, patient: bool) -> Draft:
    """The draft with a hole, or something left out, wherever Lean complains."""
    complaints = [*draft.diagnosis.complaints, *await unreadable(shop, draft)]
    found = spots(draft.body, draft.diagnosis.layout, complaints, levels)
    rows = [_row(found, number) for number in range(min(_ROWS, max(len(spot.rungs) for spot in found)))]
    seen = []
    copies = shop.copies(draft)
    for first in range(0, len(rows), copies):
        batch = [[rung.edit for rung in row.values()] for row in rows[first : first + copies]]
        seen += await shop.revise(draft, batch, patient=patient)
    chosen = _chosen(found, rows, seen)
    (together,) = await shop.revise(draft, [[r.edit for r in _apart(chosen).values()]], patient=patient)
    return together


def _row(found: Sequence[Spot], number: int) -> dict[int, Rung]:
    """The rungs of one copy, by spot; one that lies inside of another's is left out."""
    return _apart({n: s.rungs[number if number < len(s.rungs) else s.safe] for n, s in enumerate(found)})


def _apart(rungs: dict[int, Rung]) -> dict[int, Rung]:
    """Those of the rungs that do not lie inside of others."""
    kept: dict[int, Rung] = {}
    end = 0
    for index, rung in sorted(rungs.items(), key=lambda item: (item[1].edit.start, -item[1].edit.end)):
        if rung.edit.start >= end and not (rung.edit.start == rung.edit.end < end):
            kept[index] = rung
            end = max(end, rung.edit.end)
    return kept


def _chosen(found: Sequence[Spot], rows: Sequence[dict[int, Rung]], seen: Sequence[Draft]) -> dict[int, Rung]:
    """For each spot the first rung that is high enough, its own or another's that is around it; or its highest."""
    chosen = {}
    for index, spot in enumerate(found):
        ways = ((_around(index, spot, row), row, copy) for row, copy in zip(rows, seen, strict=True))
        good = (row[place] for place, row, copy in ways if place is not None and _enough(place, row, copy))
        chosen[index] = next(good, spot.rungs[-1])
    return chosen


def _around(index: int, spot: Spot, row: dict[int, Rung]) -> int | None:
    """Whose rung of the row takes the spot in: its own, or that of another around it."""
    if index in row:
        return index
    least = spot.rungs[0].edit
    return next((n for n, r in row.items() if r.edit.start <= least.start and least.end <= r.edit.end), None)


def _enough(index: int, row: dict[int, Rung], copy: Draft) -> bool:
    """Is nothing wrong in the copy where the rung of that spot is?"""
    mine, edits = row[index], [rung.edit for rung in row.values()]
    if copy.trial.timed_out:
        return False
    start, end = begins(mine.edit, edits), _end(mine.end, edits)
    others = [r for n, r in row.items() if n != index and r.edit.start >= mine.edit.end]
    zones = [(begins(r.edit, edits), _end(r.end, edits)) for r in others]
    opens = moved(mine.opens, edits) if mine.opens >= 0 else -1

    def mind(complaint: Complaint) -> bool:
        place = complaint.remark.start
        if complaint.trouble is Trouble.UNSOLVED and place == opens:
            return True
        if any(first <= place < max(last, first + 1) for first, last in zones):
            return False
        unseen = complaint.trouble in (Trouble.SYNTAX, Trouble.TIME) and place < end
        return unseen or start <= place < max(end, start + 1)

    return not any(map(mind, copy.diagnosis.complaints))


def _end(end: int, edits: Sequence[Edit]) -> int:
    """Where a range ends after the edits inside and before it."""
    return end + sum(len(edit.text) - (edit.end - edit.start) for edit in edits if edit.end <= end)


async def _last(shop: Shop, draft: Draft) -> Draft:
    """A hole from the first tactic on in which something is wrong; or for the whole proof."""
    why = draft.diagnosis.complaints[0].remark.text if draft.diagnosis.complaints else "it takes Lean too long"
    tops = [block for block in draft.diagnosis.layout.parts if block.parts]
    at = min((c.remark.start for c in draft.diagnosis.complaints), default=0)
    tries = []
    if tops and (wrong := [part for part in tops[0].parts if part.end >= at]):
        tries.append([Edit(wrong[0].start, tops[0].end, "sorry", why)])
    tries.append([everything(draft.body, why).edit])
    seen = await shop.revise(draft, tries, patient=False)
    return next((one for one in seen if not one.diagnosis.errors), seen[-1])
