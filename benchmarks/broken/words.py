"""A proof body as the mutators see it: its tokens with their places, and its lines with how far they are indented.

It knows no grammar, and nothing of the parser that the repair uses. Called by `benchmarks.broken.mutations`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from random import Random

from prover.lean.lexer import CLOSING, OPENING, Sort, Token, tokens

Fault = Callable[[str, Random], str | None]  # a body made wrong; None where there is nothing of that sort in it

TACTICS = frozenset(
    {
        *(
            "omega",
            "simp",
            "rfl",
            "grind",
            "decide",
            "exact",
            "rw",
            "apply",
            "intro",
            "refine",
            "have",
            "obtain",
            "simpa",
        ),
        *("rcases", "cases", "induction", "constructor", "unfold", "show", "by_cases", "subst", "funext", "exists"),
        *("left", "right", "split", "assumption", "contradiction", "absurd", "rintro", "calc"),
    }
)
_BEFORE_TACTIC = frozenset({"by", "·", "=>", ";", "<;>", "(", "|"})


def words(body: str) -> list[Token]:
    """The tokens that are not space or comment, without the first `:=` and `by`."""
    found = [token for token in tokens(body) if token.significant]
    while found and found[0].text in (":=", "by"):
        found = found[1:]
    return found


def with_word(body: str, token: Token, text: str) -> str:
    """The body with another text for one token."""
    return body[: token.start] + text + body[token.end :]


def is_tactic(body: str, token: Token) -> bool:
    """Does the token begin a tactic, as far as the text before it tells?"""
    if token.sort is not Sort.NAME or token.text not in TACTICS:
        return False
    before = body[: token.start].rstrip(" ")
    return before.endswith("\n") or any(before.endswith(word) for word in _BEFORE_TACTIC)


def pick(choose: Random, several: Iterable[str | None], but: str) -> str | None:
    """One of the texts that differ from the body that they were made of."""
    different = [text for text in several if text is not None and text != but]
    return choose.choice(different) if different else None


def lines(body: str) -> list[str]:
    return body.split("\n")


def indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def block(rows: Sequence[str], at: int) -> int:
    """The end of the block that the line at `at` begins: the lines after it that are empty or stand further in."""
    end = at + 1
    while end < len(rows) and (not rows[end].strip() or indent(rows[end]) > indent(rows[at])):
        end += 1
    return end


def atoms(body: str) -> list[tuple[int, int]]:
    """Where names, numerals and bracketed terms stand, each as a range; those inside of brackets as well."""
    found, open_ = list[tuple[int, int]](), list[int]()
    for token in tokens(body):
        if token.text in OPENING:
            open_.append(token.start)
        elif token.text in CLOSING and open_:
            found.append((open_.pop(), token.end))
        elif token.sort in (Sort.NAME, Sort.NUMBER):
            found.append((token.start, token.end))
    return sorted(found)


def is_lemma(text: str) -> bool:
    """Is a word by its looks the name of a lemma, and not a variable or a tactic?"""
    return text not in TACTICS and bool(re.search(r"\w\.\w|[a-z]_[a-z]", text)) and not text.startswith("h.")


def binds(body: str, at: int) -> bool:
    """Does the line give names before that place, and use none: the pattern of an arm, `intro`, `obtain`?"""
    line = body[body.rfind("\n", 0, at) + 1 : at].strip(" ·")
    return line.startswith(("| ", "intro ", "rintro ", "obtain ")) and "=>" not in line and ":=" not in line
