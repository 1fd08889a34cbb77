"""Names that Lean does not know, and names that are not those that are meant.

The real names come from a search, which is not done here: `asked` says for which names, `near` what was found. Names
made up by changing a word are tried too; those that do not exist cost nothing but a line of the document.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from agents.repair.rules.base import FAILED, TACTICS, Fix, Piece, Rule
from prover.lean.lexer import Sort

UNKNOWN = r"(?i:unknown (?:identifier|constant|free variable))|Invalid field|Invalid alternative"
_QUOTED = re.compile(r"`([^`\s]+)`")
_SPACES = ("Nat", "Int", "List", "Bool", "And", "Or", "Eq", "Iff", "Classical")
_PAIRS = (
    ("left", "right"), ("le", "lt"), ("add", "mul"), ("comm", "assoc"), ("zero", "one"), ("succ", "add_one"),
    ("mul", "add"), ("lt", "le"), ("right", "left"), ("assoc", "comm"), ("sub", "add"), ("one", "zero"), ("inl", "inr"),
    ("inr", "inl"), ("max", "min"), ("min", "max"), ("pos", "ne_zero"), ("mp", "mpr"), ("mpr", "mp"), ("gt", "lt"),
    ("ge", "le"), ("nonneg", "pos"), ("intro", "mk"), ("cancel", "self_cancel"), ("pow_succ", "pow_add_one"),
)  # fmt: skip
# Words of which Lean's lemmas are called; one that is like none of them is perhaps misspelt.
_SPELT = (
    "abs add and antisymm append assoc bot cancel cases comm cons coprime count div drop dvd elim eq even "
    "exists false filter foldl foldr forall gcd ge get gt head iff imp ind inj injective inl inr intro join "
    "lcm le left length lt map max mem min mod mono monotone mul ne neg nil not nonneg odd of one or pos pow "
    "pred prime prod rec refl replicate reverse rfl right self sq sub subset succ sum symm tail take top total "
    "trans true two union zero zip"
)
_WORDS = frozenset(_SPELT.split())
_MOST = 12


def asked(message: str, text: str) -> tuple[str, ...]:
    """The names to look for, for a complaint with that message about that text: unknown ones first, then its lemmas."""
    unknown = _QUOTED.findall(message.partition("\n")[0])[:1] if re.match(UNKNOWN, message) else []
    if message.startswith("Invalid field"):
        unknown = re.findall(r"does not contain `([^`]+)`", message) or unknown
    lemmas = (token.text for token in Piece(text).tokens if token.sort is Sort.NAME and re.search(r"[._]", token.text))
    return tuple(dict.fromkeys([*unknown, *lemmas]))


def ranked(name: str, found: Iterable[str], scope: Sequence[str] = ()) -> tuple[str, ...]:
    """Those names that might be meant by that one, the likeliest first.

    By how much of the last component they have in common, then by their namespace.
    """
    last = name.rpartition(".")[2]

    def likeness(other: str) -> float:
        end = other.rpartition(".")[2]
        same = difflib.SequenceMatcher(None, last, end).ratio()
        words = len(set(last.split("_")) & set(end.split("_"))) / max(1, len({*last.split("_"), *end.split("_")}))
        return 2 * same + words + 0.3 * difflib.SequenceMatcher(None, name, other).ratio()

    mine = [other for other in scope if difflib.SequenceMatcher(None, name, other).ratio() > 0.5]
    best = sorted(dict.fromkeys(other for other in (*found, *mine) if other != name), key=likeness, reverse=True)
    return tuple(best[:_MOST])


def other_name(piece: Piece) -> Iterator[Fix]:
    """An unknown name is one that is like it: of the search, or with another namespace or ending."""
    unknown = asked(piece.message, "")
    for name in unknown:
        for index in _places(piece, name):
            token = piece.tokens[index]
            for real in dict.fromkeys([*piece.near.get(name, ())[:6], *_guesses(name), *piece.near.get(name, ())[6:]]):
                written = _written(token.text, name, real)
                yield Fix.of(token.start, token.end, written, f"{token.text} → {written}")


def _written(text: str, name: str, real: str) -> str:
    """How the real name is written where the text has the unknown one, perhaps as a field of something."""
    if name in text:
        return text.replace(name, real)
    return f"{text.rpartition('.')[0]}.{real.rpartition('.')[2]}" if "." in text else real.rpartition(".")[2]


def _places(piece: Piece, name: str) -> Iterator[int]:
    """The tokens in the complaint's range that have that name, or the field that is its last component."""
    last = name.rpartition(".")[2]
    for index in range(*piece.said):
        text = piece.word(index)
        if text not in TACTICS and (text.startswith(name) or text.rpartition(".")[2] == last):
            yield index
            return


def _respelt(name: str) -> str:
    """The name with each of its words as the most similar of those that lemmas have; numbers and primes stay."""
    space, dot, last = name.rpartition(".")
    words = (difflib.get_close_matches(word, sorted(_WORDS), 1, 0.7) or [word] for word in last.split("_"))
    return f"{space}{dot}{'_'.join(word for (word, *_) in words)}"


def _guesses(name: str) -> Iterator[str]:
    """Names that might exist."""
    yield from (other for other in [_respelt(name)] if other != name)
    space, _, last = name.rpartition(".")
    if last.endswith("'"):
        yield name.rstrip("'")
    if space:
        yield last
    yield from (f"{other}.{last}" for other in _SPACES[:2] if other != space)
    yield from _siblings(name)
    yield f"{name}'"
    yield from (f"{other}.{last}" for other in _SPACES[2:] if other != space)
    yield from (f"{name}_{end}" for end in ("left", "right", "iff"))


def _siblings(name: str) -> Iterator[str]:
    """The name with one of its words changed, or dropped at the end."""
    space, dot, last = name.rpartition(".")
    for old, new in _PAIRS:
        changed = re.sub(rf"(?<![a-z]){old}(?![a-z])", new, last, count=1)
        if changed != last:
            yield f"{space}{dot}{changed}"
    if last.count("_") > 1:
        yield f"{space}{dot}{last.rpartition('_')[0]}"


def other_lemma(piece: Piece) -> Iterator[Fix]:
    """A lemma that does not fit is one whose name is like it."""
    for index in range(*piece.said):
        token = piece.tokens[index]
        if token.sort is Sort.NAME and re.search(r"[._]", token.text):
            for real in dict.fromkeys([*_siblings(token.text), *piece.near.get(token.text, ())[:8]]):
                yield Fix.of(token.start, token.end, real, f"{token.text} → {real}")


def in_scope(piece: Piece) -> Iterator[Fix]:
    """A hypothesis that does not fit is another one that is in scope."""
    scope = piece.near.get("", ())
    for index in range(*piece.said):
        token = piece.tokens[index]
        if token.text in scope:
            others = (name for name in scope if name != token.text)
            for other in sorted(others, key=lambda name: name[0] != token.text[0])[:4]:
                yield Fix.of(token.start, token.end, other, f"{token.text} → {other}")


def names_bound(text: str) -> tuple[str, ...]:
    """The names that a text binds or has as hypotheses, by the places where names are bound; the last first."""
    found = re.findall(r"(?:have|obtain|intro|rintro|fun|with|by_cases|\||let|suffices)\s+([^:=\n]+)", text)
    found += re.findall(r"[({]([^:(){}]+) :", text)
    names = [name for group in found for name in re.findall(r"[^\W\d][\w']*", group)]
    return tuple(dict.fromkeys(name for name in reversed(names) if name not in TACTICS and len(name) < 8))


Near = Mapping[str, Sequence[str]]

RULES = (
    Rule(
        other_name,
        "exact Nat.zero_addd n",
        "exact Nat.zero_add n",
        UNKNOWN,
        "Unknown constant `Nat.zero_addd`",
        "Nat.zero_addd",
    ),
    Rule(
        other_name,
        "exact add_comm_nat a b",
        "exact Nat.add_comm a b",
        UNKNOWN,
        "Unknown identifier `add_comm_nat`",
        "add_comm_nat",
        {"add_comm_nat": ["Nat.add_comm"]},
    ),
    Rule(
        other_name,
        "exact h.trans' k",
        "exact h.trans k",
        UNKNOWN,
        "Invalid field `trans'`: The environment does not contain `Eq.trans'`",
        "trans'",
    ),
    Rule(
        other_lemma,
        "rw [Nat.add_le_add_left]",
        "rw [Nat.add_le_add_right]",
        FAILED,
        "Tactic `rewrite` failed: Did not find",
        "Nat.add_le_add_left",
    ),
    Rule(in_scope, "exact hp", "exact hq", FAILED, "Type mismatch", "exact hp", {"": ["hp", "hq"]}),
)
