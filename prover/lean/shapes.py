"""What a compiled term looks like to a reader: applications, arrows, predicates, binders; metadata is looked through.

All of it is for print, and of terms that are very large it may say less than is so. Called by `prover.lean.pretty` and,
for the binders of constants, by the entries of a search.
"""

from __future__ import annotations

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
    applied,
    expr_children,
)
from prover.lean.name import Name, read_list, read_name
from prover.lean.show import atom, level_text, uses

EXPLICIT, IMPLICIT, STRICT, INSTANCE, OBJECT = "0123."  # Lean's `BinderInfo` in its order, and one of ours
_LOOK = 200  # nodes of two types to compare
_AUTO = Name(("autoParam",))


def binders(name: Name, type_: Expr) -> str:
    """A character for each argument that the constant's type names.

    The first explicit one is an OBJECT where it is of the type that the constant is named after, as in `List.length`:
    it may stand before the name.
    """
    kinds = ""
    while (type_ := bare(type_)).tag == PI:
        domain, body = expr_children(type_)
        kind = binder(type_)
        if kind == EXPLICIT and not {EXPLICIT, OBJECT} & set(kinds) and applied(bare(domain))[0] == name[:-1] != ():
            kind = OBJECT
        kinds, type_ = kinds + kind, body
    return kinds


def binder(expr: Expr) -> str:
    """How the variable of a function or its type is given."""
    return "0123"[min(expr.scalars[8], 3)]


def bare(expr: Expr) -> Expr:
    """The term without what means nothing: metadata, and the tactic that would find an argument."""
    while True:
        function = expr_children(expr)[0] if expr.tag == APP else expr
        if expr.tag == MDATA:
            expr = expr_children(expr)[0]
        elif function.tag == APP and _is_auto(expr_children(function)[0]):
            expr = expr_children(function)[1]
        else:
            return expr


def _is_auto(expr: Expr) -> bool:
    return expr.tag == CONST and read_name(expr.fields[0]) == _AUTO


def spine(expr: Expr) -> tuple[Expr, list[Expr]]:
    """The head of an application and its arguments."""
    arguments = []
    while (expr := bare(expr)).tag == APP:
        expr, argument = expr_children(expr)
        arguments.append(bare(argument))
    return expr, arguments[::-1]


def application(expr: Expr) -> tuple[Name | None, list[Expr]]:
    """The constant that is applied, None if it is none, and to what."""
    head, arguments = spine(expr)
    return read_name(head.fields[0]) if head.tag == CONST else None, arguments


def without(expr: Expr, count: int) -> Expr:
    """An application without its last arguments."""
    for _ in range(count):
        expr = expr_children(bare(expr))[0]
    return bare(expr)


def predicate(expr: Expr, name: Name) -> Expr | None:
    """The function `fun x => p` in `c α (fun x => p)`, for the constant `c` of this name."""
    found, arguments = application(expr)
    fits = found == name and len(arguments) == 2 and arguments[1].tag == LAMBDA
    return arguments[1] if fits else None


def is_arrow(expr: Expr) -> bool:
    """Is this `a → b`, a type of functions whose argument nothing depends on?"""
    return expr.tag == PI and binder(expr) == EXPLICIT and not uses(expr_children(expr)[1])


def is_object(expr: Expr) -> bool:
    """Can `.name` follow it? A name would be taken for the beginning of another one, a number for a decimal."""
    return expr.tag not in (CONST, LITERAL) and application(expr)[0] != ("OfNat", "ofNat")


def same(first: Expr, second: Expr, shift: int) -> bool:
    """Are two types the same, where the second is under `shift` more binders? Of very large ones it is not said."""
    todo, looked = [(first, second, 0)], 0
    while todo:
        one, other, depth = todo.pop()
        one, other, looked = bare(one), bare(other), looked + 1
        if looked > _LOOK or one.tag != other.tag or not _alike(one, other, depth, shift):
            return False
        pairs = list(zip(expr_children(one), expr_children(other), strict=True))
        bodies = len(pairs) - (one.tag in (LAMBDA, PI, LET))
        todo += [(*pair, depth + (place >= bodies)) for place, pair in enumerate(pairs)]
    return True


def _alike(one: Expr, other: Expr, depth: int, shift: int) -> bool:
    """Are two nodes of one tag the same, their children aside?"""
    mine, others = one.fields[0], other.fields[0]
    if one.tag == BVAR and isinstance(mine, int):
        return others == (mine if mine < depth else mine + shift)
    if one.tag == SORT:
        return (text := level_text(mine)) == level_text(others) and "…" not in text
    if one.tag == LITERAL:
        return list(atom(one, ())) == list(atom(other, ()))
    if one.tag in (CONST, PROJECTION):
        return read_name(mine) == read_name(others) and _rest(one) == _rest(other)
    return one.tag in (APP, LAMBDA, PI, LET)


def _rest(expr: Expr) -> object:
    """The universe levels of a constant, which of its fields a projection takes."""
    return [level_text(level) for level in read_list(expr.fields[1])] if expr.tag == CONST else expr.fields[1]
