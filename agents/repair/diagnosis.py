"""Lean's complaints about a proof, each laid on the block that owns it. Pure; the stages of a repair use it."""

from __future__ import annotations

from dataclasses import dataclass

from agents.base import Remark, Trial
from agents.repair.blocks import Block, Sort
from agents.repair.layout import parse
from agents.repair.troubles import Trouble, trouble

__all__ = ["Complaint", "Diagnosis", "Trouble", "diagnose"]

_COUNTED = (Sort.TACTIC, Sort.ARM, Sort.STEP)


@dataclass(frozen=True, slots=True)
class Complaint:
    """`path` are the blocks around what Lean complains of, outermost first; the last is the owner.

    `before` is set where Lean cannot read the first word of a block: the part that stands before it, the fault of which
    it may be.
    """

    trouble: Trouble
    remark: Remark
    path: tuple[Block, ...]
    before: Block | None = None

    @property
    def owner(self) -> Block:
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A body's layout and the complaints about it, by their places. `unread` counts the tactics, arms and steps behind
    a syntax error, which Lean has not looked at.
    """

    layout: Block
    complaints: tuple[Complaint, ...]
    unread: int = 0

    @property
    def errors(self) -> int:
        """How much is wrong: what Lean complains of, and what it has not read."""
        return len(self.complaints) + self.unread


def diagnose(trial: Trial) -> Diagnosis:
    """What is wrong with the body of a trial; nothing is where Lean has found errors in its helpers."""
    layout = parse(trial.body)
    if trial.in_helpers:
        return Diagnosis(layout, ())
    errors = sorted({remark for remark in trial.remarks if remark.error}, key=_place)
    complaints = [_complaint(remark, layout, trial.body) for remark in errors]
    stop = next((complaint for complaint in complaints if complaint.trouble is Trouble.SYNTAX), None)
    if stop is None:
        return Diagnosis(layout, tuple(complaints))
    place = min(stop.remark.start, layout.end)
    kept = (complaint for complaint in complaints if complaint is stop or not _follows(complaint, stop, place))
    unread = sum(block.sort in _COUNTED and block.start > place for block in layout.walk())
    return Diagnosis(layout, tuple(kept), unread)


def _place(remark: Remark) -> tuple[int, int, str]:
    return remark.start, remark.end, remark.text


def _complaint(remark: Remark, layout: Block, body: str) -> Complaint:
    kind = trouble(remark.text)
    start, end = min(remark.start, layout.end), min(remark.end, layout.end)
    if not end:  # it is about the statement, or has no place
        return Complaint(kind, remark, (layout,))
    if kind is Trouble.UNSOLVED and (block := _left_open(layout, start, end, body)):
        return Complaint(kind, remark, (*layout.above(block), block))
    if kind is Trouble.SYNTAX:
        return _unreadable(remark, layout, start)
    return Complaint(kind, remark, _around(layout, start, end))


def _around(layout: Block, start: int, end: int) -> tuple[Block, ...]:
    """The blocks around some characters. What Lean sees as one and the layout as several items, because of a bracket
    that is still open, is the first item's fault.
    """
    path = layout.path(start, end) or (layout,)
    return layout.path(start, start)[: len(path) + 1] if path[-1].sort is Sort.SEQUENCE else path


def _left_open(layout: Block, start: int, end: int, body: str) -> Block | None:
    """The block at whose end goals are left: Lean names what introduces it, or the brace that closes it."""
    for block in reversed(layout.path(start, start)):
        for part in block.parts:
            braces = part.word == "{" and body[start:end] == "}" and part.end <= start
            if part.opens == start or braces:
                return part
    return None


def _unreadable(remark: Remark, layout: Block, start: int) -> Complaint:
    """Lean stops at a word. Where a block begins with it, what stands before the block may be to blame."""
    path = layout.path(start, start)
    first = next((place for place, block in enumerate(path) if place and block.start == start), 0)
    before = layout.siblings(path[first])[0] if first else ()
    return Complaint(Trouble.SYNTAX, remark, path, next(reversed(before), None))


def _follows(complaint: Complaint, stop: Complaint, place: int) -> bool:
    """Is it a mere consequence of the place where Lean stopped to read?

    Goals are left in what is around the place, since the rest is missing; what is behind it Lean takes for commands.
    """
    if complaint.remark.start > stop.remark.start or complaint.trouble is Trouble.SYNTAX:
        return True
    return complaint.trouble is Trouble.UNSOLVED and complaint.owner.opens <= place <= complaint.owner.end
