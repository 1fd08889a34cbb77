"""Puts tactics into a hole so that the layout stays right, wherever the hole stands. Pure.

A hole is one of a sequence of tactics, or a part of a term. What has several lines is aligned with the hole, or starts
on a line of its own behind `by` and `=>`; on the first line of a body nobody knows the column, since the statement
stands before it, so that brackets are needed there. The stages that close holes use it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import dedent

from agents.leantext import masked
from agents.repair.blocks import Block, Sort
from agents.repair.edits import Edit
from agents.repair.shop import Draft, Hole
from prover.lean.lexer import tokens

# Words before a hole that takes the place of a tactic, whatever the layout says.
_TACTIC = {"by", "·", "<;>", ";", "|", "try", "all_goals", "any_goals", "repeat", "focus", "first"}
_TERM = {":=", "=>", "<|", "(", "⟨", ",", "[", "from", "exact", "refine", "then", "else"}  # a `by` may follow these
_CLOSING = {")", "⟩", "]", "}", ","}
_JOINING = {"<;>", "|"}  # they bind what stands beside them


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a hole stands. `before` and `after` are the words beside it, `behind` is where the first of them ends.

    `column` is the hole's, `base` that of the innermost tactic, arm or step around it; None on the body's first line.
    """

    tactic: bool
    before: str
    after: str
    behind: int
    beside: bool  # does `after` stand on the hole's line?
    first: bool  # is the hole the first on its line?
    alone: bool  # is all of its sequence on its line?
    column: int | None
    base: int | None

    @property
    def joined(self) -> bool:
        """Does a word beside the hole bind what stands next to it?"""
        return self.before in _JOINING or self.after == "<;>" or (self.after == "|" and self.beside)

    @property
    def listed(self) -> bool:
        """Is the hole one of several tactics on a line?"""
        return self.before == ";" or (self.after == ";" and self.beside)


def fill(draft: Draft, hole: Hole, tactics: str, why: str = "", *, focused: bool = False) -> Edit:
    """The edit that puts these tactics (one or more lines, as after `by`) in the hole's place, tactic or term.

    With `focused`, behind a `·`, so that Lean complains there when they do not close the goal. The edit may begin in
    the space before the hole. A comment behind the tactics is dropped, as it would hide what follows on its line.
    """
    lines = _lines(tactics)
    spot = _spot(draft, hole)
    if not spot.tactic:
        return Edit(hole.start, hole.end, _term(lines, spot), why)
    if len(lines) > 1 and spot.column is None and _flat(lines):
        lines = ["(" * (not focused) + "; ".join(lines) + ")" * (not focused)]
    if focused:
        lines = ["· " + lines[0], *("  " + line if line else "" for line in lines[1:])]
    if _breaks(lines, spot):
        return Edit(spot.behind, hole.end, "\n" + _indented(lines, (spot.base or 0) + 2), why)
    return Edit(hole.start, hole.end, _tactic(lines, spot), why)


def takes_tactic(draft: Draft, hole: Hole) -> bool:
    """Does the hole stand where a tactic does, and not a term?"""
    return _spot(draft, hole).tactic


def superfluous(draft: Draft, hole: Hole) -> tuple[Edit, Edit] | None:
    """For a hole behind `<;>` or `all_goals`, which may have no goal: what fails if it has one, and its removal."""
    spot = _spot(draft, hole)
    if spot.before not in ("<;>", "all_goals"):
        return None
    words = draft.body[: hole.start].rstrip().removesuffix(spot.before).rstrip()
    why = "no goal was left"
    return Edit(hole.start, hole.end, "done", why), Edit(len(words), hole.end, "", why)


def _lines(tactics: str) -> list[str]:
    code = tactics[: len(masked(tactics).rstrip())]
    lines = [line.rstrip() for line in dedent(code).strip("\n").split("\n")]
    return lines if lines[0] else ["skip"]


def _breaks(lines: Sequence[str], spot: _Spot) -> bool:
    """Do the lines begin on a new line?"""
    if len(lines) == 1 or spot.joined or spot.first or spot.base is None:
        return False
    return spot.alone and spot.before in ("by", "=>")


def _tactic(lines: Sequence[str], spot: _Spot) -> str:
    several = len(lines) > 1
    bound = spot.joined and (several or any(word in lines[0] for word in ("<;>", "|", ";")))
    if several and spot.column is None:
        return f"(\n{_indented(lines, 4)})"
    if bound or (spot.listed and (several or lines[0].startswith("·"))):
        return f"({_aligned(lines, (spot.column or 0) + 1)})"
    return _aligned(lines, spot.column or 0)


def _flat(lines: Sequence[str]) -> bool:
    """Can they stand on one line, parted by `;`?"""
    return all(line and line[0] not in " |·" and not line.endswith(("=>", "by", "with", "do")) for line in lines)


def _term(lines: Sequence[str], spot: _Spot) -> str:
    if spot.column is None and _flat(lines):
        lines = ["; ".join(lines)]
    open_ = spot.after and spot.after not in _CLOSING
    brackets = spot.before not in _TERM or (open_ and spot.beside) or (len(lines) > 1 and spot.base is None)
    text = "by " + lines[0] if len(lines) == 1 else "by\n" + _indented(lines, (spot.base or 0) + 2)
    return f"({text})" if brackets else text


def _aligned(lines: Sequence[str], column: int) -> str:
    """The lines below each other where the first of them starts in that column already."""
    return _indented(lines, column).lstrip(" ")


def _indented(lines: Sequence[str], column: int) -> str:
    return "\n".join(" " * column + line if line else "" for line in lines)


def _spot(draft: Draft, hole: Hole) -> _Spot:
    body = draft.body
    path = draft.diagnosis.layout.path(hole.start, hole.end)
    words = [token for token in tokens(body) if token.significant]
    before = [token for token in words if token.end <= hole.start]
    after = [token for token in words if token.start >= hole.end]
    word = _joined([token.text for token in before[-3:]])
    starts = any(block.sort is Sort.TACTIC and block.start == hole.start for block in path)
    following = _joined([token.text for token in after[:3]], first=True)
    return _Spot(
        tactic=starts or word in _TACTIC,
        before=word,
        after=following,
        behind=before[-1].end if before else 0,
        beside=bool(after) and "\n" not in body[hole.end : after[0].start],
        first="\n" in body[before[-1].end if before else 0 : hole.start],
        alone=_alone(body, path),
        column=_column(body, hole.start),
        base=_base(body, path, hole),
    )


def _joined(words: Sequence[str], first: bool = False) -> str:
    """The last of the words, or the first; to the lexer `<;>` is three."""
    if list(words) == ["<", ";", ">"]:
        return "<;>"
    return (words[0] if first else words[-1]) if words else ""


def _alone(body: str, path: Sequence[Block]) -> bool:
    sequences = [block for block in path if block.sort is Sort.SEQUENCE]
    return not sequences or "\n" not in body[sequences[-1].start : sequences[-1].end]


def _base(body: str, path: Sequence[Block], hole: Hole) -> int | None:
    around = [b for b in path if b.sort in (Sort.TACTIC, Sort.ARM, Sort.STEP) and b.start < hole.start]
    line = body[body.rfind("\n", 0, hole.start) + 1 : hole.start] if "\n" in body[: hole.start] else ""
    base = _column(body, around[-1].start) if around else 0
    return None if base is None else max(base, len(line) - len(line.lstrip()))


def _column(body: str, at: int) -> int | None:
    """In characters, as Lean counts columns; None on the first line."""
    line = body.rfind("\n", 0, at)
    return at - line - 1 if line >= 0 else None
