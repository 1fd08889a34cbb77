"""Lean source text: its header, its imports, and the slot of a declaration.

Says where things stand in a text; whether a slot is what Lean compiled is for the judge to see in the compiled module.
Called by the build (imports), the pool (headers), the graph and the agents (slots).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from prover.errors import SlotError
from prover.lean.lexer import CLOSING, OPENING, Sort, Token, tokens
from prover.lean.name import Name
from prover.model import Position, Slot

_MODIFIERS = {
    "private",
    "protected",
    "public",
    "meta",
    "noncomputable",
    "unsafe",
    "partial",
    "nonrec",
    "local",
    "scoped",
}
_KEYWORDS = {"theorem", "lemma", "def", "abbrev", "instance", "opaque", "example"}
# With these, what starts a command at the beginning of a line (needed where nobody says where ours ends).
_COMMANDS = {
    *("axiom", "inductive", "structure", "class", "mutual", "end", "namespace", "section", "open", "export", "#", "@"),
    *("variable", "universe", "include", "omit", "attribute", "set_option", "macro", "macro_rules", "syntax", "elab"),
    *("notation", "infix", "infixl", "infixr", "prefix", "postfix"),
}
_BINDERS = {"let", "have", "letI", "haveI", "let_fun"}  # each has a `:=` of its own
_IMPORT_WORDS = ("public", "meta", "import", "all")


def split_header(text: str) -> tuple[str, str]:
    """Header and rest, which joined are the text; the header ends with its last import (or `module`, `prelude`)."""
    end = max((last.end for _, last in _header(text)), default=0)
    return text[:end], text[end:]


def imports(text: str, whole: bool = False) -> tuple[str, ...]:
    """The modules that the header imports, in order and without repetition; `whole`: only those of `import all`.

    Without the quotes of a quoted name, so that a module is called as its path is.
    """
    found = (last.text for words, last in _header(text) if "import" in words and ("all" in words or not whole))
    return tuple(dict.fromkeys(".".join(map(str, Name.parse(name))) for name in found))


def _header(text: str) -> Iterator[tuple[list[str], Token]]:
    """The header's items, words and last token: `module`, `prelude`, imports (`Lean.Parser.Module.header`)."""
    ahead = (token for token in tokens(text) if token.significant)
    token = next(ahead, None)
    for word in ("module", "prelude"):
        if token and token.text == word:
            yield [word], token
            token = next(ahead, None)
    while token and token.text in _IMPORT_WORDS:
        words = []
        while token and token.text in _IMPORT_WORDS:
            words.append(token.text)
            token = next(ahead, None)
        if "import" not in words or token is None or token.sort is not Sort.NAME:
            return
        yield words, token
        token = next(ahead, None)


def offset(text: str, position: Position) -> int:
    """The character offset of a position; raises SlotError where the text has no such place."""
    start = 0
    for _ in range(position.line):
        start = text.find("\n", start) + 1
        if not start:
            raise SlotError(f"the source has no line {position.line + 1}")
    units = 0
    while units < position.character:
        if start >= len(text) or text[start] == "\n":
            raise SlotError(f"line {position.line + 1} of the source has no column {position.character}")
        units += 2 if text[start] > "\uffff" else 1
        start += 1
    return start


def position(text: str, at: int) -> Position:
    """The position of a character offset."""
    line = text.count("\n", 0, at)
    column = text[text.rfind("\n", 0, at) + 1 : at]
    return Position(line, len(column.encode("utf-16-le")) // 2)


def find_slot(source: str, start: Position, name: str, end: Position | None = None) -> Slot:
    """The slot of the declaration `name`, whose command starts at `start` and ends at `end`.

    Both places are what the compiled module says (`Declaration.position`). Without `end` the command reaches to the
    next line that starts like one. The body ends with the last token, so comments behind it are not part of it.
    Raises SlotError when no declaration of that name with a body stands there.
    """
    command = offset(source, start)
    ahead = tokens(source, command) if end is None else tokens(source[: offset(source, end)], command)
    read = _Reader(source, name, list(_to_command_end(source, ahead) if end is None else ahead))
    return read.slot()


def _to_command_end(source: str, ahead: Iterator[Token]) -> Iterator[Token]:
    headed = False  # past the modifiers, which may stand on lines of their own

    def belongs(token: Token) -> bool:
        nonlocal headed
        starts = token.start == 0 or source[token.start - 1] == "\n"
        if headed and starts and (token.text in _MODIFIERS | _KEYWORDS | _COMMANDS or token.sort is Sort.DOC):
            return False
        headed = headed or token.text in _KEYWORDS
        return True

    return takewhile(belongs, ahead)


class _Reader:
    """Reads one declaration's tokens from left to right, as `Lean.Parser.Command.declaration` does."""

    def __init__(self, source: str, name: str, ahead: Sequence[Token]) -> None:
        self.source, self.name = source, name
        self.tokens = [token for token in ahead if token.significant]
        self.at = 0
        self.colon: int | None = None

    def slot(self) -> Slot:
        if not self.tokens:
            raise self.error("nothing stands where it should be")
        self.modifiers()
        keyword = self.keyword()
        if keyword.text == "instance" and self.text(self.at) == "(" and self.text(self.at + 1) == "priority":
            self.at = self.after_brackets(self.at)
        name = self.declared_name(keyword)
        body, end = self.body(), self.tokens[-1].end
        colon = body if self.colon is None else self.colon
        return Slot(self.source, self.tokens[0].start, keyword.start, name, (name[1], body), colon, (body, end))

    def text(self, index: int) -> str:
        return self.tokens[index].text if index < len(self.tokens) else ""

    def modifiers(self) -> None:
        if self.tokens[0].sort is Sort.DOC:
            self.at = 1
        while self.text(self.at) in _MODIFIERS or self.text(self.at) == "@":
            self.at = self.at + 1 if self.text(self.at) in _MODIFIERS else self.after_brackets(self.at + 1)

    def keyword(self) -> Token:
        if self.text(self.at) not in _KEYWORDS:
            raise self.error(f"there is `{self.text(self.at)}`, which has no body to fill")
        self.at += 1
        return self.tokens[self.at - 1]

    def declared_name(self, keyword: Token) -> tuple[int, int]:
        """The range of the name as written; empty, behind the keyword, where there is none."""
        if self.at == len(self.tokens) or self.tokens[self.at].sort is not Sort.NAME:
            return keyword.end, keyword.end
        token = self.tokens[self.at]
        if not _is_written(self.name, token.text):
            raise self.error(f"there is `{token.text}`")
        self.at += 1
        return token.start, token.end

    def body(self) -> int:
        """Where the body starts: the first `:=`, `where` or `|` that is no part of the signature."""
        inner = 0  # `let` and `have` whose `:=` is still to come
        arms_inside = False  # a `match` or `fun |` in the signature takes every `|` after it
        while self.at < len(self.tokens):
            text = self.text(self.at)
            if text in OPENING:
                self.at = self.after_brackets(self.at)
                continue
            if (text == ":=" and not inner) or text == "where" or (not arms_inside and self.starts_arm(self.at)):
                return self.tokens[self.at].start
            if text == ":" and self.colon is None:
                self.colon = self.tokens[self.at].start
            inner += (text in _BINDERS) - (text == ":=")
            arms_inside |= text == "match" or (text in ("fun", "λ") and self.text(self.at + 1) == "|")
            self.at += 1
        raise self.error("it has no body")

    def starts_arm(self, index: int) -> bool:
        """Is this the `|` of `| pattern => …`, and not a bar of `|x|`? Those stand close to what they enclose."""
        token = self.tokens[index]
        close = self.source[token.start - 1 : token.start].strip() or self.source[token.end : token.end + 1].strip()
        if token.text != "|" or close:
            return False
        index += 1
        while self.text(index) not in ("=>", ":=", "fun", "λ", "match", ""):
            index = self.after_brackets(index) if self.text(index) in OPENING else index + 1
        return self.text(index) == "=>"

    def after_brackets(self, index: int) -> int:
        """The index behind the bracket that closes the one at `index`."""
        depth = 0
        while index < len(self.tokens):
            depth += (self.text(index) in OPENING) - (self.text(index) in CLOSING)
            index += 1
            if depth <= 0:
                break
        return index

    def error(self, what: str) -> SlotError:
        return SlotError(f"no slot for {self.name} in its source: {what}")


def _is_written(name: str, written: str) -> bool:
    """Can `written` be how a source declares `name`, within some namespace?"""
    try:
        full, short = Name.parse(name), Name.parse(written)
    except ValueError:
        return False
    if short[:1] == ("_root_",):
        return full == short[1:]
    return full[-len(short) :] == short
