"""Changes of a text: what is to stand in place of which characters. Pure; all stages of a repair use it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """`text` for the characters from `start` up to `end`; `why` says in a few words who wants it."""

    start: int
    end: int
    text: str
    why: str = ""


def applied(text: str, edits: Sequence[Edit]) -> str:
    """The text with all edits made. Raises ValueError for edits that overlap or lie outside of the text."""
    parts, at = [], 0
    for edit in sorted(edits):
        if not at <= edit.start <= edit.end <= len(text):
            raise ValueError(f"the edit at {edit.start} overlaps another one, or is not in the text")
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join(parts) + text[at:]


def moved(offset: int, edits: Sequence[Edit]) -> int:
    """Where the character at `offset` stands after the edits; one that was replaced moves to where its edit starts."""
    shift = 0
    for edit in sorted(edits):
        if edit.end <= offset:
            shift += len(edit.text) - (edit.end - edit.start)
        elif edit.start <= offset:
            return edit.start + shift
    return offset + shift


def begins(edit: Edit, edits: Sequence[Edit]) -> int:
    """Where the text of one of the edits begins when all are made."""
    return edit.start + sum(len(other.text) - (other.end - other.start) for other in edits if other < edit)
