"""Lean text as tokens: comments, strings, characters, names, numerals, symbols.

The tokens' texts, joined, are the source: nothing is dropped and nothing fails, whatever the text is. Keywords are
names here, because which words are keywords depends on what a file imports. Called by `prover.lean.source`.
The rules are those of `Lean.Parser.tokenFn` and `whitespace` (src/Lean/Parser/Basic.lean).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum, auto
from typing import NamedTuple


class Sort(Enum):
    SPACE = auto()
    COMMENT = auto()
    DOC = auto()  # `/-- … -/` and `/-! … -/`: to Lean these are part of the syntax, not space
    STRING = auto()
    CHAR = auto()
    NAME = auto()
    NUMBER = auto()
    SYMBOL = auto()


class Token(NamedTuple):
    """`text` is `source[start:end]`."""

    sort: Sort
    start: int
    end: int
    text: str

    @property
    def significant(self) -> bool:
        return self.sort is not Sort.SPACE and self.sort is not Sort.COMMENT


# Those with a `:`, `|`, `=` or `.` that must not be seen alone, longest first; all other symbols are one character.
SYMBOLS = ("|||", "<|>", "|>.", "...", ":=", "=>", "||", "<|", "|>", "..", "::", "->", "<-")
OPENING = frozenset("([{⟨⦃‹")
CLOSING = frozenset(")]}⟩⦄›")
_SPACES = frozenset(" \t\r\n")
_BLOCK = re.compile("/-|-/")
_MAX_QUOTED = 1 << 12  # characters of a quoted name; so that many quotes that nothing closes are read in linear time


def tokens(source: str, start: int = 0) -> Iterator[Token]:
    """The tokens of `source[start:]`; `start` must be a place where a token starts."""
    while start < len(source):
        sort, end = _token(source, start)
        yield Token(sort, start, end, source[start:end])
        start = end


def _token(source: str, at: int) -> tuple[Sort, int]:
    if source[at] == '"' and source[max(at - 1, 0)] == "!":  # s!"…", m!"…", f!"…"
        return Sort.STRING, _interpolated_end(source, at)
    return _plain_token(source, at)


def _plain_token(source: str, at: int) -> tuple[Sort, int]:
    """One token, where `"` starts an ordinary string."""
    char = source[at]
    if char in _SPACES:
        return Sort.SPACE, _while(source, at, _SPACES.__contains__)
    if source.startswith(("--", "/-"), at):
        return _comment(source, at)
    if char == '"':
        return Sort.STRING, _string_end(source, at)
    if char == "r" and (end := _raw_string_end(source, at)):
        return Sort.STRING, end
    if char == "'" and (end := _char_end(source, at)):
        return Sort.CHAR, end
    if end := _name_end(source, at):
        return Sort.NAME, end
    if char in "0123456789":
        return Sort.NUMBER, _number_end(source, at)
    return Sort.SYMBOL, at + next((len(s) for s in SYMBOLS if source.startswith(s, at)), 1)


def _while(source: str, at: int, accepts: Callable[[str], bool]) -> int:
    while at < len(source) and accepts(source[at]):
        at += 1
    return at


def _comment(source: str, at: int) -> tuple[Sort, int]:
    if source.startswith("--", at):
        end = source.find("\n", at)
        return Sort.COMMENT, len(source) if end < 0 else end
    if source.startswith(("/--", "/-!"), at):
        return Sort.DOC, _block_end(source, at + 3)
    return Sort.COMMENT, _block_end(source, at + 2)


def _block_end(source: str, at: int) -> int:
    """The end of a block comment, whose inside starts at `at`; blocks nest."""
    depth = 1
    for mark in _BLOCK.finditer(source, at):
        depth += 1 if mark[0] == "/-" else -1
        if not depth:
            return mark.end()
    return len(source)


def _string_end(source: str, at: int) -> int:
    at += 1
    while at < len(source) and source[at] != '"':
        at += 2 if source[at] == "\\" else 1
    return min(at + 1, len(source))


def _raw_string_end(source: str, at: int) -> int:
    """The end of r"…" or r#"…"#; 0 where `at` starts a mere name."""
    quote = _while(source, at + 1, "#".__contains__)
    if quote >= len(source) or source[quote] != '"':
        return 0
    close = source.find('"' + "#" * (quote - at - 1), quote + 1)
    return len(source) if close < 0 else close + quote - at


def _interpolated_end(source: str, at: int) -> int:
    """The end of a string with `{term}` in it; a term may hold strings of both kinds.

    `around` has, for every string that is open, the depth of brackets `{` in its present term.
    """
    around: list[int] = []
    in_text, at = True, at + 1
    while at < len(source):
        if in_text:
            char, at = source[at], at + (2 if source[at] == "\\" else 1)
            if char == "{":
                around.append(0)
                in_text = False
            elif char == '"':
                if not around:
                    return at
                in_text = False
        elif source[at] == '"' and source[at - 1] == "!":
            in_text, at = True, at + 1
        else:
            around[-1] += {"{": 1, "}": -1}.get(source[at], 0)
            at = _plain_token(source, at)[1]
            if around[-1] < 0:
                around.pop()
                in_text = True
    return len(source)


def _char_end(source: str, at: int) -> int:
    """The end of a character literal; 0 where the `'` is something else, such as in `f ⁻¹' s`."""
    escaped = source.startswith("\\", at + 1)
    close = at + 2 + escaped * {"x": 3, "u": 5}.get(source[at + 2 : at + 3], 1)
    return close + 1 if source[at + 1 : at + 2] != "'" and source.startswith("'", close) else 0


def _name_end(source: str, at: int) -> int:
    """The end of an identifier with all its dotted components; 0 where none starts at `at`."""
    end = 0
    while part := _component_end(source, at):
        end, at = part, part + 1
        if not source.startswith(".", end):
            break
    return end


def _component_end(source: str, at: int) -> int:
    if at >= len(source):
        return 0
    if source[at] == "«":
        return source.find("»", at, at + _MAX_QUOTED) + 1
    return _while(source, at, continues_name) if starts_name(source[at]) else 0


def _number_end(source: str, at: int) -> int:
    if source.startswith(("0x", "0X", "0b", "0B", "0o", "0O"), at):
        return _while(source, at + 2, _is_word)
    end = _while(source, at, "0123456789_".__contains__)
    if source.startswith(".", end) and source[end + 1 : end + 2].isdecimal():
        end = _while(source, end + 1, "0123456789_".__contains__)
    return end


def _is_word(char: str) -> bool:
    return char == "_" or (char.isascii() and char.isalnum())


def starts_name(char: str) -> bool:
    return char == "_" or (char.isalpha() if char.isascii() else _letter_like(char))


def continues_name(char: str) -> bool:
    return (_is_word(char) or char in "'!?") if char.isascii() else _letter_like(char) or _subscript(char)


def _letter_like(char: str) -> bool:
    """`Lean.isLetterLike`: Latin with accents, Greek but λ Π Σ, Coptic, letter-like symbols, script and Fraktur."""
    return char not in "λΠΣ×÷" and any(
        first <= char <= last
        for first, last in (
            ("\u00c0", "\u017f"),
            ("\u0391", "\u03c9"),
            ("\u03ca", "\u03fb"),
            ("\u1f00", "\u1ffe"),
            ("\u2100", "\u214f"),
            ("\U0001d49c", "\U0001d59f"),
        )
    )


def _subscript(char: str) -> bool:
    """`Lean.isSubScriptAlnum`."""
    return any(a <= char <= b for a, b in (("₀", "₉"), ("ₐ", "ₜ"), ("ᵢ", "ᵪ"), ("ⱼ", "ⱼ")))
