"""When one statement says as much as another: random terms, and the cases in which it must not be believed."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prover.errors import OleanError, Unhygienic
from prover.judge.subsumption import is_false, subsumes
from prover.lean.expr import APP, BVAR, CONST, FVAR, LAMBDA, LITERAL, MDATA, PARAMETER, PI, PROJECTION, SORT
from prover.lean.olean import Object, Value

DATA = bytes(8)


def expr(tag: int, *fields: Value, binder: int = 0) -> Object:
    return Object(tag, fields, DATA + bytes([binder]))


def name(text: str) -> Object:
    return Object(1, (0, text), DATA)


def const(text: str, *levels: Value) -> Object:
    listed: Value = 0
    for level in reversed(levels):
        listed = Object(1, (level, listed), b"")
    return expr(CONST, name(text), listed)


def app(function: Object, *arguments: Object) -> Object:
    for argument in arguments:
        function = expr(APP, function, argument)
    return function


def var(index: int) -> Object:
    return expr(BVAR, index)


def forall(*parts: Object) -> Object:
    """The last part for all elements of the others."""
    *domains, stated = parts
    for domain in reversed(domains):
        stated = expr(PI, name("x"), domain, stated)
    return stated


def parameter(text: str) -> Object:
    return Object(PARAMETER, (name(text),), DATA)


NAT, TRUE, FALSE, P, Q = map(const, ("Nat", "True", "False", "P", "Q"))


@cache
def terms(variables: int) -> st.SearchStrategy[Object]:
    """Terms in which so many variables may occur."""
    leaves = st.sampled_from([NAT, P, Q, expr(SORT, 0), expr(SORT, parameter("u")), const("List", parameter("v"))])
    numbers = st.builds(lambda n: expr(LITERAL, Object(0, (n,), b"")), st.integers(0, 3))
    choices = [leaves, numbers] + ([st.builds(var, st.integers(0, variables - 1))] if variables else [])

    def grown(smaller: st.SearchStrategy[Object]) -> st.SearchStrategy[Object]:
        projected = st.builds(lambda term: expr(PROJECTION, name("Prod"), 1, term), smaller)
        return st.builds(app, smaller, smaller) | projected

    return st.recursive(st.one_of(choices), grown, max_leaves=6)


@st.composite
def statements(draw: st.DrawFn) -> Object:
    count = draw(st.integers(0, 4))
    inner = expr(draw(st.sampled_from([LAMBDA, PI])), name("y"), draw(terms(count)), draw(terms(count + 1)))
    conclusion = app(P, inner)
    return forall(*(draw(terms(place)) for place in range(count)), conclusion)


def renamed(term: Object) -> Object:
    """With other names of variables, other brackets around them, and remarks."""
    inner = (field for field in term.fields if isinstance(field, Object))
    changed = {id(field): renamed(field) for field in inner if field.tag in (APP, LAMBDA, PI) and len(field.fields) > 1}
    fields = [changed.get(id(field), field) for field in term.fields]
    if term.tag in (LAMBDA, PI):
        fields[0] = name("other")
    return expr(MDATA, 0, Object(term.tag, tuple(fields), DATA + b"\1"))


@given(statements())
def test_every_statement_says_as_much_as_itself_whatever_its_variables_are_called(stated: Object) -> None:
    assert subsumes(stated, stated)
    assert subsumes(renamed(stated), stated)
    assert subsumes(stated, renamed(stated))


@given(statements(), st.sampled_from([NAT, TRUE, expr(SORT, 0), app(const("List"), NAT)]))
def test_an_idle_variable_makes_no_difference(stated: Object, domain: Object) -> None:
    assert subsumes(forall(domain, stated), stated)
    assert subsumes(stated, forall(domain, stated))


@given(statements())
def test_a_new_hypothesis_makes_a_statement_weaker(stated: Object) -> None:
    assert subsumes(stated, forall(const("New"), stated))
    assert not subsumes(forall(const("New"), stated), stated)


@given(statements(), statements())
def test_statements_about_different_relations_are_never_taken_for_each_other(one: Object, other: Object) -> None:
    assert not subsumes(forall(NAT, app(Q, one)), forall(NAT, app(P, other)))


LEQ = const("LE")
X_LE_Y = forall(NAT, NAT, app(LEQ, var(1), var(0)))


@pytest.mark.parametrize(
    ("general", "special", "expected"),
    [
        (X_LE_Y, forall(NAT, NAT, app(LEQ, var(0), var(1))), True),  # the other way around
        (X_LE_Y, forall(NAT, app(LEQ, var(0), var(0))), True),  # one for both
        (forall(NAT, app(LEQ, var(0), var(0))), X_LE_Y, False),
        (X_LE_Y, forall(NAT, app(LEQ, var(0), P)), False),  # an instance, which is a step forward
        (X_LE_Y, forall(NAT, const("Int"), app(LEQ, var(1), var(0))), False),
        (forall(NAT, app(P, var(0)), app(Q, var(1))), forall(NAT, app(P, var(0)), app(Q, var(1))), True),
        (forall(NAT, app(P, var(0)), app(Q, var(1))), forall(NAT, NAT, app(P, var(1)), app(Q, var(1))), False),
        (forall(P, P, Q), forall(P, Q), True),  # a hypothesis twice
        (const("T", parameter("u"), parameter("v")), const("T", 0, parameter("w")), True),
        (const("T", parameter("u"), parameter("u")), const("T", 0, parameter("w")), False),
        (const("T", 0), const("T", parameter("w")), False),
        (const("T", parameter("u")), const("T"), False),
    ],
)
def test_what_follows_by_naming_variables_and_levels(general: Object, special: Object, expected: bool) -> None:
    assert subsumes(general, special) is expected


def test_shared_terms_are_compared_once() -> None:
    """As a tree each side has 2^200 nodes."""
    one, other = P, P
    for _ in range(200):
        one, other = app(one, one), app(other, other)
    assert subsumes(one, other)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (FALSE, True),
        (forall(NAT, TRUE, FALSE), True),
        (forall(P, FALSE), False),
        (forall(NAT, app(P, var(0)), FALSE), False),
        (app(P, FALSE), False),
    ],
)
def test_false_is_false_for_all_values_of_idle_variables_too(stated: Object, expected: bool) -> None:
    assert is_false(stated) is expected


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        (expr(BVAR, "x"), OleanError),
        (expr(PI, name("x"), NAT), OleanError),
        (app(P, expr(FVAR, name("x"))), Unhygienic),
    ],
)
def test_damaged_terms_are_a_typed_error(broken: Object, error: type[Exception]) -> None:
    with pytest.raises(error):
        subsumes(broken, broken)
