r"""LaTeX as a tree, with the line of everything in it and one clear error for what does not parse.

The parser is pylatexenc in strict mode. plasTeX, which leanblueprint itself uses, was tried first and is unfit here:
it accepts `\begin{theorem} … \end{lemma}` and an environment that never ends, keeps no line numbers, and it executes
TeX, so that `\def\x{\x\x}\x` in a project never comes back. pylatexenc only parses.
This module opens files and knows LaTeX's syntax; what the macros mean is `prover.blueprint.reader`'s business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pylatexenc.latexwalker import (
    LatexCommentNode,
    LatexEnvironmentNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexNode,
    LatexWalker,
    LatexWalkerParseError,
    get_default_latex_context_db,
)
from pylatexenc.macrospec import EnvironmentSpec, LatexContextDb, MacroSpec, ParsedMacroArgs

from prover.errors import BlueprintError

# A chapter that people wrote is smaller, and pylatexenc needs ten seconds for as much
_MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class TexFile:
    """One parsed file: its top-level nodes, and the name to call it by in messages."""

    path: Path
    shown: str
    walker: LatexWalker
    nodes: list[LatexNode]

    def where(self, node: LatexNode) -> str:
        """The place of a node, as `file:line`."""
        line, _ = self.walker.pos_to_lineno_colno(node.pos)
        return f"{self.shown}:{line}"


def parse(path: Path, shown: str) -> TexFile:
    """The tree of one file, without the files that it inputs.

    Raises BlueprintError for a file that cannot be read, is too large, not UTF-8, or not well-formed LaTeX;
    RecursionError for one that is nested too deeply.
    """
    walker = LatexWalker(_text(path, shown), latex_context=_context(), tolerant_parsing=False)
    try:
        nodes, _, _ = walker.get_latex_nodes()
    except LatexWalkerParseError as error:
        raise BlueprintError(*_explained(error, shown)) from error
    return TexFile(path, shown, walker, nodes)


def exists(path: Path) -> bool:
    """Whether there is a regular file; a name that no file can have is a file that is not there."""
    try:
        return path.is_file()
    except OSError:
        return False


def _text(path: Path, shown: str) -> str:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise BlueprintError(f"{shown}: larger than {_MAX_BYTES:,} bytes", "Split the plan into chapters.")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BlueprintError(f"{shown}:{line}: not UTF-8", "Save the file as UTF-8.") from error
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise BlueprintError(f"{shown}: {reason}", "Make the file readable.") from error


def _explained(error: LatexWalkerParseError, shown: str) -> tuple[str, str]:
    """What is wrong, named by the construct that was open, since that is the line to look at."""
    said = _one_line(str(error.msg))
    if not error.open_contexts:
        return f"{shown}:{error.lineno}: {said}", "Remove it, or write what it closes."
    what, _, line, _ = error.open_contexts[0]
    what = _one_line(what.removeprefix("begin "))
    return f"{shown}:{line}: not closed: {what} ({said}, line {error.lineno})", f"Close what line {line} opens."


# What the reader asks of nodes


def macro_name(node: LatexNode) -> str:
    """The name of a macro without its backslash; empty for anything else."""
    return str(node.macroname) if isinstance(node, LatexMacroNode) else ""


def environment_name(node: LatexNode) -> str:
    """The name of an environment, without the star of an unnumbered one; empty for anything else."""
    return str(node.environmentname).rstrip("*") if isinstance(node, LatexEnvironmentNode) else ""


def children(node: LatexNode) -> Iterator[LatexNode]:
    """What stands directly in a group, formula or environment, or in the arguments of a macro."""
    arguments = getattr(node, "nodeargd", None)
    yield from (argument for argument in getattr(arguments, "argnlist", None) or () if argument)
    yield from getattr(node, "nodelist", None) or ()


def argument(node: LatexNode) -> str:
    """The first `{…}` argument of a macro as written, without comments; empty where there is none."""
    for given in children(node):
        if isinstance(given, LatexGroupNode) and given.delimiters[0] == "{":
            written = (part.latex_verbatim() for part in given.nodelist if not isinstance(part, LatexCommentNode))
            return _one_line("".join(written))
    return ""


def title(node: LatexNode) -> str:
    r"""The `[…]` that follows `\begin{…}`, as written; empty where there is none."""
    text = str(node.latex_verbatim()).partition("}")[2].lstrip()
    depth = 0
    for place, sign in enumerate(text if text.startswith("[") else ""):
        depth += (sign == "{") - (sign == "}")
        if sign == "]" and depth == 0:
            return _one_line(text[1:place])
    return ""


def _one_line(text: str) -> str:
    """The text with every stretch of white space as one space, as TeX has it."""
    return " ".join(text.split())


# What must not be parsed: definitions of macros (their `\begin` and `\end` need not match), addresses, listings


def _after_groups(text: str, start: int, count: int) -> int:
    """The end of `count` balanced `{…}` from `start` on; -1 where the text ends before."""
    depth, place = 0, start
    while place < len(text) and count:
        if text[place] == "\\":
            place += 1
        elif text[place] in "{}":
            depth += 1 if text[place] == "{" else -1
            count -= depth == 0
        place += 1
    return -1 if count else place


def _after_definition(text: str, start: int, count: int) -> int:
    r"""As `_after_groups`, where the name that is defined may also stand without braces: `\newcommand\N{…}`."""
    bare = text[start:].lstrip("* \n").startswith("\\")
    return _after_groups(text, start, count - 1 if bare else count)


def _after_verb(text: str, start: int) -> int:
    """The end of `|…|`, whatever sign stands for the bars; -1 where there is none."""
    return text.find(text[start], start + 1) + 1 or -1 if start < len(text) else -1


@dataclass(frozen=True)
class _Unparsed:
    """An arguments parser of pylatexenc that skips to where `end` says, without looking inside."""

    end: Callable[[str, int], int]
    argspec: str = ""

    def parse_args(self, w: LatexWalker, pos: int, parsing_state: Any = None) -> tuple[Any, int, int]:
        end = self.end(w.s, pos)
        if end < 0:
            raise LatexWalkerParseError(s=w.s, pos=pos, msg="its end is missing")
        return ParsedMacroArgs(), pos, end - pos


def _listing(name: str) -> EnvironmentSpec:
    return EnvironmentSpec(name, args_parser=_Unparsed(lambda text, start: text.find(f"\\end{{{name}}}", start)))


def _groups(name: str, count: int, skip: Callable[[str, int, int], int] = _after_definition) -> MacroSpec:
    return MacroSpec(name, args_parser=_Unparsed(lambda text, start: skip(text, start, count)))


@cache
def _context() -> LatexContextDb:
    known = {"label": "{", "lean": "{", "uses": "{", "proves": "{", "discussion": "{", "input": "{", "include": "{"}
    macros = [MacroSpec(name, arguments) for name, arguments in known.items()]
    macros += [MacroSpec("newtheorem", "*{[{["), MacroSpec("declaretheorem", "[{")]
    macros += [_groups(name, 2) for name in ("newcommand", "renewcommand", "providecommand")]
    macros += [_groups(name, 3) for name in ("newenvironment", "renewenvironment")]
    macros += [_groups(name, 2) for name in ("def", "edef", "gdef")]
    macros += [_groups(name, 1, _after_groups) for name in ("url", "href")]
    macros += [MacroSpec("verb", args_parser=_Unparsed(_after_verb))]
    listings = [_listing(name) for name in ("verbatim", "verbatim*", "Verbatim", "lstlisting", "minted", "comment")]
    context = get_default_latex_context_db()
    context.add_context_category("blueprint", macros=macros, environments=listings, prepend=True)
    return context
