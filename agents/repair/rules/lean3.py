"""Lean 3 as models still write it: commas behind tactics, `begin … end`, `λ x, t`, `from`, rewriting without brackets.

Source: "Lean 4 changes from Lean 3" of the Lean community, and the Lean manuals. Each rule finds all its places in a
text. `agents.repair.rules.lean3_cases` has the tactics that split a goal.
"""

from __future__ import annotations

from collections.abc import Iterator

from agents.repair.edits import Edit
from agents.repair.rules.base import BINDERS, TACTICS, Fix, Piece, Rule
from prover.lean.lexer import CLOSING, OPENING

_BRACKETED = ("rw", "rwa", "rewrite", "erw", "simp_rw")
_WORDS = {
    "refl": "rfl",
    "split": "constructor",
    "dec_trivial": "decide",
    "apply_instance": "infer_instance",
    "existsi": "exists",
    "use": "exists",
    "rintros": "rintro",
    "symmetry": "symm",
    "ac_refl": "ac_rfl",
    "squeeze_simp": "simp",
    "by_contradiction": "false_or_by_contra",
    "swap": "rotate_left",
    "fapply": "apply",
    "eapply": "apply",
    "introv": "intros",
}
_TERMS = {"$": "<|", "ℕ": "Nat", "ℤ": "Int", "Π": "∀", "tt": "true", "ff": "false"}
_SPACES = """
    nat int list fin option bool prod sum or and eq iff exists ne not true false function classical
    subtype string char set sigma psigma decidable well_founded array unit
"""
_NAMESPACES = frozenset(_SPACES.split())
_CAMEL = {"well_founded": "WellFounded", "psigma": "PSigma"}
_LIKE = {
    "≦": "≤", "≧": "≥", "∶": ":", "：": ":", "，": ",", "；": ";", "–": "-", "−": "-", "’": "'", "“": '"', "”": '"',
    "•": "·", "∙": "·", "⋅": "·", "⇒": "=>", "⟶": "→", "⟵": "←", "（": "(", "）": ")", "〈": "⟨", "〉": "⟩", "∗": "*",
}  # fmt: skip


def commas(piece: Piece) -> Iterator[Fix]:
    """A comma between tactics is a new line, and one at the end of a line is nothing."""
    for index in _separators(piece):
        token, following = piece.tokens[index], piece.word(index + 1)
        last = index + 1 >= len(piece.tokens) or piece.leads(index + 1) or following in ("}", "end")
        if last:
            yield Fix.of(token.start, token.end, "", "commas")
        elif following in TACTICS or following == "{":
            yield Fix.of(token.start, token.end, ";", "commas")


def _separators(piece: Piece) -> Iterator[int]:
    """The commas that belong to no bracket and to no binder; braces around tactics are no bracket in this."""
    around: list[str] = []
    for index, token in enumerate(piece.tokens):
        word = token.text
        if word in OPENING:
            around.append("tactics" if word == "{" and piece.word(index + 1) in TACTICS else word)
        elif word in CLOSING:
            while around and around.pop() in BINDERS:
                pass
        elif word in BINDERS and (word != "assume" or not piece.leads(index)):
            around.append(word)
        elif (word in ("=>", "↦") and around[-1:] in (["fun"], ["λ"])) or (
            word == "," and around and around[-1] in BINDERS
        ):
            around.pop()
        elif word == "," and (not around or around[-1] == "tactics"):
            yield index


def begin_end(piece: Piece) -> Iterator[Fix]:
    """`begin … end` is `by …`."""
    opened: list[int] = []
    for index, token in enumerate(piece.tokens):
        if token.text == "begin":
            opened.append(index)
        elif token.text == "end" and opened:
            begin = piece.tokens[opened.pop()]
            edits = (Edit(begin.start, begin.end, "by", "begin … end"), Edit(token.start, token.end, "", "begin … end"))
            yield Fix(edits)
    for index in opened:
        token = piece.tokens[index]
        yield Fix.of(token.start, token.end, "by", "begin")


def functions(piece: Piece) -> Iterator[Fix]:
    """`λ x, t` and `fun x, t` have an arrow."""
    for index, token in enumerate(piece.tokens):
        if token.text not in ("λ", "fun", "assume") or (token.text == "assume" and piece.leads(index)):
            continue
        stop = piece.until(index + 1, ",", "=>", "↦", "|")
        if piece.word(stop) == ",":
            comma = piece.tokens[stop]
            arrow = Edit(comma.start, comma.end, " =>", "λ x, t")
            yield Fix((Edit(token.start, token.end, "fun", "λ x, t"), arrow))


def rewriting(piece: Piece) -> Iterator[Fix]:
    """`rw h at k` has brackets around what it rewrites with."""
    for index, token in enumerate(piece.tokens):
        first = index + 1
        if token.text not in _BRACKETED or piece.word(first) in ("[", "at", ""):
            continue
        stop = piece.until(first, "at", ",", "with", "|")
        if stop > first:
            start, end = piece.tokens[first].start, piece.tokens[stop - 1].end
            yield Fix((Edit(start, start, "[", "rw h"), Edit(end, end, "]", "rw h")))


def proofs_from(piece: Piece) -> Iterator[Fix]:
    """`have h : t, from e`, and the like with `by` or braces, has `:=`; `show t, from e` has no comma."""
    for index, token in enumerate(piece.tokens):
        if token.text not in ("have", "obtain", "show", "suffices", "let", "haveI"):
            continue
        comma = _comma_before_proof(piece, index)
        if comma is None:
            continue
        following = piece.tokens[comma + 1]
        start, why = piece.tokens[comma].start, f"{token.text} …, {following.text}"
        if token.text in ("show", "suffices"):
            yield Fix.of(start, following.end, " by {" if following.text == "{" else f" {following.text}", why)
        elif following.text == "from":
            yield Fix.of(start, following.end, " :=", why)
        else:
            yield Fix.of(start, following.start, " := by " if following.text in "{" else " := ", why)


def _comma_before_proof(piece: Piece, index: int) -> int | None:
    """The index of the comma behind the type of a `have`, where a proof follows it."""
    at, bound = index + 1, 0
    while (at := piece.until(at, ",", ":=", "∀", "∃", "λ", "fun", "Σ", "Π")) < len(piece.tokens):
        word = piece.word(at)
        if word == "," and bound == 0:
            return at if piece.word(at + 1) in ("from", "by", "{", "begin") else None
        if word not in (",", *BINDERS):
            return None
        bound += -1 if word == "," else 1
        at += 1
    return None


def missing_from(piece: Piece) -> Iterator[Fix]:
    """`have h : t from e` has `:=`."""
    for index, token in enumerate(piece.tokens):
        if token.text == "have":
            stop = piece.until(index + 1, "from", ":=", ",")
            if piece.word(stop) == "from":
                found = piece.tokens[stop]
                yield Fix.of(found.start, found.end, ":=", "have … from")


def words(piece: Piece) -> Iterator[Fix]:
    """Tactics that have another name now."""
    for index, token in enumerate(piece.tokens):
        if new := _WORDS.get(token.text):
            before = piece.word(index - 1)
            if token.text == "dec_trivial" and before == "exact":
                yield Fix.of(piece.tokens[index - 1].start, token.end, "decide", "dec_trivial")
            elif piece.leads(index) or before in ("by", "{", "·", ";", "<;>", "(", "=>", ",", "begin", "|", "try"):
                yield Fix.of(token.start, token.end, new, f"{token.text}")


def assuming(piece: Piece) -> Iterator[Fix]:
    """`assume x y` is `intro x y`, and `assume h : t` is too."""
    for index, token in enumerate(piece.tokens):
        if token.text == "assume" and piece.leads(index):
            stop = piece.until(index + 1, ",", ":")
            if piece.word(stop) == ":":
                start, end = piece.tokens[index + 1].start, piece.tokens[piece.until(stop, ",") - 1].end
                edits = Edit(start, start, "(", "assume"), Edit(end, end, ")", "assume")
                yield Fix((Edit(token.start, token.end, "intro", "assume"), *edits))
            else:
                yield Fix.of(token.start, token.end, "intro", "assume")


def terms(piece: Piece) -> Iterator[Fix]:
    """`$`, `ℕ` and other words of terms that Lean 4 alone does not have."""
    for token in piece.tokens:
        if new := _TERMS.get(token.text):
            yield Fix.of(token.start, token.end, new, token.text)


def namespaces(piece: Piece) -> Iterator[Fix]:
    """`nat.succ` is `Nat.succ`."""
    for token in piece.tokens:
        space, dot, name = token.text.partition(".")
        if dot and space in _NAMESPACES:
            new = _CAMEL.get(space, space.capitalize())
            yield Fix.of(token.start, token.end, f"{new}.{name}", f"{space}.")


def look_alikes(piece: Piece) -> Iterator[Fix]:
    """Characters that look like what is meant."""
    for index, token in enumerate(piece.tokens):
        if new := _LIKE.get(token.text):
            yield Fix.of(token.start, token.end, new, f"{token.text}")
        elif token.text == "." and piece.leads(index):
            yield Fix.of(token.start, token.end, "·", "a dot for a bullet")


RULES = (
    Rule(begin_end, "begin\n  simp\nend", "by\n  simp\n"),
    Rule(commas, "intro h,\nsimp,", "intro h\nsimp"),
    Rule(commas, "{ intro h, simp }", "{ intro h; simp }"),
    Rule(functions, "exact λ x, h x", "exact fun x => h x"),
    Rule(rewriting, "rw ← h at k", "rw [← h] at k"),
    Rule(rewriting, "rw nat.add_comm a b,", "rw [nat.add_comm a b],"),
    Rule(proofs_from, "have h : a = b, from rfl,", "have h : a = b := rfl,"),
    Rule(proofs_from, "have h : a = b, { simp }", "have h : a = b := by { simp }"),
    Rule(proofs_from, "show a = b, from rfl", "show a = b from rfl"),
    Rule(proofs_from, "obtain ⟨x, hx⟩ : ∃ x, p x, from h", "obtain ⟨x, hx⟩ : ∃ x, p x := h"),
    Rule(missing_from, "have h : a = b from rfl", "have h : a = b := rfl"),
    Rule(words, "refl", "rfl"),
    Rule(words, "exact dec_trivial", "decide"),
    Rule(words, "use 1, 2", "exists 1, 2"),
    Rule(assuming, "assume h : a = b,", "intro (h : a = b),"),
    Rule(terms, "exact f $ g ℕ", "exact f <| g Nat"),
    Rule(namespaces, "exact nat.succ_pos n", "exact Nat.succ_pos n"),
    Rule(look_alikes, "exact （h）", "exact (h)"),
    Rule(look_alikes, ". simp", "· simp"),
)
