"""Names and expressions: what cannot be confused is not confused, and what means the same has the same digest."""

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from prover.errors import OleanError
from prover.lean.expr import (
    APP,
    BVAR,
    CONST,
    FVAR,
    LAMBDA,
    LITERAL,
    MDATA,
    MVAR,
    PI,
    PROJECTION,
    SORT,
    Digests,
    constants_in,
)
from prover.lean.name import Name, read_name
from prover.lean.olean import Object, Value

DATA = bytes(8)


def name(*parts: str | int) -> Value:
    value: Value = 0
    for part in parts:
        value = Object(1 if isinstance(part, str) else 2, (value, part), DATA)
    return value


def expr(tag: int, *fields: Value, binder: int = 0) -> Object:
    return Object(tag, fields, DATA + bytes([binder]))


def const(*parts: str | int, levels: Value = 0) -> Object:
    return expr(CONST, name(*parts), levels)


def literal(value: Value) -> Object:
    return expr(LITERAL, Object(0 if isinstance(value, int) else 1, (value,), b""))


def level(tag: int, *fields: Value) -> Value:
    return Object(tag, fields, DATA)


def digest(root: Object) -> bytes:
    return Digests().expr(root)


components = st.text(min_size=1).filter(lambda part: "»" not in part) | st.integers(0, 99)


@given(st.lists(components, min_size=1))
def test_a_printed_name_is_read_back(parts: list[str | int]) -> None:
    assert Name.parse(str(Name(parts))) == Name(parts) == read_name(name(*parts))


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("Nat", "add_comm'"), "Nat.add_comm'"),
        (("a.b", "c"), "«a.b».c"),
        (("foo", 1), "foo.1"),
        (("foo", "1"), "foo.«1»"),
        (("λ", "α₁", "𝔸!"), "«λ».α₁.𝔸!"),
        ((), "[anonymous]"),
    ],
)
def test_names_are_printed_as_lean_prints_them(parts: tuple[str | int, ...], text: str) -> None:
    assert str(Name(parts)) == text


@pytest.mark.parametrize("text", ["", ".", "a.", ".a", "a..b", "«a", "«»"])
def test_what_lean_never_prints_is_no_name(text: str) -> None:
    with pytest.raises(ValueError, match="is not a Lean name"):
        Name.parse(text)


def test_private_names_are_shown_as_their_module_writes_them() -> None:
    assert Name(("_private", "Some", "Module", 0, "A", "foo")).user == Name(("A", "foo"))
    assert Name(("A", "foo")).user == Name(("A", "foo"))


@pytest.mark.parametrize(
    "value", [1, "a", (), Object(1, (0,), DATA), Object(1, (0, 1), DATA), Object(3, (0, "a"), DATA)]
)
def test_what_is_no_name_is_refused(value: Value) -> None:
    with pytest.raises(OleanError):
        read_name(value)


def test_an_endless_name_is_refused() -> None:
    with pytest.raises(OleanError):
        read_name(name(*["a"] * 10_000))


parts: st.SearchStrategy[str | int] = st.sampled_from(["a", "b", "a.b", 1, "1"])
leaves = st.one_of(
    st.integers(0, 5).map(lambda index: expr(BVAR, index)),
    st.lists(parts, min_size=1, max_size=3).map(lambda several: const(*several)),
    st.one_of(st.integers(0, 2**70), st.text(st.characters(exclude_categories=["Cs"]))).map(literal),
    st.sampled_from([0, level(1, 0), level(4, name("u"))]).map(lambda u: expr(SORT, u)),
)
exprs = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda f, a: expr(APP, f, a), inner, inner),
        st.builds(
            lambda tag, t, b, info: expr(tag, name("x"), t, b, binder=info),
            st.sampled_from([LAMBDA, PI]),
            inner,
            inner,
            st.integers(0, 3),
        ),
        st.builds(lambda i, s: expr(PROJECTION, name("S"), i, s), st.integers(0, 3), inner),
    ),
)


def rebuilt(root: Object, change: Callable[[Object], Object]) -> Object:
    """The same tree without any sharing, each node changed."""
    fields = tuple(
        rebuilt(field, change)
        if isinstance(field, Object) and root.tag in (APP, LAMBDA, PI, PROJECTION) and n
        else field
        for n, field in enumerate(root.fields, start=root.tag == APP)
    )
    return change(Object(root.tag, fields, root.scalars))


@given(exprs)
def test_sharing_binder_names_and_metadata_do_not_count(root: Object) -> None:
    def renamed(node: Object) -> Object:
        fields = (name("y"), *node.fields[1:]) if node.tag in (LAMBDA, PI) else node.fields
        return expr(MDATA, 0, Object(node.tag, fields, node.scalars))

    assert digest(rebuilt(root, lambda node: node)) == digest(root) == digest(rebuilt(root, renamed))


@given(exprs, exprs)
def test_different_terms_have_different_digests(left: Object, right: Object) -> None:
    assume(as_text(left) != as_text(right))
    assert digest(left) != digest(right)


def as_text(value: Value) -> str:
    """A tree written out, for comparison."""
    return f"{value.tag}{value.scalars!r}{[*map(as_text, value.fields)]}" if isinstance(value, Object) else repr(value)


X = const("x")
U, V = level(4, name("u")), level(4, name("v"))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (const("a", "b"), const("a.b")),
        (const("a", 1), const("a", "1")),
        (const("a", levels=Object(1, (U, 0), b"")), const("a", levels=Object(1, (V, 0), b""))),
        (const("a", levels=Object(1, (U, 0), b"")), const("a")),
        (expr(SORT, level(2, U, V)), expr(SORT, level(3, U, V))),
        (expr(SORT, 0), expr(SORT, level(1, 0))),
        (literal(1), literal("1")),
        (literal(2**64), literal(2**64 + 1)),
        (expr(PI, 0, X, X), expr(LAMBDA, 0, X, X)),
        (expr(PI, 0, X, X), expr(PI, 0, X, X, binder=1)),
        (expr(PROJECTION, name("S"), 0, X), expr(PROJECTION, name("T"), 0, X)),
        (expr(PROJECTION, name("S"), 0, X), expr(PROJECTION, name("S"), 1, X)),
        (expr(APP, expr(APP, X, X), X), expr(APP, X, expr(APP, X, X))),
    ],
)
def test_what_matters_to_the_kernel_changes_the_digest(left: Object, right: Object) -> None:
    assert digest(left) != digest(right)


def test_the_place_of_a_sorry_does_not_count() -> None:
    def hole(place: str, type_: Object = X) -> Object:
        return expr(APP, expr(APP, expr(APP, const("sorryAx"), type_), const("Bool", "false")), literal(place))

    assert digest(hole("line 1")) == digest(hole("line 2"))
    assert digest(hole("line 1")) != digest(hole("line 1", const("y")))


def test_the_structure_of_a_projection_is_mentioned() -> None:
    assert constants_in(expr(PROJECTION, name("S"), 0, expr(APP, X, const("y", 1)))) == {
        Name(("S",)),
        Name(("x",)),
        Name(("y", 1)),
    }


@pytest.mark.parametrize(
    "root",
    [
        expr(FVAR, name("x")),
        expr(MVAR, name("x")),
        expr(APP, X),
        expr(APP, X, 5),
        expr(APP, X, "x"),
        expr(12, X, X),
        Object(LAMBDA, (0, X, X), DATA),
        expr(BVAR, "0"),
        expr(SORT, X),
        expr(SORT, level(5, name("m"))),
        expr(LITERAL, 3),
        expr(LITERAL, Object(1, (3,), b"")),
        expr(CONST, 7, 0),
        expr(CONST, name("x"), 7),
    ],
)
def test_malformed_terms_and_free_variables_are_refused(root: Object) -> None:
    with pytest.raises(OleanError):
        digest(root)
