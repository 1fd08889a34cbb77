"""Slight changes of a tactic or a term that Lean has read and does not accept: the other way round, one more or less.

Each proposes alternatives, likeliest first, for the tactic that the complaint is about or the words in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from agents.repair.edits import Edit
from agents.repair.rules.base import FAILED, TACTICS, Fix, Piece, Rule
from prover.lean.lexer import CLOSING, OPENING, Sort

_NO_ARGUMENTS = ("with", "at", "using", "generalizing", "from", "by", "fun", "show", "then", "else", "only")
_OTHER_WORDS = {
    "exact": ("apply", "simpa using", "refine"),
    "apply": ("exact", "refine", "simpa using"),
    "left": ("right",),
    "right": ("left",),
    "simp": ("simp_all", "simp +arith", "omega", "grind"),
    "simpa": ("simp_all", "grind"),
    "omega": ("grind", "simp_all", "simp"),
    "decide": ("simp", "omega", "grind"),
    "rfl": ("simp", "omega", "grind", "assumption", "decide"),
    "split": ("constructor", "refine ⟨?_, ?_⟩"),
    "constructor": ("split", "refine ⟨?_, ?_⟩", "left", "right"),
    "assumption": ("rfl", "simp_all", "omega"),
    "trivial": ("simp", "omega", "decide"),
    "contradiction": ("omega", "simp_all", "grind"),
    "grind": ("simp_all", "omega"),
    "ac_rfl": ("omega", "grind"),
    "norm_cast": ("omega", "simp"),
    "cases": ("rcases", "induction"),
    "funext": ("ext", "intro"),
    "symm": ("skip",),
    "simp_arith": ("simp +arith", "simp_all +arith", "omega"),
    "simp_all_arith": ("simp_all +arith",),
}
_PROJECTIONS = {
    "1": "2", "2": "1", "mp": "mpr", "mpr": "mp", "left": "right", "right": "left", "inl": "inr", "inr": "inl"
}  # fmt: skip


def reversed_equation(piece: Piece) -> Iterator[Fix]:
    """`exact h` where `h.symm` is wanted, or the other way round."""
    first, stop = piece.tactic(piece.said[0])
    if piece.word(first) in ("exact", "refine", "apply") and first + 1 < stop:
        term = piece.between(first + 1, stop)
        if term.endswith(".symm"):
            yield piece.replaced(first + 1, stop, term.removesuffix(".symm"), "without symm")
        else:
            symm = f"{term}.symm" if first + 2 == stop else f"({term}).symm"
            yield piece.replaced(first + 1, stop, symm, "symm")
    for index in range(*piece.said):
        token = piece.tokens[index]
        name = token.sort is Sort.NAME and token.text not in TACTICS and token.text not in _NO_ARGUMENTS
        if name and not piece.begins(index) and piece.word(index - 1) != ".":
            if token.text.endswith(".symm"):
                yield Fix.of(token.start, token.end, token.text.removesuffix(".symm"), "without symm")
            elif piece.word(index + 1) not in OPENING:
                yield Fix.of(token.start, token.end, f"{token.text}.symm", "symm")


def swapped_arguments(piece: Piece) -> Iterator[Fix]:
    """Two arguments that stand beside each other are exchanged, those nearest to the complaint first."""
    first, stop = piece.tactic(piece.said[0])
    groups = list(_arguments(piece, first + 1 if stop > first else 0, stop if stop > first else len(piece.tokens)))
    pairs = [(a, b) for a, b in pairwise(groups) if a[1] == b[0]]
    pairs.sort(key=lambda pair: min(abs(pair[0][0] - piece.said[0]), abs(pair[1][0] - piece.said[0])))
    for a, b in pairs[:4]:
        text = f"{piece.between(*b)} {piece.between(*a)}"
        if piece.between(*a) != piece.between(*b):
            yield piece.replaced(a[0], b[1], text, "two arguments exchanged")
    for a, b in pairs[:2]:
        yield piece.replaced(a[0], b[1], f"({piece.between(a[0], b[1])})", "one argument of two")
    entries = [(a, b) for a, b in pairwise(groups) if a[1] + 1 == b[0] and piece.word(a[1]) == ","]
    for a, b in entries[:2]:
        yield piece.replaced(a[0], b[1], f"{piece.between(*b)}, {piece.between(*a)}", "two entries exchanged")


def _arguments(piece: Piece, first: int, stop: int) -> Iterator[tuple[int, int]]:
    """What can be an argument: a name behind another word, a numeral, a term in brackets."""
    for index in range(first, stop):
        token = piece.tokens[index]
        before = piece.word(index - 1)
        if token.text in _NO_ARGUMENTS or token.text in TACTICS:
            continue
        if token.text in OPENING and piece.closing(index) < stop:
            yield index, piece.closing(index) + 1
        elif token.sort in (Sort.NAME, Sort.NUMBER) and (
            before not in (",", "[", "←") or piece.word(index + 1) in (",", *CLOSING)
        ):
            yield index, index + 1


def off_by_one(piece: Piece) -> Iterator[Fix]:
    """Numerals one more and one less, and arguments `n` for `(n + 1)` and the other way round."""
    first, stop = piece.tactic(piece.said[0])
    if first == stop:
        first, stop = piece.said
    for index in range(first, stop):
        token = piece.tokens[index]
        if token.sort is Sort.NUMBER and token.text.isdigit() and piece.word(index - 1) not in (".", "+"):
            for number in (int(token.text) + 1, int(token.text) - 1):
                if number >= 0:
                    yield Fix.of(token.start, token.end, str(number), f"{token.text} → {number}")
        if (
            token.text == "("
            and piece.word(index + 2) in ("+", "-")
            and piece.word(index + 3).isdigit()
            and piece.word(index + 4) == ")"
        ):
            yield piece.replaced(index, index + 5, piece.word(index + 1), "one less")
            yield from _other_offset(piece, index)
    for index in range(max(first + 1, piece.said[0]), min(stop, piece.said[1] + 1)):
        token = piece.tokens[index]
        if token.sort is Sort.NAME and len(token.text) <= 2 and piece.word(index - 1) not in ("+", "-", "at", "with"):
            yield Fix.of(token.start, token.end, f"({token.text} + 1)", "one more")


def _other_offset(piece: Piece, index: int) -> Iterator[Fix]:
    """`(n + 1)` as `(n + 2)` and as `(n - 1)`."""
    number = piece.tokens[index + 3]
    yield Fix.of(number.start, number.end, str(int(number.text) + 1), "one more")
    sign = piece.tokens[index + 2]
    yield Fix.of(sign.start, sign.end, "-" if sign.text == "+" else "+", "the other sign")


def other_word(piece: Piece) -> Iterator[Fix]:
    """A tactic that fails is one that does nearly the same."""
    first, stop = piece.tactic(piece.said[0])
    token = piece.tokens[first] if first < stop else None
    if token is None:
        return
    if token.text in ("simp", "simp_all", "dsimp") and piece.word(first + 1) == "only":
        yield piece.replaced(first, first + 2, token.text.replace("dsimp", "simp"), "without only")
        yield piece.replaced(first, first + 2, "simp_all", "without only")
    alone = stop == first + 1
    for other in _OTHER_WORDS.get(token.text, ()):
        if alone or token.text not in ("simp", "simpa", "grind", "constructor") or " " not in other:
            end = stop if other in ("omega", "grind", "simp_all", "skip", "assumption", "decide", "rfl") else first + 1
            yield piece.replaced(first, end, other, f"{token.text} → {other}")


def other_projection(piece: Piece) -> Iterator[Fix]:
    """`h.1` for `h.2`, `Or.inl` for `Or.inr`, and the like."""
    first, stop = piece.tactic(piece.said[0])
    start, end = piece.said
    for index in range(min(first, start), max(stop, end)):
        token = piece.tokens[index]
        name, dot, last = token.text.rpartition(".")
        if token.sort is Sort.NAME and dot and last in _PROJECTIONS:
            yield Fix.of(token.start, token.end, f"{name}.{_PROJECTIONS[last]}", f".{last} → .{_PROJECTIONS[last]}")
        elif piece.word(index - 1) == "." and token.text in _PROJECTIONS and token.start == piece.tokens[index - 1].end:
            yield Fix.of(
                token.start, token.end, _PROJECTIONS[token.text], f".{token.text} → .{_PROJECTIONS[token.text]}"
            )


def fewer_arguments(piece: Piece) -> Iterator[Fix]:
    """The argument that the complaint is about is left to Lean; or there is one too many, or too few."""
    start, stop = piece.said
    token = piece.tokens[start] if start < len(piece.tokens) else None
    if token is not None and stop == start + 1 and token.sort is Sort.NAME and not piece.begins(start):
        yield Fix.of(token.start, token.end, "_", f"{token.text} is left to Lean")
        end = piece.tokens[stop].start if stop < len(piece.tokens) else token.end
        yield Fix.of(token.start, end, "", f"without {token.text}")
    if start < stop:
        end = piece.tokens[stop - 1].end
        yield from (Fix.of(end, end, more, "with further arguments") for more in (" ‹_›", " rfl", " _"))


def other_branch(piece: Piece) -> Iterator[Fix]:
    """What does not fit is right in the other branch: `left` for `right` in one of the lines above."""
    for index in range(piece.said[0] - 1, max(piece.said[0] - 12, -1), -1):
        if piece.word(index) in ("left", "right") and piece.begins(index):
            token = piece.tokens[index]
            other = _PROJECTIONS[token.text]
            yield Fix.of(token.start, token.end, other, f"{token.text} → {other}")
            return


def parallel(piece: Piece) -> Iterator[Fix]:
    """`;` was `<;>` in Lean 3."""
    for index, token in enumerate(piece.tokens):
        if token.text == ";" and not piece.leads(index):
            yield Fix((Edit(token.start, token.end, " <;>", "; → <;>"),))


_RW = "Tactic `rewrite` failed: Did not find an occurrence of the pattern"
RULES = (
    Rule(reversed_equation, "exact h", "exact h.symm", FAILED, "Type mismatch", "exact h"),
    Rule(swapped_arguments, "exact f a (g b)", "exact f (g b) a", FAILED, "Application type mismatch", "a"),
    Rule(off_by_one, "rw [h 2]", "rw [h 3]", FAILED, _RW, "h 2"),
    Rule(off_by_one, "rw [h (n + 1)]", "rw [h n]", FAILED, _RW, "h (n + 1)"),
    Rule(other_word, "simp only [h]", "simp [h]", FAILED, "`simp` made no progress", "simp only [h]"),
    Rule(other_word, "split", "constructor", FAILED, "Tactic `split` failed", "split"),
    Rule(other_projection, "exact h.1", "exact h.2", FAILED, "Type mismatch", "exact h.1"),
    Rule(fewer_arguments, "exact f k b", "exact f _ b", FAILED, "Application type mismatch", "k"),
    Rule(other_branch, "right\nexact h", "left\nexact h", FAILED, "Type mismatch", "exact h"),
    Rule(swapped_arguments, "exact k h hp", "exact k (h hp)", FAILED, "Application type mismatch", "h"),
    Rule(
        parallel, "constructor; simp", "constructor <;> simp", "unsolved goals", "unsolved goals", "constructor; simp"
    ),
)
