"""What a query asks for: a name, words, or a goal as Lean prints it, and any mixture of these.

The notation of Lean's library is mapped to the constants that it stands for, as `a + b` is `HAdd.hAdd a b`, and to the
words by which the library's naming convention spells it, as in `add_comm`. A project's own notation is not known here;
the names that it is used with are. Pure text; called by the searcher and, for the words of a name, by the shelf.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from prover.lean.lexer import Sort, tokens

MOST = 4096  # characters of a query that are looked at
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_KEYWORDS = frozenset(("theorem", "lemma", "example", "by", "fun", "let", "have", "show", "from", "with", "at", "in"))
# Symbol: constant, words of the naming convention.
_NOTATION = {
    "+": ("HAdd.hAdd", "add"),
    "-": ("HSub.hSub", "sub"),
    "*": ("HMul.hMul", "mul"),
    "/": ("HDiv.hDiv", "div"),
    "%": ("HMod.hMod", "mod"),
    "^": ("HPow.hPow", "pow"),
    "∣": ("Dvd.dvd", "dvd"),
    "=": ("Eq", "eq"),
    "≠": ("Ne", "ne"),
    "<": ("LT.lt", "lt"),
    "≤": ("LE.le", "le"),
    "<=": ("LE.le", "le"),
    ">": ("GT.gt", "lt"),
    "≥": ("GE.ge", "le"),
    ">=": ("GE.ge", "le"),
    "∧": ("And", "and"),
    "∨": ("Or", "or"),
    "¬": ("Not", "not"),
    "↔": ("Iff", "iff"),
    "∃": ("Exists", "exists"),
    "==": ("BEq.beq", "beq"),
    "!=": ("bne", "bne"),
    "&&": ("and", "and"),
    "||": ("or", "or"),
    "∈": ("Membership.mem", "mem"),
    "∉": ("Membership.mem", "not mem"),
    "∪": ("Union.union", "union"),
    "∩": ("Inter.inter", "inter"),
    "⊆": ("HasSubset.Subset", "subset"),
    "∅": ("EmptyCollection.emptyCollection", "empty"),
    "++": ("HAppend.hAppend", "append"),
    "::": ("List.cons", "cons"),
    "∘": ("Function.comp", "comp"),
    "×": ("Prod", "prod"),
    "<<<": ("HShiftLeft.hShiftLeft", "shift left"),
    ">>>": ("HShiftRight.hShiftRight", "shift right"),
    "&&&": ("HAnd.hAnd", "and"),
    "|||": ("HOr.hOr", "or"),
    "^^^": ("HXor.hXor", "xor"),
}
_SYMBOLS = re.compile("|".join(map(re.escape, sorted(_NOTATION, key=len, reverse=True))))
_LOGICAL = frozenset("⊢∀→")  # of a goal even where no notation is
_NUMBERS = {"0": "zero", "1": "one", "2": "two"}


@dataclass(frozen=True, slots=True)
class Query:
    """`name` is the whole query where that is one name, else empty; `goal` says whether it looks like a statement.

    `names` are the names in it, in order, each once; `symbols` the constants that its notation stands for; `words` what
    a declaration's name or docstring might say of it, in lower case.
    """

    name: str
    goal: bool
    names: tuple[str, ...]
    symbols: tuple[str, ...]
    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Query:
        """Reads any text whatever; of a very long one the beginning."""
        text = text[:MOST].strip()
        found = [token for token in tokens(text) if token.significant]
        names = [token.text for token in found if token.sort is Sort.NAME and token.text not in _KEYWORDS]
        symbols = list(_symbols(text))
        numbers = [_NUMBERS.get(token.text, "") for token in found if token.sort is Sort.NUMBER]
        spelled = " ".join([*numbers, *(_NOTATION[symbol][1] for symbol in symbols)])
        return cls(
            text if names == [text] else "",
            bool(symbols) or not _LOGICAL.isdisjoint(text),
            tuple(dict.fromkeys(names)),
            tuple(dict.fromkeys(_NOTATION[symbol][0] for symbol in symbols)),
            tuple(dict.fromkeys([word for name in names for word in words(name) if len(word) > 1] + spelled.split())),
        )


def words(text: str) -> list[str]:
    """The words of a name or of a text, in lower case: `Nat.add_comm'` is nat, add, comm; `casesOn` is cases, on."""
    return [word.lower() for word in _PARTS.findall(text)]


def _symbols(text: str) -> Iterator[str]:
    """The notation in a text, each symbol as often as it is there."""
    for known, run in groupby(tokens(text), key=lambda token: len(token.text) == 1 or token.text in _NOTATION):
        if known:
            yield from _SYMBOLS.findall("".join(token.text for token in run if token.sort is Sort.SYMBOL))
