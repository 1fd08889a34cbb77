"""A Lean file as its commands, read by words and layout alone, since what is broken no Lean can list.

Says where each command stands, in which namespace, and where the slot of a proof is. It is a guess that the first check
by Lean and the judge's build confirm or not. Nothing fails, whatever the text is. All of `prover.repair` uses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache

from prover.errors import SlotError
from prover.lean.lexer import Sort, Token, tokens
from prover.lean.source import find_slot, position, split_header
from prover.model import Slot

PROOFS = frozenset({"theorem", "lemma", "example", "instance"})
DECLARATIONS = PROOFS | {"def", "abbrev", "opaque", "axiom", "inductive", "structure", "class"}
_MODIFIERS = frozenset(
    {"private", "protected", "public", "meta", "noncomputable", "unsafe", "partial", "nonrec", "local", "scoped"}
)
_BEFORE_IN = frozenset({"open", "set_option", "variable", "universe", "include", "omit", "attribute"})
_OTHERS = _BEFORE_IN | {
    *("mutual", "end", "namespace", "section", "export", "import", "variables", "universes", "initialize"),
    *("macro", "macro_rules", "syntax", "elab", "elab_rules", "notation", "infix", "infixl", "infixr"),
    *("prefix", "postfix"),
}
_ALWAYS = frozenset({"theorem", "example"})  # wherever on a line they stand
# What changes the meaning of other commands that do not name it.
UNSEEN = (_OTHERS | {"instance", "class", "structure"}) - {"export", "import"}
# What a string that somebody forgot to close runs into.
_COMMAND = re.compile(rf"\n(?=(?:{'|'.join(sorted(DECLARATIONS))})\b|/--|@\[)")


@dataclass(frozen=True, slots=True)
class Part:
    """One command: characters from its first up to the end of its last token. `command` is where it starts without
    what stands before it with `in`. `name` is the whole name of a declaration, empty where it has none.
    """

    start: int
    end: int
    command: int
    keyword: str
    line: int  # from 1, of its keyword
    name: str = ""
    slot: Slot | None = None
    mutual: int | None = None  # where the `mutual` around it starts

    @property
    def shown(self) -> str:
        """What it is called in a report."""
        return self.name or f"{self.keyword} on line {self.line}"

    @property
    def proof(self) -> Slot | None:
        """The slot of what may be a proof; whether it is one, its type says."""
        return self.slot if self.keyword in PROOFS else None


@lru_cache(maxsize=16)  # many ask about one text
def parts(text: str) -> tuple[Part, ...]:
    """The commands of a text, in order; its header is none of them."""
    header, _ = split_header(text)
    around, found = _Around(), []
    words = [token for token in _tokens(text, len(header)) if token.significant]
    for command in _Reader(text, words).commands():
        part = _part(text, command, around)
        found.append(part)
        around.pass_by(part, command)
    return tuple(found)


def unclosed(text: str) -> int | None:
    """Where a comment starts that nothing closes."""
    last = None
    for token in _tokens(text, 0):
        last = token
    if last is None or not last.text.startswith("/-"):
        return None
    marks = re.findall("/-|-/", last.text)
    return last.start if marks.count("/-") > marks.count("-/") else None


def _tokens(text: str, start: int) -> Iterator[Token]:
    """Lean's tokens, but that a string which runs into another command ends with its line."""
    while start < len(text):
        for token in tokens(text, start):
            start = token.end
            if token.sort is Sort.STRING and (not token.text.endswith('"') or _COMMAND.search(token.text)):
                start = text.find("\n", token.start) % (len(text) + 1)
                yield Token(Sort.STRING, token.start, start, text[token.start : start])
                break
            yield token


@dataclass(frozen=True, slots=True)
class _Command:
    """The words of a command; `first` is the number of the one behind what stands before it with `in`, `head` that of
    its keyword."""

    words: list[Token]
    first: int
    head: int

    @property
    def keyword(self) -> str:
        return self.words[self.head].text

    def after(self) -> Token | None:
        """The word behind the keyword, if it is a name."""
        token = self.words[self.head + 1] if self.head + 1 < len(self.words) else None
        return token if token is not None and token.sort is Sort.NAME else None


class _Reader:
    """Divides words into commands. One starts with a word that starts commands, at the beginning of a line, and no
    deeper than the declaration before."""

    def __init__(self, text: str, words: Sequence[Token]) -> None:
        self.text, self.words = text, words
        self._begin()

    def _begin(self) -> None:
        self.present: list[Token] = []
        self.first, self.head, self.brackets, self.begins = 0, -1, 0, 0

    def commands(self) -> Iterator[_Command]:
        for index, token in enumerate(self.words):
            if self.head >= 0 and self._starts(index) and not self._is_inside(index):
                yield _Command(self.present, self.first, self.head)
                self._begin()
            self._read(token)
        if self.present:
            last = len(self.present) - 1  # the text may end with what stands before a command with `in`
            yield _Command(self.present, min(self.first, last), min(max(self.head, self.first), last))

    def _read(self, token: Token) -> None:
        before = self.present[-1].text if self.present else ""
        self.present.append(token)
        self.begins += (token.text == "begin") - (token.text == "end" and self.begins > 0)
        if self.head >= 0:
            if token.text == "in" and self.present[self.head].text in _BEFORE_IN:
                self.first, self.head = len(self.present), -1
        elif self.brackets or (token.text == "[" and before == "@"):
            self.brackets += (token.text in "([{⟨") - (token.text in ")]}⟩")
        elif token.text.startswith("/-!") or not (
            token.sort is Sort.DOC or token.text == "@" or token.text in _MODIFIERS
        ):
            self.head = len(self.present) - 1

    def _starts(self, index: int) -> bool:
        token = self.words[index]
        if self._is_mid_line(token):
            return token.text in _ALWAYS
        if token.sort is Sort.DOC or token.text in DECLARATIONS | _OTHERS | _MODIFIERS:
            return True
        after = self.words[index + 1] if index + 1 < len(self.words) else token
        if after.start != token.end:
            return False
        return (token.text == "@" and after.text == "[") or (token.text == "#" and after.sort is Sort.NAME)

    def _is_inside(self, index: int) -> bool:
        """Does it belong to the declaration before: as what is deeper, or as the `end` of Lean 3's `begin`?"""
        token, first = self.words[index], self.present[self.first]
        if token.text == "end" and self.begins:
            after = self.words[index + 1] if index + 1 < len(self.words) else None
            return after is None or after.sort is not Sort.NAME or "\n" in self.text[token.end : after.start]
        declares = self.present[self.head].text in DECLARATIONS and not self._is_mid_line(token)
        return declares and token.start - self._line(token) > first.start - self._line(first)

    def _is_mid_line(self, token: Token) -> bool:
        return bool(self.text[self._line(token) : token.start].strip())

    def _line(self, token: Token) -> int:
        """Where its line starts."""
        return self.text.rfind("\n", 0, token.start) + 1


@dataclass
class _Around:
    """What a command stands in: (`namespace`, its name), (`section`, …), (`mutual`, where it starts)."""

    open: list[tuple[str, str]] = field(default_factory=list)

    @property
    def namespace(self) -> str:
        return ".".join(name for word, name in self.open if word == "namespace")

    @property
    def mutual(self) -> int | None:
        return next((int(name) for word, name in self.open if word == "mutual"), None)

    def pass_by(self, part: Part, command: _Command) -> None:
        name = command.after()
        if part.keyword in ("namespace", "section"):
            self.open.append((part.keyword, name.text if name else ""))
        elif part.keyword == "mutual":
            self.open.append(("mutual", str(part.start)))
        elif part.keyword == "end" and self.open:
            self.open.pop()


def _part(text: str, command: _Command, around: _Around) -> Part:
    words, first, end = command.words, command.words[command.first], command.words[-1].end
    keyword = command.words[command.head]
    line = text.count("\n", 0, keyword.start) + 1
    name, slot = "", None
    if keyword.text in DECLARATIONS:
        written = command.after()
        name = _full(written.text, around.namespace) if written else ""
        with suppress(SlotError):
            slot = find_slot(text, position(text, first.start), name, position(text, end))
    return Part(words[0].start, end, first.start, keyword.text, line, name, slot, around.mutual)


def _full(written: str, namespace: str) -> str:
    if written.startswith("_root_."):
        return written.removeprefix("_root_.")
    return f"{namespace}.{written}" if namespace else written
