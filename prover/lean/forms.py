"""One level of a term in print: pieces of text, the terms between them, and how strongly all of it binds.

Terms need brackets where they bind less strongly than their place asks for, or would go on into what follows them.
Called by `prover.lean.pretty`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from prover.lean.expr import Expr
from prover.lean.notation import ATOM, LEAD, MAX, Notation
from prover.lean.olean import Object, Value
from prover.lean.shapes import INSTANCE
from prover.lean.show import BRACKETS, level_text

_SIMPLE = re.compile(r"\(([\w.']+)\)")  # a universe level that needs no brackets


class Part(NamedTuple):
    """A term still to be printed: the names of its loose variables, innermost first, and how strongly it must bind.

    `last` says that nothing follows it before the next closing bracket, so that it may go on as far as it can.
    """

    expr: Expr
    bound: tuple[str, ...]
    binds: int = 0
    last: bool = True


class Form(NamedTuple):
    """How a term is written, one level of it; `open` where it ends with what goes on as far as it can."""

    binds: int
    pieces: Sequence[str | Part]
    open: bool = False


class Group(NamedTuple):
    """Variables of one type; the type's own loose variables are those before the first of them."""

    kind: str
    variables: list[str]
    domain: Part

    def pieces(self) -> tuple[str | Part, ...]:
        brackets = BRACKETS[int(self.kind)]
        named = "" if self.kind == INSTANCE and self.variables == ["_"] else f"{' '.join(self.variables)} : "
        return (f" {brackets[0]}{named}", self.domain, brackets[1])


def plain(head: str | Part, arguments: Sequence[Expr], bound: tuple[str, ...]) -> Form:
    """An application without notation; `head` goes on where there are arguments."""
    if not arguments:
        return Form(MAX if isinstance(head, str) and head.startswith("@") else ATOM, (head,))
    first = head._replace(last=False) if isinstance(head, Part) else head
    return Form(LEAD, (first, *applied(arguments, bound)))


def applied(arguments: Sequence[Expr], bound: tuple[str, ...]) -> list[str | Part]:
    pieces: list[str | Part] = []
    for place, argument in enumerate(arguments, 1):
        pieces += (" ", Part(argument, bound, MAX, place == len(arguments)))
    return pieces


def noted(notation: Notation, arguments: Sequence[Expr], bound: tuple[str, ...]) -> Form:
    """The notation, its slots filled."""
    end = len(notation.pieces) - 1
    pieces = (
        piece
        if isinstance(piece, str)
        else Part(arguments[piece.argument], bound, piece.binds, piece.binds == 0 or place == end)
        for place, piece in enumerate(notation.pieces)
    )
    return Form(notation.binds, tuple(pieces), notation.open)


def sort(level: Value) -> Form:
    raised = isinstance(level, Object) and level.tag == 1
    text = _SIMPLE.sub(r"\1", level_text(level.fields[0] if raised and isinstance(level, Object) else level))
    if text == "0":
        return Form(ATOM, ("Type" if raised else "Prop",))
    return Form(LEAD, (f"{'Type' if raised else 'Sort'} {text if _SIMPLE.fullmatch(f'({text})') else f'({text})'}",))


def field(number: Value) -> str:
    """Which field is projected, as Lean counts them in print: from 1."""
    return f".{number + 1}" if isinstance(number, int) else f".{number!r}"
