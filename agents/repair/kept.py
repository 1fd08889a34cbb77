"""How much of a proof is still there after a repair. Pure."""

from __future__ import annotations

from difflib import SequenceMatcher

from prover.lean.lexer import tokens


def kept(before: str, after: str) -> float:
    """The share of the tokens of `before`, from 0 to 1, that stand in `after` too, in the same order."""
    old, new = _words(before), _words(after)
    if not old:
        return 1.0
    matching = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return sum(block.size for block in matching) / len(old)


def _words(text: str) -> list[str]:
    return [token.text for token in tokens(text) if token.significant]
