"""Lean text taken apart as far as a reader needs: what is code and what is comment, the commands, their parts.

It knows no grammar. It is for text that a model has written, which nobody believes: what it misreads, Lean refuses.
`agents.extraction` and `agents.lemmas` use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# A comment's beginning, a line's comment, a string, a character that is a quotation mark, a quoted name.
_OPAQUE = re.compile(r"""/-|--[^\n]*|"(?:\\.|[^"\\])*"?|'"'|«[^»\n]*»""", re.DOTALL)
_EDGE = re.compile(r"/-|-/")
_OPENING, _CLOSING = "([{⟨⦃", ")]}⟩⦄"
_MODIFIERS = (
    r"(?:(?:set_option\s+\S+\s+\S+\s+in|open(?:\s+(?!in\s|open\s)\S+)+\s+in|@\[[^\]]*\]|attribute\s*\[[^\]]*\]\s*\w+\s+in"
    r"|private|protected|public|noncomputable|nonrec|partial|unsafe|local|scoped)\s+)*"
)
_KEYWORDS = (
    "theorem lemma example def abbrev instance structure inductive class axiom opaque mutual "
    "import module prelude open export namespace section end variable variables universe universes set_option "
    "attribute notation notation3 infix infixl infixr prefix postfix macro macro_rules syntax elab elab_rules "
    "deriving initialize local"
)
_COMMAND = re.compile(rf"^{_MODIFIERS}(?P<keyword>(?:{'|'.join(_KEYWORDS.split())})\b|#\w+)", re.MULTILINE)
_NAME = re.compile(r"\s*(?P<name>(?:«[^»]*»|[^\s:({\[⦃⟨|«])+)")
_SIGNATURE = re.compile(rf"\b(?:let|have)\b|:=|:|[{re.escape(_OPENING + _CLOSING)}]")


@dataclass(frozen=True, slots=True)
class Command:
    """A command as far as it could be read; without its modifiers and attributes.

    `signature` is what stands between the name and `:=`, `body` what follows from there on, empty where nothing does.
    """

    keyword: str
    name: str
    signature: str
    body: str


def masked(text: str) -> str:
    """The text with spaces for comments and for what stands in strings and quoted names; of the same length."""
    parts, at = [], 0
    while found := _OPAQUE.search(text, at):
        start, end = found.span()
        parts.append(text[at:start])
        if found[0] == "/-":
            end = _end_of_comment(text, end)
        hidden = re.sub(r"[^\n]", " ", text[start:end])
        quoted = end - start > 1 and found[0][0] in "\"'«"
        parts.append(text[start] + hidden[1:-1] + text[end - 1] if quoted else hidden)
        at = end
    return "".join(parts) + text[at:]


def _end_of_comment(text: str, at: int) -> int:
    """Where the block comment ends inside of which `at` is; comments nest."""
    depth = 1
    for edge in _EDGE.finditer(text, at):
        depth += 1 if edge[0] == "/-" else -1
        if depth == 0:
            return edge.end()
    return len(text)


def commands(text: str) -> Iterator[Command]:
    """The commands that start in the first column, in order."""
    code = masked(text)
    found = list(_COMMAND.finditer(code))
    ends = [*(following.start() for following in found[1:]), len(code)]
    for this, end in zip(found, ends, strict=False):
        end = this.start() + len(code[this.start() : end].rstrip())
        yield _command(this["keyword"], text[this.end() : end], code[this.end() : end])


def _command(keyword: str, text: str, code: str) -> Command:
    """The command of that keyword, from what follows it."""
    named = None if keyword in ("example", "instance") else _NAME.match(code)
    start = named.end() if named else 0
    body = start_of_body(code[start:])
    cut = len(text) if body is None else start + body
    if named and named["name"].endswith("."):  # what follows are the names of universes
        start -= 1
    return Command(keyword, text[:start].strip() if named else "", text[start:cut].strip(), text[cut:].strip())


def start_of_body(code: str) -> int | None:
    """Where the `:=` stands that ends the signature; not one in brackets, or of a `let` in the type."""
    bound = 0
    for at, word in _outside(code):
        if word in ("let", "have"):
            bound += 1
        elif word == ":=" and bound == 0:
            return at
        elif word == ":=":
            bound -= 1
    return None


def _outside(code: str) -> Iterator[tuple[int, str]]:
    """The words that matter in a signature and stand outside of all brackets, with their places."""
    depth = 0
    for found in _SIGNATURE.finditer(code):
        depth -= found[0] in _CLOSING
        if depth == 0:
            yield found.start(), found[0]
        depth += found[0] in _OPENING


def binders(signature: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """The binders of a signature as groups (names, type), and the type after the colon.

    What has no colon, an instance for example, is a group without names.
    """
    groups: list[tuple[str, str]] = []
    start = 0
    for at, word in _outside(masked(signature)):
        if word in _OPENING:
            start = at + 1
        elif word in _CLOSING:
            names, colon, type_ = signature[start:at].partition(":")
            groups.append((names.strip(), type_.strip()) if colon else ("", names.strip()))
        elif word == ":":
            return tuple(groups), signature[at + 1 :].strip()
    return tuple(groups), ""


def mentions(text: str, name: str) -> bool:
    """Does the text use that name?"""
    return bool(_uses(name).search(masked(text)))


def renamed(text: str, old: str, new: str) -> str:
    """The text with the new name for the old one, wherever it stands as a name of its own."""
    return _uses(old).sub(lambda _: new, text)


def _uses(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.'!?«₀-₉]){re.escape(name)}(?![\w'!?₀-₉])")
