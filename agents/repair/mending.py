"""Mends what models get wrong, where Lean complains of it: each rule on its own, kept only if less is wrong then.

A round is a check or two: many changes, alone and together, each in a copy of the proof. The rules are in
`agents.repair.rules`; which of their changes are tried is said in `agents.repair.proposals`. Called by
`agents.repair.flow`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from agents.leantext import commands
from agents.repair.diagnosis import Trouble
from agents.repair.edits import Edit, applied
from agents.repair.proposals import asked_for, first_complaint, proposals, syntax_proposals, unread
from agents.repair.rules import SYNTAX, names, together
from agents.repair.rules.base import Fix, Piece
from agents.repair.shop import Draft, Place, Shop
from prover.model import Task

_ROUNDS = 6
_COPIES, _PATIENT = 32, 8  # in a round; and of proofs that take Lean long
_FEW = 3  # so many complaints get a copy for each change; more share them
_SEARCHES = 12  # in a round
_FOUND = 12


async def mend(shop: Shop, draft: Draft, task: Task, *, everywhere: bool = False) -> Draft:
    """The draft with every rule applied that helps. With `everywhere`, all are applied wherever they match, unasked.

    Where a change only brings the next error to light, the rounds go on from it, but it is kept only if less is wrong
    in the end. Raises what the bench raises.
    """
    if everywhere:
        return await _everywhere(shop, draft)
    kept, near, made = draft, dict[str, tuple[str, ...]](), list[Fix]()
    for _ in range(_ROUNDS):
        found = await _mended(shop, draft, task, near)
        if found is None:
            break
        draft, fixes = found
        made += fixes
        if draft.diagnosis.errors < kept.diagnosis.errors:
            kept = draft
            shop.steps.append(f"mended: {_said(made)}")
            made = []
        if not draft.diagnosis.complaints:
            break
    return kept


async def _everywhere(shop: Shop, draft: Draft) -> Draft:
    """The draft with all rules of syntax applied to all of it, whether it is better then or not."""
    fixes = together([fix for change in SYNTAX for fix in change(Piece(draft.body))])
    if not fixes:
        return draft
    (changed,) = await shop.revise(draft, [_edits(fixes)])
    shop.steps.append(f"mended everywhere: {_said(fixes)}")
    return changed


async def _mended(
    shop: Shop, draft: Draft, task: Task, near: dict[str, tuple[str, ...]]
) -> tuple[Draft, Sequence[Fix]] | None:
    """One round: the draft with those changes that help most, and which they are; None where none does."""
    if not draft.diagnosis.complaints or draft.trial.in_helpers:
        return None
    await _search(shop, draft, task, near)
    if unread(draft) and (found := await _best(shop, draft, syntax_proposals(draft, near))):
        return found
    ways = proposals(draft, near)
    if len(ways) > _FEW:
        return await _shared(shop, draft, ways)
    singles = [[fix] for row in _turns(ways) for fix in row]
    return await _best(shop, draft, singles, ways)


def _turns(ways: Sequence[Sequence[Fix]]) -> Iterable[list[Fix]]:
    """The first change for each complaint, the second for each, and so on."""
    for number in range(max(map(len, ways), default=0)):
        yield [fixes[number] for fixes in ways if number < len(fixes)]


async def _best(
    shop: Shop, draft: Draft, candidates: Sequence[Sequence[Fix]], ways: Sequence[Sequence[Fix]] = ()
) -> tuple[Draft, Sequence[Fix]] | None:
    """The best of the candidates, if it is better than the draft; or the best for each complaint together."""
    tried = list({tuple(_edits(fixes)): list(fixes) for fixes in candidates}.values())[:_COPIES]
    if not tried:
        return None
    better = await _better(shop, draft, tried)
    if better and len(ways) > 1 and better[0][0].diagnosis.complaints:
        joined = together([fix for _, fixes in better for fix in fixes])
        if len(joined) > 1:
            (whole,) = await shop.revise(draft, [_edits(joined)])
            better = sorted([*better, (whole, joined)], key=lambda one: _rank(one[0]))
    return better[0] if better else None


async def _better(shop: Shop, draft: Draft, tried: Sequence[Sequence[Fix]]) -> list[tuple[Draft, Sequence[Fix]]]:
    """Those that help, the best first. Lean gets as long as it may only where that was not enough for any of them."""
    for patient, some in ((False, tried), (True, tried[:_PATIENT])):
        seen = await shop.revise(draft, [_edits(fixes) for fixes in some], patient=patient)
        better = [one for one in zip(seen, some, strict=True) if _helps(one[0], draft)]
        slow = any(c.trouble is Trouble.TIME for one in seen for c in one.diagnosis.complaints)
        if better or not slow:
            return sorted(better, key=lambda one: _rank(one[0]))
    return []


async def _shared(shop: Shop, draft: Draft, ways: Sequence[Sequence[Fix]]) -> tuple[Draft, Sequence[Fix]] | None:
    """For many complaints: the n-th change for each of them in the n-th copy, those that are quiet together."""
    taken: list[Edit] = []
    places, changes = [], []
    for fixes in ways:
        start, end = min(fix.start for fix in fixes), max(fix.end for fix in fixes)
        if not Fix.of(start, end, "", "").meets(taken):
            taken.append(Edit(start, end, ""))
            edits = {_joined(draft.body, fix, start, end): fix for fix in fixes}
            changes.append(edits)
            places.append(Place(start, end, tuple(edits)))
    chosen = await shop.sift(draft, places, patient=False)
    found = [changes[index][edit] for index, edit in sorted(chosen.items())]
    return await _best(shop, draft, [found, *([fix] for fix in found)]) if found else None


def _joined(text: str, fix: Fix, start: int, end: int) -> Edit:
    """The fix as a single edit of these characters."""
    moved = [Edit(edit.start - start, edit.end - start, edit.text) for edit in fix.edits]
    return Edit(start, end, applied(text[start:end], moved), fix.why)


def _helps(new: Draft, old: Draft) -> bool:
    """Is less wrong than before, and no earlier; or as much, but only behind what was wrong before; or has Lean read
    further?
    """
    stopped, further = unread(old), unread(new)
    if new.trial.timed_out or (further and not stopped):
        return False
    if new.diagnosis.errors < old.diagnosis.errors:
        longer = max(0, len(new.body) - len(old.body))
        return stopped is not None or _ahead(new, end=False) <= _ahead(old, end=False) + longer
    if len(new.holes) > len(old.holes):
        return False
    if stopped:
        return further is None or len(new.body) - further.remark.start < len(old.body) - stopped.remark.end
    return new.diagnosis.errors == old.diagnosis.errors and _ahead(new, end=False) < _ahead(old, end=True)


def _ahead(draft: Draft, *, end: bool) -> int:
    """How many characters stand behind where the first complaint begins, or behind the tactic that it is about."""
    complaint = first_complaint(draft)
    if complaint is None:
        return 0
    piece = Piece(draft.body, complaint.remark.start, complaint.remark.end, complaint.remark.text)
    first, stop = piece.tactic(piece.said[0])
    place = piece.tokens[stop - 1].end if end and first < stop else complaint.remark.start
    return len(draft.body) - place


def _rank(draft: Draft) -> tuple[int, int, int]:
    """The less the better; among those of the same rank the first is taken. A new hole is a last resort."""
    return len(draft.holes), draft.diagnosis.errors + draft.trial.timed_out, _ahead(draft, end=False)


async def _search(shop: Shop, draft: Draft, task: Task, near: dict[str, tuple[str, ...]]) -> None:
    """Looks for the names that the complaints are about; what has been found stays known."""
    near[""] = names.names_bound(f"{shop.statement or task.slot.statement} {draft.body}")
    mine = (command.name for command in commands(task.outline) if command.name)
    known = (*task.lemmas, *task.definitions, *mine)
    for name in [name for name in asked_for(draft) if name not in near][:_SEARCHES]:
        found = await shop.bench.search(name, most=_FOUND)
        near[name] = names.ranked(name, (*(premise.name for premise in found), *known), near[""])


def _edits(fixes: Iterable[Fix]) -> list[Edit]:
    return [edit for fix in fixes for edit in fix.edits]


def _said(fixes: Sequence[Fix]) -> str:
    """What has been done, in a line."""
    counted = Counter(fix.why for fix in fixes)
    return ", ".join(why if number == 1 else f"{number} × {why}" for why, number in counted.items())
