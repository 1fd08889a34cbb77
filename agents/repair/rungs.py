"""What could become a hole where Lean complains: edits from the smallest to the largest, as a pure function of a draft.

The ladder of one complaint climbs from the failing tactic to what follows it, and from there to the blocks around.
Which rung is high enough is for Lean to say; `agents.repair.holes` asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.repair.blocks import Block, Sort
from agents.repair.diagnosis import Complaint, Trouble
from agents.repair.edits import Edit
from agents.repair.shop import SORRY
from prover.lean.lexer import CLOSING, OPENING, tokens

_MISSING = re.compile(r"Alternative `(?P<name>[^`]+)` has not been provided")
_CASES = "Missing cases:\n"
_TERMS = ("exact", "refine", "apply", "show", "have", "let", "calc")  # tactics of which a part may become a hole
_GOALS = 6  # that are given holes of their own
_WHY = 600  # characters of Lean's complaint that a hole remembers


@dataclass(frozen=True, slots=True)
class Rung:
    """An edit that makes a hole, or that leaves something out.

    It is good if Lean complains of nothing from where it starts up to `end`, and if no goals are left in the block that
    is introduced at `opens`, where one is given.
    """

    edit: Edit
    end: int
    opens: int = -1


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where something fails, and its ladder; from `level` on, the rungs are about the blocks around."""

    rungs: tuple[Rung, ...]
    safe: int  # the rung that is right most likely, of those that stay in its own sequence


def spots(body: str, layout: Block, complaints: Sequence[Complaint], levels: int) -> list[Spot]:
    """One for each block that Lean complains of; the ladders climb so many blocks. Mere consequences have none."""
    groups: dict[tuple[int, int], list[Complaint]] = {}
    for complaint in complaints:
        block = _failing(complaint)
        groups.setdefault((block.start, block.end), []).append(complaint)
    failing = {id(_sequence(c)) for c in complaints if c.trouble is not Trouble.UNSOLVED}
    found = []
    for group in groups.values():
        if all(c.trouble is Trouble.UNSOLVED and id(c.owner) in failing for c in group):
            continue
        found.append(_spot(body, group, levels))
    return found


def _failing(complaint: Complaint) -> Block:
    """The tactic, term or sequence that the complaint is about."""
    wanted = (Sort.TACTIC, Sort.TERM, Sort.SEQUENCE, Sort.BODY)
    return next(block for block in reversed(complaint.path) if block.sort in wanted)


def _sequence(complaint: Complaint) -> Block | None:
    return next((block for block in reversed(complaint.path[:-1]) if block.sort is Sort.SEQUENCE), None)


def _spot(body: str, group: Sequence[Complaint], levels: int) -> Spot:
    first = group[0]
    why = first.remark.text[:_WHY]
    rungs = list(_own(body, group, why))
    inner = len(rungs)
    for number, (sequence, index) in enumerate(_sequences(first)[:levels]):
        rungs += _in_sequence(sequence, index, why, first if number == 0 else None)
        if number == 0:
            inner = len(rungs)
    if not rungs or levels > len(_sequences(first)):
        rungs.append(everything(body, why))
    distinct = {rung.edit: rung for rung in reversed(rungs)}
    kept = [rung for rung in rungs if distinct.pop(rung.edit, None) is not None]
    return Spot(tuple(kept), min(max(inner - 1, 0), len(kept) - 1))


def everything(body: str, why: str) -> Rung:
    """The whole proof as one hole."""
    return Rung(Edit(0, len(body), f":= by {SORRY}", why), len(body))


def _own(body: str, group: Sequence[Complaint], why: str) -> Iterator[Rung]:
    """What concerns the failing block alone: arms and goals that it lacks, terms in it."""
    first, block = group[0], _failing(group[0])
    arms = [pattern for complaint in group for pattern in _patterns(complaint)]
    if arms and (edit := _with_arms(body, first.owner, arms, why)):
        yield Rung(edit, edit.end)
    if first.trouble is Trouble.UNSOLVED and block.sort is Sort.SEQUENCE:
        yield from _continued(body, block, first, why)
    if first.trouble in (Trouble.MISMATCH, Trouble.UNKNOWN) and len(group) == 1 and block.word in (*_TERMS, ":=", "=>"):
        for start, end in _terms(body, block, first.remark.start, first.remark.end):
            yield Rung(Edit(start, end, SORRY, why), block.end)
    for block in reversed(first.path):
        if block.sort is Sort.TERM:
            yield Rung(Edit(block.start, block.end, SORRY, why), block.end)


def _terms(body: str, block: Block, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The term that Lean complains of, and the brackets around it, innermost first; of `⟨a, b⟩` the component first."""
    if block.start <= start < end <= block.end and (start, end) != (block.start, block.end):
        yield start, end
    open_: list[tuple[str, int, int]] = []  # brackets around the place, with where the component begins
    depth = 0
    for token in tokens(body[: block.end], block.start):
        if token.start < start and token.text in OPENING:
            open_.append((token.text, token.start, token.end))
        elif token.start < start and token.text in CLOSING and open_:
            open_.pop()
        elif token.start < start and token.text == "," and open_:
            open_[-1] = (*open_[-1][:2], token.end)
        elif token.start >= end and token.text in OPENING:
            depth += 1
        elif token.start >= end and depth and token.text in CLOSING:
            depth -= 1
        elif token.start >= end and not depth and open_ and (token.text in CLOSING or token.text == ","):
            bracket, whole, component = open_[-1]
            if bracket == "⟨" and component >= 0:
                yield component + len(body[component:]) - len(body[component:].lstrip()), token.start
                open_[-1] = (bracket, whole, -1)
            if token.text in CLOSING:
                open_.pop()
                if bracket in ("(", "⟨"):
                    yield whole, token.end


def _patterns(complaint: Complaint) -> list[str]:
    """The patterns of the arms that Lean misses."""
    text = complaint.remark.text
    if text.startswith(_CASES):
        return [line for line in text.removeprefix(_CASES).splitlines() if line.strip()]
    found = _MISSING.search(text)
    return [found["name"]] if found else []


def _with_arms(body: str, block: Block, patterns: Sequence[str], why: str) -> Edit | None:
    """The arms put behind the last one there is, each with a hole."""
    arms = [part for part in block.walk() if part.sort is Sort.ARM]
    mine = [arm for arm in arms if not any(other.start < arm.start and arm.end <= other.end for other in arms)]
    if not mine:
        return None
    last = mine[-1]
    line = body.rfind("\n", 0, last.start) + 1
    below = not body[line : last.start].strip() and line > 0
    space = "\n" + " " * (last.start - line) if below else " "
    several = body[last.start : last.end].partition("=>")[0].count(",") + 1  # Lean may add what it has generalized
    shown = [", ".join(pattern.split(", ")[:several]) for pattern in patterns]
    text = "".join(f"{space}| {pattern} => {SORRY}" for pattern in shown)
    return Edit(last.end, last.end, text, why)


def _continued(body: str, sequence: Block, complaint: Complaint, why: str) -> Iterator[Rung]:
    """Holes behind the last tactic of a sequence for the goals that are left there."""
    first_line = "\n" not in body[: sequence.start]
    column = sequence.column(body)
    between = "; " if first_line else "\n" + " " * column
    goals = complaint.remark.text.count("⊢")
    each = [(between + SORRY) * goals] if 0 < goals <= _GOALS else []
    for text in (*each, f"{between}all_goals {SORRY}"):
        yield Rung(Edit(sequence.end, sequence.end, text, why), sequence.end, sequence.opens)


def _sequences(complaint: Complaint) -> list[tuple[Block, int]]:
    """The sequences around the complaint, innermost first, each with the number of the tactic that it is in."""
    found = []
    for outer, inner in zip(complaint.path, complaint.path[1:], strict=False):
        if outer.sort is Sort.SEQUENCE:
            found.append((outer, next(n for n, part in enumerate(outer.parts) if part is inner)))
    if complaint.owner.sort is Sort.SEQUENCE and complaint.owner.parts:
        at = complaint.remark.start
        inside = [n for n, part in enumerate(complaint.owner.parts) if part.start <= at]
        found.append((complaint.owner, inside[-1] if inside else 0))
    return found[::-1]


def _in_sequence(sequence: Block, index: int, why: str, complaint: Complaint | None) -> Iterator[Rung]:
    """From the failing tactic on: without it, a hole for it alone, for it and what follows, for all of them."""
    parts = sequence.parts
    if complaint is not None and len(parts) > 1 and complaint.trouble is not Trouble.UNSOLVED:
        yield _dropped(sequence, index, index + 1, why)
        if complaint.trouble is Trouble.NO_GOALS:
            yield _dropped(sequence, index, len(parts), why)
    firsts = [index]
    if complaint is not None and complaint.trouble is Trouble.SYNTAX and index:
        firsts.append(index - 1)
    for first in firsts:
        length = index - first + 1
        while first + length < len(parts):
            yield _hole(sequence, first, first + length, why)
            length *= 2
        yield _hole(sequence, first, len(parts), why)
    yield _hole(sequence, 0, len(parts), why)


def _dropped(sequence: Block, first: int, last: int, why: str) -> Rung:
    """Without these tactics, of which there are others in the sequence."""
    parts = sequence.parts
    if first:
        edit = Edit(parts[first - 1].end, parts[last - 1].end, "", why)
    elif last < len(parts):
        edit = Edit(parts[0].start, parts[last].start, "", why)
    else:
        edit = Edit(parts[0].start, parts[-1].end, SORRY, why)
    return Rung(edit, sequence.end, sequence.opens)


def _hole(sequence: Block, first: int, last: int, why: str) -> Rung:
    """A hole for these tactics; what comes next must go on from there."""
    parts = sequence.parts
    end = parts[last].end if last < len(parts) else parts[last - 1].end
    return Rung(Edit(parts[first].start, parts[last - 1].end, SORRY, why), end)
