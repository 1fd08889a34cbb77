"""Is a compiled constant made of finished terms only? What the kernel takes on trust when it reads a module file.

The kernel believes what each node of a term says of itself (whether it has variables, how many are loose), since
honest Lean wrote it. A file that was written by something else can lie, and what follows then is a "proof" of anything.
So every node is computed again here: nothing loose, nothing free, no universe that is not declared, no number that is
stored in a form that arithmetic does not expect. Called by the audit; decides nothing.
Layout of the cached data: `Lean.Expr.Data` (src/Lean/Expr.lean), `Lean.Level.Data` (src/Lean/Level.lean).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from prover.errors import Unhygienic
from prover.lean.expr import (
    BVAR,
    CONST,
    LAMBDA,
    LET,
    LITERAL,
    PARAMETER,
    PI,
    PROJECTION,
    SORT,
    Expr,
    bottom_up,
    expr_children,
    level_children,
)
from prover.lean.module import Constant
from prover.lean.name import Name, read_list, read_name
from prover.lean.olean import Big, Object, Value

_LARGEST_LOOSE = 2**20 - 1  # 20 bits of the cached data count the loose bound variables
# Bits of `Expr.Data` above hash (32) and depth (8): hasFVar, hasExprMVar, hasLevelMVar, hasLevelParam, loose variables.
_FREE, _PARAMETRIC, _LOOSE_SHIFT = 0b0111 << 40, 1 << 43, 44
_LEVEL_MVAR, _LEVEL_PARAMETRIC = 1 << 32, 1 << 33


class _Fact(NamedTuple):
    """What is true of a node: how many bound variables are loose in it, and its universe parameters."""

    loose: int
    parameters: frozenset[Name]


_CLOSED = _Fact(0, frozenset())


class Hygiene:
    """Examines constants of one module; terms that they share are examined once."""

    def __init__(self) -> None:
        self._exprs: dict[Object, _Fact] = {}
        self._levels: dict[Object, _Fact] = {}

    def examine(self, constant: Constant) -> None:
        """Raises Unhygienic for a constant that no finished declaration leaves, OleanError for a malformed one."""
        for expr in _terms(constant):
            fact = self._expr(expr)
            if fact.loose:
                raise Unhygienic(f"{constant.name} has a bound variable that nothing binds")
            if undeclared := fact.parameters.difference(constant.levels):
                raise Unhygienic(
                    f"{constant.name} has the universe {min(undeclared, key=str)}, which it does not declare"
                )

    def _expr(self, root: Expr) -> _Fact:
        return bottom_up(root, expr_children, self._exprs, self._expr_fact)

    def _expr_fact(self, expr: Object, children: list[_Fact]) -> _Fact:
        loose = max((_outside(expr.tag, place, child.loose) for place, child in enumerate(children)), default=0)
        parameters = _union(children)
        if expr.tag == BVAR:
            loose = _number(expr.fields[0]) + 1
        elif expr.tag == SORT:
            parameters = self._level(expr.fields[0]).parameters
        elif expr.tag == CONST:
            parameters = _union([self._level(level) for level in read_list(expr.fields[1])])
        elif expr.tag == LITERAL:
            _check_literal(expr.fields[0])
        elif expr.tag == PROJECTION:
            _number(expr.fields[1])
        data = int.from_bytes(expr.scalars[:8], "little")
        said = (data >> _LOOSE_SHIFT, bool(data & _PARAMETRIC), data & _FREE)
        if said != (loose, bool(parameters), 0) or loose > _LARGEST_LOOSE:
            raise Unhygienic("a term in a module file says of itself what is not so")
        return _Fact(loose, parameters)

    def _level(self, root: Value) -> _Fact:
        return bottom_up(root, level_children, self._levels, self._level_fact) if isinstance(root, Object) else _CLOSED

    def _level_fact(self, level: Object, children: list[_Fact]) -> _Fact:
        own = frozenset((read_name(level.fields[0]),)) if level.tag == PARAMETER else frozenset()
        parameters = _union(children) | own
        data = int.from_bytes(level.scalars[:8], "little")
        # The level zero is a mere number in a file; what stands for it here has no data.
        if level.scalars and (bool(data & _LEVEL_PARAMETRIC), data & _LEVEL_MVAR) != (bool(parameters), 0):
            raise Unhygienic("a universe level in a module file says of itself what is not so")
        return _Fact(0, parameters)


def _terms(constant: Constant) -> Iterator[Expr]:
    yield constant.type
    if constant.value is not None:
        yield constant.value
    yield from (right for _, _, right in constant.rules)


def _outside(tag: int, place: int, loose: int) -> int:
    """How many of a child's loose variables are loose in the node too: the last child of a binder is in its scope."""
    in_scope = (tag in (LAMBDA, PI) and place == 1) or (tag == LET and place == 2)
    return max(0, loose - 1) if in_scope else loose


def _union(facts: list[_Fact]) -> frozenset[Name]:
    """The parameters of all; most terms have the same ones, and sets are then shared instead of made."""
    found = _CLOSED.parameters
    for fact in facts:
        if not fact.parameters <= found:
            found = found | fact.parameters if found else fact.parameters
    return found


def _number(value: Value) -> int:
    if isinstance(value, int) and value >= 0 and not isinstance(value, Big):
        return value
    raise Unhygienic("a bound variable or a field of a structure in a module file has an impossible number")


def _check_literal(literal: Value) -> None:
    """A natural number is small and immediate, or big and not; arithmetic takes 5 stored as a big number for no 5."""
    content = literal.fields[0] if isinstance(literal, Object) and literal.fields else None
    if isinstance(content, int) and (content < 0 or (isinstance(content, Big) and content.fits_a_word)):
        raise Unhygienic("a number in a module file is stored as no natural number is")
