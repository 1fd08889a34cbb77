"""Does one statement say as much as another, told from the two expressions alone?

A statement subsumes another when the other follows from it by naming its variables: the same conclusion, and each of
its hypotheses among the other's. Order and names of variables, universe parameters, hypotheses left out and variables
that are not used make no difference. Nothing is unfolded or computed, so what is not found here may still be the same
to Lean. After the θ-subsumption of G. Plotkin (1970), with variables for variables. Pure; called by the reduction.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Self

from prover.errors import OleanError
from prover.lean.expr import (
    BVAR,
    CONST,
    LAMBDA,
    LET,
    LITERAL,
    MDATA,
    PARAMETER,
    PI,
    PROJECTION,
    SORT,
    Digests,
    Expr,
    applied,
    as_term,
    expr_children,
    level_children,
)
from prover.lean.name import Name, read_list, read_name
from prover.lean.olean import Object

# Types and propositions of which anyone can give an element; a variable of one of these that is not used says nothing.
_INHABITED = frozenset(
    map(Name.parse, ("Nat", "Int", "Bool", "Char", "String", "Unit", "PUnit", "True", "List", "Option", "Array"))
)
_FALSE = Name(("False",))


class Telescope(NamedTuple):
    """A statement taken apart: what each of its variables is of, and what it says of them."""

    domains: tuple[Expr, ...]
    conclusion: Expr

    @classmethod
    def of(cls, stated: Expr) -> Self:
        domains = []
        while (stated := _plain(stated)).tag == PI:
            domain, stated = expr_children(stated)
            domains.append(domain)
        return cls(tuple(domains), stated)


def subsumes(general: Expr, special: Expr) -> bool:
    """Is `special` what `general` says, or part of it, with other names for its variables and levels?

    No search: of several hypotheses that fit, that with the same distance from the conclusion is taken, or the first.
    """
    lemma, goal = Telescope.of(general), Telescope.of(special)
    found = _Matching({}, {}).extended(lemma.conclusion, len(lemma.domains), goal.conclusion, len(goal.domains))
    for place in reversed(range(len(lemma.domains))):
        if found is None:
            return False
        if place in found.variables or not _inhabited(lemma.domains[place]):
            found = next(found.candidates(place, lemma, goal), None)
    return found is not None


def is_false(stated: Expr) -> bool:
    """Is it `False`, perhaps for all values of variables that it does not use?"""
    domains, conclusion = Telescope.of(stated)
    return applied(conclusion)[0] == _FALSE and all(map(_inhabited, domains))


class _Matching(NamedTuple):
    """Which variables and universe parameters of the general statement stand for which of the special one's."""

    variables: dict[int, int]  # both counted from the outside
    levels: dict[Name, bytes]

    def candidates(self, place: int, lemma: Telescope, goal: Telescope) -> Iterator[_Matching]:
        """The ways to take the lemma's variable at `place` for one of the goal's: for that which it stands for already,
        or for any of the same type."""
        aligned = place + len(goal.domains) - len(lemma.domains)
        anywhere = sorted(range(len(goal.domains)), key=lambda at: at != aligned)
        for at in [self.variables[place]] if place in self.variables else anywhere:
            if (found := self.extended(lemma.domains[place], place, goal.domains[at], at)) is not None:
                found.variables[place] = at
                yield found

    def extended(self, general: Expr, outer: int, special: Expr, around: int) -> _Matching | None:
        """This matching and what makes the one expression the other; None when nothing does.

        The expressions stand below `outer` and `around` variables of their telescopes.
        """
        found = _Matching(dict(self.variables), dict(self.levels))
        todo = [(general, special, 0)]
        seen: set[tuple[Expr, Expr, int]] = set()
        while todo:
            one, other, depth = todo.pop()
            pair = _plain(one), _plain(other), depth
            if pair in seen:
                continue
            seen.add(pair)
            if not found._node(*pair, outer, around):
                return None
            todo += _children(*pair)
        return found

    def _node(self, one: Expr, other: Expr, depth: int, outer: int, around: int) -> bool:
        """Do the two nodes agree, but for what is below them? They stand below `depth` variables of their own."""
        if one.tag != other.tag:
            return False
        if one.tag == BVAR:
            return self._variable(_index(one) - depth, _index(other) - depth, outer, around)
        if one.tag == SORT:
            return self._level(as_term(one.fields[0]), as_term(other.fields[0]))
        if one.tag == CONST:
            mine, theirs = (list(map(as_term, read_list(node.fields[1]))) for node in (one, other))
            same = read_name(one.fields[0]) == read_name(other.fields[0]) and len(mine) == len(theirs)
            return same and all(map(self._level, mine, theirs))
        if one.tag == PROJECTION:
            return read_name(one.fields[0]) == read_name(other.fields[0]) and one.fields[1] == other.fields[1]
        return one.tag != LITERAL or Digests().expr(one) == Digests().expr(other)

    def _variable(self, one: int, other: int, outer: int, around: int) -> bool:
        """De Bruijn indices without the expressions' own variables, of which there is one below zero."""
        if one < 0 or other < 0:
            return one == other
        return self.variables.setdefault(outer - 1 - one, around - 1 - other) == around - 1 - other

    def _level(self, one: Object, other: Object) -> bool:
        digests, todo = Digests(), [(one, other)]
        while todo:
            one, other = todo.pop()
            if one.tag == PARAMETER:
                digest = digests.level(other)
                if self.levels.setdefault(read_name(one.fields[0]), digest) != digest:
                    return False
            elif one.tag != other.tag:
                return False
            else:
                todo += zip(level_children(one), level_children(other), strict=True)
        return True


def _children(one: Expr, other: Expr, depth: int) -> Iterator[tuple[Expr, Expr, int]]:
    """The pairs of sub-terms; the last one of a binder stands below its variable."""
    pairs = list(zip(expr_children(one), expr_children(other), strict=True))
    for place, (left, right) in enumerate(pairs, start=1):
        yield left, right, depth + (place == len(pairs) and one.tag in (LAMBDA, PI, LET))


def _plain(expr: Expr) -> Expr:
    while expr.tag == MDATA:
        (expr,) = expr_children(expr)
    return expr


def _inhabited(domain: Expr) -> bool:
    domain = _plain(domain)
    return domain.tag == SORT or applied(domain)[0] in _INHABITED


def _index(variable: Expr) -> int:
    (index,) = variable.fields
    if not isinstance(index, int):
        raise OleanError("an expression in a module file is malformed")
    return index
