"""How Lean 3 and Mathlib name what a split gives: `cases h with x hx`, `induction n with k ih`, `cases'`, `match`.

What kind of thing is split is not to be seen in the text, so there are alternatives, the likeliest by the names first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agents.repair.edits import Edit
from agents.repair.rules.base import Fix, Piece, Rule

_SPLITS = ("cases", "cases'", "induction", "induction'", "rcases")


def named_cases(piece: Piece) -> Iterator[Fix]:
    """`cases h with x hx` is a pattern, or arms whose goals stay open for the tactics that follow."""
    for index, token in enumerate(piece.tokens):
        if token.text not in _SPLITS or token.text == "rcases":
            continue
        stop = piece.until(index + 1, ",", "{", ".")
        at = next((n for n in range(index + 1, stop) if piece.word(n) in ("with", "using", "generalizing")), stop)
        names = [piece.word(n) for n in range(at + 1, stop)]
        if piece.word(at) != "with" or not names or not all(name.isidentifier() for name in names):
            if token.text.endswith("'"):
                yield Fix.of(token.start, token.end, token.text[:-1], token.text)
            continue
        subject = piece.between(index + 1, at)
        for text in _ways(token.text.startswith("induction"), subject, names):
            yield piece.replaced(index, stop, text, f"{token.text} {subject} with {' '.join(names)}")


def _ways(induction: bool, subject: str, names: Sequence[str]) -> Iterator[str]:
    """What it may mean, by the number of names."""
    all_names = " ".join(names)
    pattern = f"⟨{', '.join(names)}⟩"
    if induction:
        if len(names) <= 2:
            yield f"induction {subject} with | zero => ?_ | succ {all_names} => ?_"
        yield f"induction {subject} with | nil => ?_ | cons {all_names} => ?_"
        return
    bare = subject.partition(":")[2].strip() if ":" in subject else subject
    if len(names) == 2:
        yield f"obtain {pattern} := {bare}"
        yield f"rcases {subject} with {names[0]} | {names[1]}"
        yield f"cases {subject} with | nil => ?_ | cons {all_names} => ?_"
    elif len(names) == 1:
        yield f"cases {subject} with | zero => ?_ | succ {names[0]} => ?_"
        yield f"obtain {pattern} := {bare}"
        yield f"rcases {subject} with {names[0]} | {names[0]}"
    else:
        yield f"obtain {pattern} := {bare}"
        yield f"rcases {subject} with {' | '.join(names)}"


def arms(piece: Piece) -> Iterator[Fix]:
    """An arm `| p := t` has an arrow, and a `match` has no `end`."""
    for index, token in enumerate(piece.tokens):
        if token.text != "|" or not (piece.leads(index) or piece.word(index - 1) == "with"):
            continue
        stop = piece.until(index + 1, ":=", "=>", "|")
        if piece.word(stop) == ":=":
            found = piece.tokens[stop]
            yield Fix.of(found.start, found.end, "=>", "| p := t")
    for index, token in enumerate(piece.tokens):
        if token.text == "end" and not any(piece.word(n) == "begin" for n in range(index)):
            yield Fix.of(token.start, token.end, "", "end")


def calc_steps(piece: Piece) -> Iterator[Fix]:
    """A step of `calc` has `:=` before its proof, and `_` for the right-hand side of the step before.

    The first term stands on the line of `calc`, so the steps that follow are brought under it.
    """
    for index, token in enumerate(piece.tokens):
        if token.text == "...":
            yield Fix.of(token.start, token.end, "_", "... in calc")
        elif token.text == "calc":
            yield from _colons(piece, index)


def _colons(piece: Piece, index: int) -> Iterator[Fix]:
    edits, at = [], index + 1
    while at < len(piece.tokens):
        at = piece.until(at, ":", ":=", "...", "_")
        if piece.word(at) == ":" and piece.word(at + 1) not in ("=",):
            colon = piece.tokens[at]
            edits.append(Edit(colon.start, colon.end, ":=", "calc … : proof"))
        elif piece.word(at) not in (":=", "...", "_"):
            break
        at += 1
    if edits:
        yield Fix(tuple(edits))


RULES = (
    Rule(named_cases, "cases h with x hx,", "obtain ⟨x, hx⟩ := h,"),
    Rule(named_cases, "induction n with k ih", "induction n with | zero => ?_ | succ k ih => ?_"),
    Rule(named_cases, "induction' n with k ih", "induction n with | zero => ?_ | succ k ih => ?_"),
    Rule(named_cases, "cases n with k", "cases n with | zero => ?_ | succ k => ?_"),
    Rule(arms, "match n with\n| 0 := rfl\n| k := rfl\nend", "match n with\n| 0 => rfl\n| k => rfl\n"),
    Rule(
        calc_steps,
        "calc a = b : by simp\n  ... = c : by rw h",
        "calc a = b := by simp\n  _ = c := by rw h",
    ),
)
