"""Answers that a statement asks for: a definition left open, with its value in a comment below, as in PutnamBench.

    abbrev putnam_easy_solution : ℕ := sorry
    -- 2

What is measured is proving, so the value is written in, as those who publish numbers do. Called by the Lean reader.
"""

from __future__ import annotations

import re

from prover.lean.lexer import Sort, tokens
from prover.repair.parts import Part

_COMMENT = re.compile(r"(?P<space>\s*)(?:--(?P<line>[^\n]*)|/-(?![-!])(?P<block>.*?)-/)", re.DOTALL)


def is_unanswered(text: str, part: Part) -> bool:
    """Is it a definition with a hole in its value?"""
    if part.slot is None or part.keyword not in ("def", "abbrev"):
        return False
    body = tokens(text[slice(*part.slot.body)])
    return any(token.sort is Sort.NAME and token.text == "sorry" for token in body)


def answered(text: str, part: Part, following: int) -> str:
    """The definition with the value of the comment between it and the command at `following`.

    Empty where there is none, or where more than the whole value is left open.
    """
    if part.slot is None:
        return ""
    written = [token.text for token in tokens(text[slice(*part.slot.body)]) if token.significant]
    value = _value(text[part.end : following])
    if written not in ([":=", "sorry"], [":=", "by", "sorry"]) or not value:
        return ""
    lines = "".join(f"\n  {line}".rstrip() for line in value.split("\n"))
    return f"{text[part.start : part.slot.body[0]].rstrip()} :={lines}"


def _value(between: str) -> str:
    """The comment right below; lines of comments that follow one another are one."""
    found: list[str] = []
    at = 0
    while (comment := _COMMENT.match(between, at)) and comment["space"].count("\n") < 2:
        if comment["line"] is None:
            found = found or [comment["block"].strip()]
            break
        found.append(comment["line"].removeprefix(" ").rstrip())
        at = comment.end()
    return "\n".join(found).strip()
