"""Layout and punctuation: indentation, brackets, what is missing before a proof, what does not belong into one.

These rules look where Lean has stopped to read. What they drop is never a tactic, and what breaks off becomes a hole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from agents.repair.edits import Edit
from agents.repair.rules.base import TACTICS, Fix, Piece, Rule
from prover.lean.lexer import CLOSING, OPENING

_CLOSES = dict(zip("([{⟨⦃‹", ")]}⟩⦄›", strict=True))
_EXPECTED = re.compile(r"'([^']+)'")
_COMMANDS = (
    "theorem",
    "lemma",
    "example",
    "def",
    "abbrev",
    "instance",
    "namespace",
    "section",
    "open",
    "import",
    "end",
    "variable",
)
_STOPPED = r"unexpected|expected|unknown tactic"


def missing_by(piece: Piece) -> Iterator[Fix]:
    """A tactic that stands for a term wants a `by`."""
    index, _ = piece.said
    if piece.word(index) in TACTICS and piece.word(index - 1) in (":=", "=>", "from", "↦", ","):
        before = piece.tokens[index - 1]
        yield Fix.of(before.end, before.end, " by", "by")


def missing_exact(piece: Piece) -> Iterator[Fix]:
    """A term that stands for a tactic wants an `exact`."""
    index, _ = piece.said
    token = piece.tokens[index] if index < len(piece.tokens) else None
    if token is None or token.text in TACTICS or piece.message.endswith("expected command"):
        return
    if piece.leads(index) or piece.word(index - 1) in ("by", "·", "=>", ";", "<;>"):
        yield Fix.of(token.start, token.start, "exact ", "exact")


def missing_word(piece: Piece) -> Iterator[Fix]:
    """What Lean expected is put before what it found there, or in the place of it."""
    index, _ = piece.said
    place = piece.tokens[index].start if index < len(piece.tokens) else len(piece.text.rstrip())
    before = piece.tokens[index - 1].end if index else 0
    for word in _EXPECTED.findall(piece.message.partition("expected ")[2].rpartition("; expected")[2] or piece.message):
        if word in (":=", "=>", "|", *CLOSING):
            yield Fix.of(before, before, word if word in CLOSING else f" {word}", f"missing {word}")
            if word == ":=":
                yield Fix.of(before, before, " := ?_", "missing :=")
                yield Fix.of(before, before, " := by", "missing := by")
        if index < len(piece.tokens) and word in (":=", "=>", ","):
            yield Fix.of(place, piece.tokens[index].end, word, f"{piece.word(index)} for {word}")


def unclosed(piece: Piece) -> Iterator[Fix]:
    """Brackets that are not closed are closed, at the end of the line where Lean has noticed or of the one before."""
    index, _ = piece.said
    first, _ = piece.tactic(max(index - 1, 0))
    opened = []
    for at in range(first, index):
        if piece.word(at) in OPENING:
            opened.append(_CLOSES[piece.word(at)])
        elif opened and piece.word(at) == opened[-1]:
            opened.pop()
    if opened and index:
        missing = "".join(reversed(opened))
        end = piece.tokens[index - 1].end
        yield Fix.of(end, end, missing, f"missing {missing}")
    yield from _closed_on_their_line(piece, index)


def _closed_on_their_line(piece: Piece, index: int) -> Iterator[Fix]:
    """Where Lean notices lines later: the outermost bracket that is open there is closed on the line that opens it."""
    open_: list[int] = []
    for at in range(min(index, len(piece.tokens))):
        if piece.word(at) in OPENING:
            open_.append(at)
        elif open_ and piece.word(at) == _CLOSES[piece.word(open_[-1])]:
            open_.pop()
    if open_:
        starts = piece.tokens[open_[0]].start
        ends = (piece.text + "\n").index("\n", starts)
        last = max(token.end for token in piece.tokens if token.end <= ends)
        missing = "".join(_CLOSES[piece.word(at)] for at in reversed(open_) if piece.tokens[at].start < ends)
        if last < piece.tokens[min(index, len(piece.tokens)) - 1].end:
            yield Fix.of(last, last, missing, f"missing {missing}")


def superfluous(piece: Piece) -> Iterator[Fix]:
    """A bracket or a mark that nothing waits for is dropped."""
    index, _ = piece.said
    if piece.word(index) in (*CLOSING, ",", ".", ";", ":=", "`", "by", "|"):
        token = piece.tokens[index]
        yield Fix.of(token.start, token.end, "", f"superfluous {token.text}")


def fences(piece: Piece) -> Iterator[Fix]:
    """The marks of a code block do not belong into a proof, and nothing that follows one."""
    found = re.search(r"^[ \t]*(?:```|~~~).*\Z", piece.text, re.MULTILINE | re.DOTALL)
    if found:
        yield Fix.of(found.start(), len(piece.text), "", "what follows a fence")


def prose(piece: Piece) -> Iterator[Fix]:
    """From where a line of prose or another command begins, to the end, nothing belongs to this proof."""
    index, _ = piece.said
    for at in range(min(index, len(piece.tokens) - 1), max(index - 12, 0), -1):
        token = piece.tokens[at]
        if piece.leads(at) and (_is_prose(piece, at) or (token.text in _COMMANDS and piece.column(at) == 0)):
            yield Fix.of(token.start, len(piece.text), "", "prose behind the proof")
            return


def _is_prose(piece: Piece, index: int) -> bool:
    """Is the line words, one after the other, beginning with a capital?"""
    start = piece.tokens[index].start
    line = piece.text[start : (piece.text + "\n").index("\n", start)]
    return bool(re.match(r"(?:[#*>-]+ )?[A-Z][a-z']*,?(?: [\w`'=+*,().∣≤<-]+){2,}", line))


def broken_off(piece: Piece) -> Iterator[Fix]:
    """A last tactic that breaks off becomes a hole."""
    index, _ = piece.said
    if index < len(piece.tokens) and piece.end < len(piece.text.rstrip()):
        return
    last = next((n for n in range(len(piece.tokens) - 1, -1, -1) if piece.begins(n)), None)
    if last is not None:
        yield Fix.of(piece.tokens[last].start, len(piece.text.rstrip()), "sorry", "the last tactic breaks off")
    yield Fix.of(len(piece.text.rstrip()), len(piece.text.rstrip()), " sorry", "the proof breaks off")


def indentation(piece: Piece) -> Iterator[Fix]:
    """The line where Lean stopped is brought to a column where a line above begins, alone or with what follows."""
    index = _leading(piece)
    if index is None:
        return
    column = piece.column(index)
    columns = [c for c in dict.fromkeys(c for n in range(index - 1, -1, -1) for c in _columns(piece, n)) if c != column]
    if piece.message.startswith("expected '{'") or piece.word(index - 1) in ("by", "=>", "·"):
        columns = [_indent(piece, index) + 2, *columns]
    for wanted in columns[:5]:
        yield _shifted(piece, index, wanted - column, alone=False)
        yield _shifted(piece, index, wanted - column, alone=True)


def _leading(piece: Piece) -> int | None:
    """The first token of the line that the complaint is about, or of the next."""
    start, stop = piece.said
    inside = (n for n in range(max(start, 1), min(stop, len(piece.tokens))) if piece.leads(n))
    before = (n for n in range(min(start, len(piece.tokens) - 1), 0, -1) if piece.leads(n))
    return next(chain(inside, before), None)


def _columns(piece: Piece, index: int) -> Iterator[int]:
    """Where a sequence might go on: at a line's beginning, behind a bullet, or at a tactic behind `by`."""
    if piece.leads(index) or piece.word(index - 1) in ("·", "by", "=>"):
        yield piece.column(index)


def _indent(piece: Piece, index: int) -> int:
    """The column of the line before."""
    return next((piece.column(n) for n in range(index - 1, -1, -1) if piece.leads(n)), 0)


def _shifted(piece: Piece, index: int, by: int, *, alone: bool) -> Fix:
    """A line moved, and all lines below that belong to it: at its column or deeper; alone: deeper only."""
    column, edits = piece.column(index), []
    for at in range(index, len(piece.tokens)):
        if not piece.leads(at):
            continue
        here = piece.column(at)
        if at > index and (here < column or (alone and here == column)):
            break
        start = piece.tokens[at].start
        edits.append(Edit(start - here, start, " " * max(0, here + by), "indentation"))
    return Fix(tuple(edits))


RULES = (
    Rule(
        missing_by,
        "have h : a = b := simp",
        "have h : a = b := by simp",
        _STOPPED + "|Unknown identifier",
        "Unknown identifier `simp`",
        "simp",
    ),
    Rule(missing_exact, "· Nat.le_refl n", "· exact Nat.le_refl n", _STOPPED, "unknown tactic", "Nat.le_refl"),
    Rule(
        unclosed,
        "exact f (g (h a)\nrfl",
        "exact f (g (h a))\nrfl",
        _STOPPED,
        "unexpected identifier; expected ')'",
        "rfl",
    ),
    Rule(
        missing_word,
        "have h : a = b by simp",
        "have h : a = b := by simp",
        _STOPPED,
        "unexpected token 'by'; expected ':='",
        "by",
    ),
    Rule(missing_word, "simp [foo at h", "simp [foo] at h", _STOPPED, "unexpected token 'at'; expected ']'", "at"),
    Rule(superfluous, "exact h)", "exact h", _STOPPED, "unexpected token ')'; expected command", ")"),
    Rule(fences, "by\n  simp\n```\nHere I", "by\n  simp\n", _STOPPED, "unexpected token '`'; expected command", "`"),
    Rule(
        prose,
        "by\n  simp\nThis completes the proof.",
        "by\n  simp\n",
        _STOPPED,
        "unexpected identifier; expected command",
        "This",
    ),
    Rule(
        indentation,
        "by\n  intro h\n   simp",
        "by\n  intro h\n  simp",
        _STOPPED,
        "unexpected identifier; expected command",
        "simp",
    ),
    Rule(
        indentation,
        "by\n  have h : a = b := by\n  simp",
        "by\n  have h : a = b := by\n    simp",
        _STOPPED,
        "expected '{' or indented tactic sequence",
        "simp",
    ),
    Rule(broken_off, "by\n  intro h\n  rw [Nat.", "by\n  intro h\n  sorry", _STOPPED, "unexpected end of input", ""),
)
