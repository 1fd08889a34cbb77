"""Compiled terms as text for people: explicit, every name in full, no notation that a project could redefine.

What is printed is never compared with anything. It leaves out the universe levels of constants, and writes the numeral
5 of `Nat` as `5`; all else is there, implicit arguments and instances included. Called by the certificate.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeVar

from prover.lean.environment import Environment
from prover.lean.expr import (
    APP,
    BVAR,
    CONST,
    LAMBDA,
    LET,
    LITERAL,
    MDATA,
    PI,
    PROJECTION,
    SORT,
    Expr,
    constants_in,
    expr_children,
)
from prover.lean.module import Constant
from prover.lean.name import Name, read_name
from prover.lean.olean import Object, Value
from prover.model import Kind

LIMIT = 2000  # characters of one term; what is shared in memory can be astronomically long in print
_DEEP = 8  # levels in levels
_WORDY = 1024  # bits of a number in decimal
_LOOK = 500  # nodes to look at for a use of a variable
BRACKETS = ("()", "{}", "⦃⦄", "[]")  # the order of `BinderInfo`
_OF_NAT, _NAT, _INSTANCE = (("OfNat", "ofNat"), ("Nat",), ("instOfNatNat",))


class _Part(NamedTuple):
    """A term still to be printed: the names of its loose variables, innermost first, and whether it needs brackets."""

    expr: Expr
    bound: tuple[str, ...]
    bracketed: bool = False


_Pieces = Iterator["str | _Part"]
P = TypeVar("P", bound=tuple[object, ...])  # a part of a term, as its printer has it


def compiled(environment: Environment, name: Name, limit: int = LIMIT) -> str:
    """A declaration as compiled: its type, and what else gives it its meaning: a value, or constructors."""
    constant = environment.constants[name][0]
    text = f": {show(constant.type, limit)}"
    if constant.kind is not Kind.THEOREM and constant.value is not None:
        text += f" := {show(constant.value, limit)}"
    for constructor in _constructors(environment, constant):
        text += f" | {constructor.name} : {show(constructor.type, limit)}"
    return text


def _constructors(environment: Environment, constant: Constant) -> Iterator[Constant]:
    related = (other for name in constant.related for other in environment.constants.get(name, ()))
    if constant.kind is Kind.INDUCTIVE:
        yield from (other for other in related if other.kind is Kind.CONSTRUCTOR and constant.name in other.related)


def show(expr: Expr, limit: int = LIMIT) -> str:
    """The term on one line, cut after `limit` characters; one that is not malformed (its digest can be taken)."""
    constants = frozenset(map(str, constants_in(expr)))
    return written(_Part(expr, ()), lambda part: _pieces(part, constants), limit)


def written(whole: P, level: Callable[[P], Iterable[str | P]], limit: int) -> str:
    """A term as text, cut after `limit` characters: `level` gives one level of a part, as text and parts, in order."""
    pieces: list[str] = []
    size, todo = 0, list[str | P]([whole])
    while todo and size < limit:
        item = todo.pop()
        if isinstance(item, str):
            pieces.append(item)
            size += len(item)
        else:
            todo.extend(reversed(list(level(item))))
    text = "".join(pieces)
    return f"{text[:limit]} …" if todo or len(text) > limit else text


def _pieces(part: _Part, constants: frozenset[str]) -> _Pieces:
    """One level of a term: text, and the terms in it."""
    expr, bound, bracketed = part
    if expr.tag == MDATA:
        yield part._replace(expr=expr_children(expr)[0])
    elif (number := _numeral(expr)) is not None:
        yield digits(number)
    elif expr.tag in (APP, LAMBDA, PI, LET):
        yield "(" if bracketed else ""
        yield from _application(expr, bound) if expr.tag == APP else _binder(expr, bound, constants)
        yield ")" if bracketed else ""
    else:
        yield from atom(expr, bound)


def atom(expr: Expr, bound: tuple[str, ...]) -> _Pieces:
    if expr.tag == BVAR:
        index = expr.fields[0]
        yield bound[index] if isinstance(index, int) and index < len(bound) else f"#{index!r}"
    elif expr.tag == CONST:
        yield str(read_name(expr.fields[0]))
    elif expr.tag == SORT:
        yield _sort(expr.fields[0])
    elif expr.tag == LITERAL:
        content = expr.fields[0].fields[0] if isinstance(expr.fields[0], Object) else ""
        yield digits(content) if isinstance(content, int) else json.dumps(content, ensure_ascii=False)
    elif expr.tag == PROJECTION:
        yield _Part(expr_children(expr)[0], bound, True)
        yield f".{expr.fields[1]!r}"


def _application(expr: Expr, bound: tuple[str, ...]) -> _Pieces:
    head, arguments = spine(expr)
    yield _Part(head, bound, True)
    for argument in arguments:
        yield from (" ", _Part(argument, bound, True))


def _binder(expr: Expr, bound: tuple[str, ...], constants: frozenset[str]) -> _Pieces:
    first, *values, body = expr_children(expr)
    name = fresh(read_name(expr.fields[0]), constants.union(bound))
    type_, inside = _Part(first, bound), _Part(body, (name, *bound))
    brackets = BRACKETS[min(expr.scalars[8], 3)]
    if expr.tag == LET:
        yield from (f"let {name} : ", type_, " := ", _Part(values[0], bound), "; ", inside)
    elif expr.tag == PI and brackets == "()" and not uses(body):
        yield from (type_._replace(bracketed=first.tag != APP), " → ", inside)
    else:
        quantifier, comma = ("fun", " =>") if expr.tag == LAMBDA else ("∀", ",")
        yield from (f"{quantifier} {brackets[0]}{name} : ", type_, f"{brackets[1]}{comma} ", inside)


def spine(expr: Expr) -> tuple[Expr, list[Expr]]:
    """The head of an application and its arguments."""
    arguments = []
    while expr.tag == APP:
        expr, argument = expr_children(expr)
        arguments.append(argument)
    return expr, arguments[::-1]


def _numeral(expr: Expr) -> int | None:
    """The number n, if this is `@OfNat.ofNat Nat n (instOfNatNat n)`."""
    head, arguments = spine(expr) if expr.tag == APP else (expr, [])
    if constant_in(head) != _OF_NAT or len(arguments) != 3 or constant_in(arguments[0]) != _NAT:
        return None
    instance, same = spine(arguments[2])
    if constant_in(instance) != _INSTANCE or len(same) != 1:
        return None
    number = number_in(arguments[1])
    return number if number == number_in(same[0]) else None


def number_in(expr: Expr) -> int | None:
    literal = expr.fields[0] if expr.tag == LITERAL else None
    content = literal.fields[0] if isinstance(literal, Object) else None
    return content if isinstance(content, int) else None


def digits(number: int) -> str:
    """In hexadecimal where decimal digits would take long."""
    return str(number) if number.bit_length() <= _WORDY else f"0x{number:x}"


def constant_in(expr: Expr) -> Name | None:
    return read_name(expr.fields[0]) if expr.tag == CONST else None


def fresh(name: Name, taken: frozenset[str]) -> str:
    """How a variable is called: as it was written, but never like a constant of the term or another variable."""
    text = str(Name(name[: name.index("_@")])) + "✝" if "_@" in name else str(name)
    while text in taken:
        text += "'"
    return text


def uses(body: Expr) -> bool:
    """Does a term use its innermost loose variable? Of a very large one it is taken to."""
    todo, seen = [(body, 0)], {(body, 0)}
    while todo:
        expr, index = todo.pop()
        if (expr.tag == BVAR and expr.fields[0] == index) or len(seen) > _LOOK:
            return True
        children = expr_children(expr)
        bodies = len(children) - 1 if expr.tag in (LAMBDA, PI, LET) else len(children)
        new = {(child, index + (place >= bodies)) for place, child in enumerate(children)} - seen
        seen |= new
        todo.extend(new)
    return False


def _sort(level: Value) -> str:
    text = level_text(level)
    return {"0": "Prop", "1": "Type"}.get(text, f"(Sort ({text}))")


def level_text(level: Value, depth: int = 0) -> str:
    """A universe level as Lean writes it, `…` for what lies very deep."""
    raised = 0
    while isinstance(level, Object) and level.tag == 1:
        level, raised = level.fields[0], raised + 1
    if not isinstance(level, Object):
        return str(raised)
    if level.tag in (2, 3):
        inner = (f"({level_text(field, depth + 1)})" if depth < _DEEP else "…" for field in level.fields)
        text = f"{'max' if level.tag == 2 else 'imax'} {' '.join(inner)}"
    else:
        text = str(read_name(level.fields[0]))
    return f"{text}+{raised}" if raised else text
