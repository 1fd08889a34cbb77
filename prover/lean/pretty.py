"""Compiled terms as a Lean user writes them: with the notation of Lean's library, without implicit arguments.

For hints, whose readers know Lean; what a proof is judged by is printed by `prover.lean.show`, which hides nothing.
As in Lean's own output, instances and the types of bound variables of `fun` and `∃` are left out. What is not known, a
constant's implicit arguments or a notation of the project, is written out in full. Nothing here recurses into a term.
Called by the entries of a search.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from prover.lean.expr import APP, CONST, LAMBDA, LET, PI, PROJECTION, SORT, Expr, constants_in, expr_children
from prover.lean.forms import Form, Group, Part, applied, field, noted, plain, sort
from prover.lean.name import Name, read_name
from prover.lean.notation import ARROW, ATOM, EXPORTED, LEAD, MAX, NEGATED, NOTATIONS
from prover.lean.shapes import (
    EXPLICIT,
    IMPLICIT,
    INSTANCE,
    OBJECT,
    STRICT,
    application,
    bare,
    binder,
    is_arrow,
    is_object,
    predicate,
    same,
    spine,
    without,
)
from prover.lean.show import BRACKETS, LIMIT, atom, digits, fresh, number_in, uses, written

Known: TypeAlias = Callable[[Name], "str | None"]  # what `shapes.binders` gives for a constant, if that is known
_PROOF = "_proof_"  # begins the name that Lean gives a proof in a term
_MOST = 32  # variables of one quantifier, elements of one list
_DIGITS, _EXISTS, _DITE, _SUBTYPE = map(Name.parse, ("OfNat.ofNat", "Exists", "dite", "Subtype"))
_CONS, _NIL, _ARRAY, _NOT = map(Name.parse, ("List.cons", "List.nil", "List.toArray", "Not"))


def pretty(expr: Expr, known: Known, limit: int = LIMIT) -> str:
    """The term on one line, cut after `limit` characters; one that is not malformed (its digest can be taken)."""
    return written(Part(expr, ()), _Writer(expr, known).pieces, limit)


class _Writer:
    """Writes the parts of one term: none of its variables is called like a constant in it, or begins one's name."""

    def __init__(self, root: Expr, known: Known) -> None:
        names = constants_in(root)
        self._known = known
        first = (str(Name(name[:1])) for name in names)
        self._taken = frozenset((*map(str, names), *first, *EXPORTED.values()))

    def pieces(self, part: Part) -> list[str | Part]:
        """One level of a term: text, and the terms in it."""
        form = self._form(bare(part.expr), part.bound)
        if form.binds < part.binds or (form.open and not part.last):
            return ["(", *form.pieces, ")"]
        *others, end = form.pieces
        return [*others, end._replace(last=part.last) if isinstance(end, Part) else end]

    def _form(self, expr: Expr, bound: tuple[str, ...]) -> Form:
        if expr.tag in (APP, CONST):
            return self._applied(expr, bound)
        if expr.tag == PI:
            return self._arrow(expr, bound) if is_arrow(expr) else self._forall(expr, bound)
        if expr.tag == LAMBDA:
            return self._function(expr, bound)
        if expr.tag == LET:
            return self._let(expr, bound)
        if expr.tag == SORT:
            return sort(expr.fields[0])
        if expr.tag == PROJECTION:
            return Form(ATOM, (Part(expr_children(expr)[0], bound, ATOM, False), field(expr.fields[1])))
        decimal = number_in(expr) is not None  # with a dot behind it
        return Form(MAX if decimal else ATOM, tuple(map(str, atom(expr, bound))))

    def _applied(self, expr: Expr, bound: tuple[str, ...]) -> Form:
        head, arguments = spine(expr)
        if head.tag != CONST:
            return plain(Part(head, bound, MAX), arguments, bound)
        name = read_name(head.fields[0])
        if form := self._special(name, expr, arguments, bound):
            return form
        notation = NOTATIONS.get(name)
        if notation is None or len(arguments) < notation.arguments:
            return self._named(name, arguments, bound)
        more = arguments[notation.arguments :]
        return (
            plain(Part(without(expr, len(more)), bound, MAX), more, bound)
            if more
            else noted(notation, arguments, bound)
        )

    def _named(self, name: Name, arguments: list[Expr], bound: tuple[str, ...]) -> Form:
        """A constant with its explicit arguments; with `@` and all of them where the others are not told by these."""
        if isinstance(last := (name or ("",))[-1], str) and last.startswith(_PROOF):
            return Form(ATOM, ("⋯",))
        text, kinds = EXPORTED.get(name) or str(name), self._known(name)
        if kinds is None:
            return plain(f"@{text}" if arguments else text, arguments, bound)
        given = kinds[: len(arguments)].ljust(len(arguments), EXPLICIT)
        if given.endswith(STRICT) or kinds[len(arguments) :][:1] in (IMPLICIT, INSTANCE):
            return plain(f"@{text}", arguments, bound)
        explicit = [argument for argument, kind in zip(arguments, given, strict=True) if kind in EXPLICIT + OBJECT]
        if OBJECT in given and is_object(explicit[0]):
            whole = Form(ATOM, (Part(explicit[0], bound, ATOM, False), f".{Name(name[-1:])}"))
            return Form(LEAD, (*whole.pieces, *applied(explicit[1:], bound))) if explicit[1:] else whole
        return plain(text, explicit, bound)

    def _special(self, name: Name, expr: Expr, arguments: list[Expr], bound: tuple[str, ...]) -> Form | None:
        """What is written otherwise than an application, and by no line of the table."""
        count = len(arguments)
        if name == _DIGITS and count == 3 and (number := number_in(arguments[1])) is not None:
            return Form(MAX, (digits(number),))
        if name == _NOT and count == 1:
            return _negated(arguments[0], bound)
        if name == _CONS and count == 3:
            return _listed(expr, bound, "[")
        if name == _ARRAY and count == 2:
            return _listed(arguments[1], bound, "#[")
        if name == _EXISTS and predicate(expr, _EXISTS):
            return self._exists(expr, bound)
        if name == _SUBTYPE and (function := predicate(expr, _SUBTYPE)):
            variable, inside = self._inside(function, bound)
            return Form(ATOM, (f"{{ {variable} // ", inside, " }"))
        if name == _DITE and count == 5:
            return self._dite(arguments, bound)
        return None

    def _dite(self, arguments: list[Expr], bound: tuple[str, ...]) -> Form | None:
        """`if h : c then a else b`, where `h` is what both branches call it."""
        branches = arguments[3:]
        if any(branch.tag != LAMBDA for branch in branches):
            return None
        variable, yes = self._inside(branches[0], bound)
        no = Part(expr_children(branches[1])[1], yes.bound)
        return Form(LEAD, (f"if {variable} : ", Part(arguments[1], bound), " then ", yes, " else ", no), open=True)

    def _exists(self, expr: Expr, bound: tuple[str, ...]) -> Form:
        """`∃ x y, p`, or `∃ h : p, q` where the type of what is there is all that is said of it."""
        text, first, rest = "∃", predicate(expr, _EXISTS), Part(expr, bound)
        if first and not uses(expr_children(first)[1]):
            variable, rest = self._inside(first, bound)
            return Form(LEAD, (f"∃ {variable} : ", Part(expr_children(first)[0], bound), ", ", rest), open=True)
        for _ in range(_MOST):
            found = predicate(rest.expr, _EXISTS)
            if found is None or not uses(expr_children(found)[1]):
                break
            variable, rest = self._inside(found, rest.bound)
            text += f" {variable}"
        return Form(LEAD, (f"{text}, ", rest), open=True)

    def _function(self, expr: Expr, bound: tuple[str, ...]) -> Form:
        text, rest = "fun", Part(expr, bound)
        for _ in range(_MOST):
            if expr.tag != LAMBDA:
                break
            variable, rest = self._inside(expr, rest.bound)
            brackets = BRACKETS[int(binder(expr))]
            text += f" {variable}" if binder(expr) == EXPLICIT else f" {brackets[0]}{variable}{brackets[1]}"
            expr = bare(rest.expr)
        return Form(MAX, (f"{text} => ", rest), open=True)

    def _let(self, expr: Expr, bound: tuple[str, ...]) -> Form:
        type_, value, _ = expr_children(expr)
        variable, inside = self._inside(expr, bound)
        return Form(
            LEAD, (f"let {variable} : ", Part(type_, bound), " := ", Part(value, bound), "; ", inside), open=True
        )

    def _arrow(self, expr: Expr, bound: tuple[str, ...]) -> Form:
        domain, body = expr_children(expr)
        return Form(ARROW, (Part(domain, bound, ARROW + 1, False), " → ", Part(body, ("_", *bound), ARROW)))

    def _forall(self, expr: Expr, bound: tuple[str, ...]) -> Form:
        """`∀ {a b : Nat} (c : Nat), p`: what follows one another with the same type is in one pair of brackets."""
        groups: list[Group] = []
        rest = Part(expr, bound)
        for _ in range(_MOST):
            if expr.tag != PI or is_arrow(expr):
                break
            domain, kind = Part(expr_children(expr)[0], rest.bound), binder(expr)
            variable, rest = self._inside(expr, rest.bound)
            last = groups[-1] if groups else None
            if last and last.kind == kind != INSTANCE and same(last.domain.expr, domain.expr, len(last.variables)):
                last.variables.append(variable)
            else:
                groups.append(Group(kind, [variable], domain))
            expr = bare(rest.expr)
        return Form(LEAD, ("∀", *(piece for group in groups for piece in group.pieces()), ", ", rest), open=True)

    def _inside(self, expr: Expr, bound: tuple[str, ...]) -> tuple[str, Part]:
        """What the variable that is bound here is called, and the term in which it is."""
        name, body = read_name(expr.fields[0]), expr_children(expr)[-1]
        scoped = "_@" in name
        # An instance that nobody named is for Lean to find, wherever it would be written.
        nameless = binder(expr) == INSTANCE if scoped else name == ("_",) and not uses(body)
        written = Name(part for part in (name[: name.index("_@")] if scoped else name) if part != "_")
        variable = "_" if nameless else fresh(written or Name(("x",)), self._taken.union(bound))
        return variable, Part(body, (variable, *bound))


def _negated(expr: Expr, bound: tuple[str, ...]) -> Form | None:
    """`¬` of a constant whose negation has a symbol."""
    name, arguments = application(expr)
    notation = NEGATED.get(name or Name())
    return noted(notation, arguments, bound) if notation and len(arguments) == notation.arguments else None


def _listed(expr: Expr, bound: tuple[str, ...], opening: str) -> Form | None:
    """`[a, b, c]`, where the list ends so and is not very long."""
    elements: list[str | Part] = []
    name, arguments = application(expr)
    while name == _CONS and len(arguments) == 3 and len(elements) < 2 * _MOST:
        elements += (", " if elements else opening, Part(arguments[1], bound))
        name, arguments = application(arguments[2])
    return Form(ATOM, (*(elements or [opening]), "]")) if name == _NIL and len(arguments) == 1 else None
