"""What the kernel takes on trust: honest terms pass, and a term that lies about itself is found, whatever the lie."""

from collections.abc import Callable
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prover.errors import Unhygienic
from prover.lean.build import Builder
from prover.lean.expr import APP, BVAR, CONST, LAMBDA, LET, LITERAL, PI, PROJECTION, SORT, Digests
from prover.lean.hygiene import Hygiene
from prover.lean.module import Constant, read_module
from prover.lean.name import Name
from prover.lean.olean import Big, Object, Value
from prover.model import Kind
from tests.conftest import HEADER

FREE_BIT, PARAMETER_BIT, LOOSE_SHIFT = 1 << 40, 1 << 43, 44
LEVEL_PARAMETER_BIT = 1 << 33
Term: TypeAlias = Object


def name(text: str) -> Object:
    return Object(1, (0, text), bytes(8))


def node(tag: int, *fields: Value, loose: int = 0, flags: int = 0, binder: bytes = b"") -> Term:
    return Object(tag, fields, (loose << LOOSE_SHIFT | flags).to_bytes(8, "little") + binder)


def loose(term: Term) -> int:
    return int.from_bytes(term.scalars[:8], "little") >> LOOSE_SHIFT


def flags(*terms: Term) -> int:
    return PARAMETER_BIT if any(int.from_bytes(t.scalars[:8], "little") & PARAMETER_BIT for t in terms) else 0


def variable(index: int) -> Term:
    return node(BVAR, index, loose=index + 1)


def applied(function: Term, argument: Term) -> Term:
    together = max(loose(function), loose(argument))
    return node(APP, function, argument, loose=together, flags=flags(function, argument))


def binder(tag: int, type_: Term, body: Term) -> Term:
    outside = max(loose(type_), loose(body) - 1, 0)
    return node(tag, name("x"), type_, body, loose=outside, flags=flags(type_, body), binder=b"\0")


def sort(parameter: str = "") -> Term:
    if not parameter:
        return node(SORT, 0)
    level = Object(4, (name(parameter),), LEVEL_PARAMETER_BIT.to_bytes(8, "little"))
    return node(SORT, level, flags=PARAMETER_BIT)


def number(value: int) -> Term:
    return node(LITERAL, Object(0, (value,), b""))


def constant(term: Term, *levels: str) -> Constant:
    return Constant(Digests(), Name(("c",)), Kind.THEOREM, tuple(Name((level,)) for level in levels), term)


def examine(term: Term, *levels: str) -> None:
    Hygiene().examine(constant(term, *levels))


IDENTITY = binder(PI, sort("u"), binder(PI, variable(0), variable(1)))
leaves = st.one_of(
    st.integers(0, 3).map(variable), st.builds(sort), st.builds(lambda: sort("u")), st.integers(0, 9).map(number)
)
terms = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(applied, inner, inner),
        st.builds(lambda t, b: binder(LAMBDA, t, b), inner, inner),
        st.builds(lambda t, b: binder(PI, t, b), inner, inner),
    ),
    max_leaves=20,
)


def closed(term: Term) -> Term:
    while loose(term):
        term = binder(LAMBDA, sort(), term)
    return term


@given(terms.map(closed))
def test_terms_that_say_what_is_so_are_hygienic(term: Term) -> None:
    examine(term, "u")


@given(terms)
def test_a_variable_that_nothing_binds_is_found(term: Term) -> None:
    if loose(term):
        with pytest.raises(Unhygienic, match="nothing binds"):
            examine(term, "u")


@given(terms.map(closed), st.sampled_from([0, 1, 2]), st.data())
def test_a_lie_anywhere_in_a_term_is_found(term: Term, lie: int, data: st.DataObject) -> None:
    """What is said of loose variables, of free ones or of universe parameters is changed at one place."""
    nodes = list(_nodes(term))
    victim = data.draw(st.sampled_from(nodes))
    bit = (1 << LOOSE_SHIFT, FREE_BIT, PARAMETER_BIT)[lie]
    said = int.from_bytes(victim.scalars[:8], "little") ^ bit
    victim.scalars = said.to_bytes(8, "little") + victim.scalars[8:]
    with pytest.raises(Unhygienic):
        examine(term, "u")


def _nodes(term: Term) -> list[Term]:
    inner = [field for field in term.fields if isinstance(field, Object) and len(field.scalars) >= 8]
    children = [field for field in inner if field.tag != 1 or len(field.fields) != 2 or field.fields[0] != 0]
    return [term, *(n for child in children if term.tag in (APP, LAMBDA, PI) for n in _nodes(child))]


def test_a_universe_must_be_declared() -> None:
    examine(IDENTITY, "u")
    with pytest.raises(Unhygienic, match="the universe u, which it does not declare"):
        examine(IDENTITY, "v")


def test_a_let_binds_in_its_body_alone() -> None:
    body = applied(variable(0), variable(0))
    examine(node(LET, name("x"), sort(), number(1), body, binder=b"\0"))
    with pytest.raises(Unhygienic):
        examine(node(LET, name("x"), sort(), variable(0), body, binder=b"\0"))


@pytest.mark.parametrize(
    ("value", "impossible"),
    [(5, False), (_big := Big(2**70), False), (-1, True), (Big(-(2**70)), True), (Big(5), True)],
    ids=["small", "big", "below zero", "far below zero", "small, stored as a big one"],
)
def test_a_number_is_stored_as_arithmetic_expects_it(value: int, impossible: bool) -> None:
    if isinstance(value, Big):
        value.fits_a_word = abs(value) < 2**63
    if impossible:
        with pytest.raises(Unhygienic, match="stored as no natural number"):
            examine(number(value))
    else:
        examine(number(value))


@pytest.mark.parametrize(
    "term",
    [
        node(1, name("free"), flags=FREE_BIT),
        node(2, name("meta")),
        node(BVAR, Big(2**80), loose=1),
        node(PROJECTION, name("S"), -1, sort()),
        node(CONST, name("f"), Object(1, (Object(5, (name("m"),), bytes(8)), 0), b"")),
    ],
    ids=["a free variable", "a meta variable", "a variable out of reach", "a field below zero", "a level to be found"],
)
def test_what_no_finished_term_has_is_found(term: Term) -> None:
    with pytest.raises(Unhygienic):
        examine(term)


async def test_everything_that_lean_compiles_is_hygienic(builder: Builder, project: Callable[..., object]) -> None:
    source = HEADER + (
        "inductive Tree (α : Type u) where\n  | leaf\n  | node (l : Tree α) (a : α) (r : Tree α)\n"
        "  deriving Repr, DecidableEq\n\n"
        "def Tree.size {α : Type u} : Tree α → Nat\n  | leaf => 0\n  | node l _ r => l.size + r.size + 1\n\n"
        "structure Pair (α β : Type) where\n  a : α\n  b : β := by exact default\n\n"
        "theorem big : 2 ^ 70 = 1180591620717411303424 := by decide\n\n"
        'def text := let s := "a"; s ++ s\n'
    )
    build = await builder.build(project({"Hygienic": source}))  # type: ignore[arg-type]
    module = read_module(build.modules["Hygienic"].parts)
    hygiene = Hygiene()
    for each in module.constants.values():
        hygiene.examine(each)
    assert len(module.constants) > 40
