"""Which changes are tried for which complaint, and where: a rule applies only where Lean has complained. Pure.

Where Lean has stopped to read, that is all behind: it has accepted nothing there. `agents.repair.mending` tries them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from agents.repair.blocks import Sort
from agents.repair.diagnosis import Complaint, Trouble
from agents.repair.rules import SYNTAX, answers, in_turn, names, together
from agents.repair.rules.base import Fix, Piece
from agents.repair.shop import Draft

Near = Mapping[str, Sequence[str]]
_ALTERNATIVES = 24  # for one complaint


def unread(draft: Draft) -> Complaint | None:
    """Where Lean has stopped to read, if it has."""
    return next((c for c in draft.diagnosis.complaints if c.trouble is Trouble.SYNTAX), None)


def first_complaint(draft: Draft) -> Complaint | None:
    """The first by its place; goals that are left come last, since they mostly follow from another one."""
    return min(draft.diagnosis.complaints, key=lambda c: (c.trouble is Trouble.UNSOLVED, c.remark.start), default=None)


def asked_for(draft: Draft) -> tuple[str, ...]:
    """The names to look for: those that Lean does not know, and those in the tactics that fail."""
    found: list[str] = []
    for complaint in draft.diagnosis.complaints:
        piece = _piece(draft, complaint, {})
        found += names.asked(complaint.remark.text, piece.between(*piece.said))
    return tuple(dict.fromkeys(found))


def syntax_proposals(draft: Draft, near: Near) -> list[list[Fix]]:
    """Where Lean has stopped: all rules of syntax behind, then each of them, then each answer, alone and with them."""
    complaint = unread(draft)
    if complaint is None:
        return []
    piece = _piece(draft, complaint, near)
    found: list[list[Fix]] = []
    answering = list(islice(in_turn(list(answers(piece))), _ALTERNATIVES))
    for start in dict.fromkeys((_start(piece), min(_start(piece), _owned(complaint)))):
        rules = [[fix for fix in change(piece) if fix.start >= start] for change in SYNTAX]
        every = [fix for fixes in rules for fix in fixes]
        found += [together(every), *_others(every), *(together(fixes) for fixes in rules)]
        found += [[fix] for fix in answering]
        found += [together([fix, *every]) for fix in answering]
    return [fixes for fixes in found if fixes]


def _owned(complaint: Complaint) -> int:
    """Where the block begins that owns the complaint; of a sequence, only what stands behind is unread."""
    return complaint.remark.start if complaint.owner.sort is Sort.SEQUENCE else complaint.owner.start


def _others(fixes: Sequence[Fix]) -> Iterator[list[Fix]]:
    """All together, but where there are alternatives the second, the third, or the fourth of each."""
    groups: dict[tuple[int, int], list[Fix]] = {}
    for fix in fixes:
        groups.setdefault((fix.start, fix.end), []).append(fix)
    for number in range(1, min(4, max(map(len, groups.values()), default=0))):
        yield together([group[min(number, len(group) - 1)] for group in groups.values()])


def proposals(draft: Draft, near: Near) -> list[list[Fix]]:
    """For each complaint with which something can be done, the changes to try, likeliest first."""
    found = []
    misnamed = any(c.remark.text.startswith("Invalid alternative") for c in draft.diagnosis.complaints)
    for complaint in sorted(draft.diagnosis.complaints, key=lambda c: c.remark.start):
        if misnamed and complaint.remark.text.startswith("Alternative"):
            continue  # the arm is there, by another name
        piece = _piece(draft, complaint, near)
        start, end = _start(piece), max(complaint.remark.end, complaint.remark.start + 1)
        if complaint.trouble is Trouble.UNSOLVED:
            start = complaint.remark.start
        syntax = [[f for f in change(piece) if start <= f.start < end] for change in SYNTAX]
        every = [fix for fixes in syntax for fix in fixes]
        answering = in_turn(list(answers(piece)))
        if complaint.trouble is Trouble.UNSOLVED:  # what introduces the block is no part of what is wrong
            answering = (fix for fix in answering if fix.start >= complaint.owner.start)
        fixes = list(islice((*every, *answering), _ALTERNATIVES))
        if fixes and complaint.trouble is not Trouble.SYNTAX:
            found.append(fixes)
    return found


def _piece(draft: Draft, complaint: Complaint, near: Near) -> Piece:
    remark = complaint.remark
    return Piece(draft.body, remark.start, remark.end, remark.text, near)


def _start(piece: Piece) -> int:
    """Where the tactic begins that the complaint is about."""
    first, stop = piece.tactic(min(piece.said[0], max(len(piece.tokens) - 1, 0)))
    return min(piece.start, piece.tokens[first].start) if first < stop else piece.start
