"""Universe levels and expressions of compiled Lean: how they are laid out, what they mention, their digests.

A view of the objects that `prover.lean.olean` decodes; every shape is checked on sight, and nothing recurses.
Layouts: the constructors of `Lean.Name`, `Lean.Level`, `Lean.Expr` in order (src/Lean/Level.lean, src/Lean/Expr.lean).
Called by `prover.lean.module`, the declarations and the judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import TypeAlias, TypeVar

from prover.errors import OleanError, Unhygienic
from prover.lean.name import SORRY, Name, name_bytes, nat_bytes, read_list, read_name, text_bytes
from prover.lean.olean import Object, Value

Expr: TypeAlias = Object
_T = TypeVar("_T")

BVAR, FVAR, MVAR, SORT, CONST, APP, LAMBDA, PI, LET, LITERAL, MDATA, PROJECTION = range(12)
_ZERO, _SUCC, _MAX, _IMAX, PARAMETER, _LEVEL_MVAR = range(6)
_Shapes: TypeAlias = dict[int, tuple[int, int, tuple[int, ...]]]
# Tag: number of fields, bytes of unboxed fields (8 of cached data, then binder info), which fields are children.
# Free variables and metavariables are absent on purpose: a finished declaration has none.
_EXPRS: _Shapes = {
    BVAR: (1, 8, ()),
    SORT: (1, 8, ()),
    CONST: (2, 8, ()),
    APP: (2, 8, (0, 1)),
    LAMBDA: (3, 9, (1, 2)),
    PI: (3, 9, (1, 2)),
    LET: (4, 9, (1, 2, 3)),
    LITERAL: (1, 8, ()),
    MDATA: (2, 8, (1,)),
    PROJECTION: (3, 8, (2,)),
}
_LEVELS: _Shapes = {
    _ZERO: (0, 0, ()),
    _SUCC: (1, 8, (0,)),
    _MAX: (2, 8, (0, 1)),
    _IMAX: (2, 8, (0, 1)),
    PARAMETER: (1, 8, ()),
}
_NOT = Name(("Not",))
_ZERO_LEVEL = Object(_ZERO, (), b"")  # in a file it is the boxed scalar 0


def constants_in(*roots: Expr) -> frozenset[Name]:
    """Every constant that the expressions mention, the structures of their projections included."""
    names: set[Object] = set()
    seen: set[Object] = set(roots)
    todo = list(roots)
    while todo:
        expr = todo.pop()
        for child in expr_children(expr):
            if child not in seen:
                seen.add(child)
                todo.append(child)
        if expr.tag in (CONST, PROJECTION):
            names.add(as_term(expr.fields[0]))
    return frozenset(map(read_name, names))


def expr_children(expr: Object) -> list[Object]:
    """The sub-terms of an expression, after a check of the node's shape."""
    return _children(expr, _EXPRS)


def level_children(level: Object) -> list[Object]:
    """The levels in a universe level, after a check of the node's shape."""
    return _children(level, _LEVELS)


def _children(node: Object, shapes: _Shapes) -> list[Object]:
    if shape := shapes.get(node.tag):
        fields, scalars, places = shape
        if len(node.fields) == fields and len(node.scalars) >= scalars:
            return [as_term(node.fields[place]) for place in places]
    if shapes is _EXPRS and node.tag in (FVAR, MVAR):
        raise Unhygienic("an expression in a module file has free or meta variables")
    if shapes is _LEVELS and node.tag == _LEVEL_MVAR:
        raise Unhygienic("a universe level in a module file is a meta variable")
    raise OleanError("an expression in a module file is malformed")


def applied(expr: Expr) -> tuple[Name, list[Expr]]:
    """The constant that is applied (the anonymous name if it is none), and to what."""
    arguments: list[Expr] = []
    while expr.tag == APP:
        arguments.append(as_term(expr.fields[1]))
        expr = as_term(expr.fields[0])
    return read_name(expr.fields[0]) if expr.tag == CONST else Name(), arguments[::-1]


def as_term(value: Value) -> Object:
    """The node that is `value`; a universe level may be the number zero. Raises OleanError for anything else."""
    if isinstance(value, Object):
        return value
    if isinstance(value, int) and value == 0:
        return _ZERO_LEVEL
    raise OleanError("an expression in a module file is malformed")


class Digests:
    """Canonical SHA-256 digests of expressions and of what they are made of.

    Equal exactly for terms that are equal as trees, but for binder names and `mdata`, which mean nothing to the kernel,
    and for the label that `sorry` has of its place in the source. Sharing does not count; binder info, universe levels
    (by structure), literals and names do. Results are kept, so one instance serves many terms; each node's digest is
    over its tag and its children's digests (a Merkle tree).
    """

    def __init__(self) -> None:
        self._exprs: dict[Object, bytes] = {}
        self._levels: dict[Object, bytes] = {}

    def expr(self, expr: Expr) -> bytes:
        return bottom_up(expr, expr_children, self._exprs, self._expr_node)

    def level(self, level: Value) -> bytes:
        return bottom_up(as_term(level), level_children, self._levels, self._level_node)

    def _expr_node(self, expr: Object, children: list[bytes]) -> bytes:
        if expr.tag == MDATA or _is_labelled_sorry(expr):
            return children[0]
        binder = expr.scalars[8:9] if expr.tag in (LAMBDA, PI, LET) else b""
        return sha256(b"".join((b"expr", bytes([expr.tag]), binder, *self._own(expr), *children))).digest()

    def _own(self, expr: Object) -> Iterable[bytes]:
        """What a node has beside its children; each piece shows where it ends."""
        if expr.tag == BVAR:
            yield nat_bytes(expr.fields[0])
        elif expr.tag == SORT:
            yield self.level(expr.fields[0])
        elif expr.tag == CONST:
            yield name_bytes(read_name(expr.fields[0]))
            yield from map(self.level, read_list(expr.fields[1]))
        elif expr.tag == LITERAL:
            yield _literal_bytes(expr.fields[0])
        elif expr.tag == PROJECTION:
            yield name_bytes(read_name(expr.fields[0]))
            yield nat_bytes(expr.fields[1])

    def _level_node(self, level: Object, children: list[bytes]) -> bytes:
        own = name_bytes(read_name(level.fields[0])) if level.tag == PARAMETER else b""
        return sha256(b"".join((b"level", bytes([level.tag]), own, *children))).digest()


def bottom_up(
    root: Object,
    children_of: Callable[[Object], list[Object]],
    done: dict[Object, _T],
    of: Callable[[Object, list[_T]], _T],
) -> _T:
    """What `of` makes of a term, from its leaves up; each shared node once, its result kept in `done`."""
    todo = [root]
    while todo:
        node = todo[-1]
        if node not in done:
            children = children_of(node)
            if missing := [child for child in children if child not in done]:
                todo.extend(missing)
                continue
            done[node] = of(node, [done[child] for child in children])
        todo.pop()
    return done[root]


def negates(claim: Expr, stated: Expr) -> bool:
    """Is the one `¬` of the very other, as trees?"""
    head, arguments = applied(claim)
    digests = Digests()
    return head == _NOT and list(map(digests.expr, arguments)) == [digests.expr(stated)]


def _is_labelled_sorry(expr: Object) -> bool:
    """Is this `sorryAx type synthetic label` (`Lean.Meta.mkLabeledSorry`)?"""
    for _ in range(3):
        if expr.tag != APP:
            return False
        expr = as_term(expr.fields[0])
    return expr.tag == CONST and read_name(expr.fields[0]) == SORRY


def _literal_bytes(literal: Value) -> bytes:
    if isinstance(literal, Object) and len(literal.fields) == 1:
        content = literal.fields[0]
        if literal.tag == 0:
            if isinstance(content, int) and content < 0:
                raise Unhygienic("a natural number in a module file is below zero")
            return b"n" + nat_bytes(content)
        if literal.tag == 1 and isinstance(content, str):
            return b"s" + text_bytes(content.encode())
    raise OleanError("a literal in a module file is malformed")
