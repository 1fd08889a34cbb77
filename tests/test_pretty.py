"""Any term at all in notation: on one line, in reasonable time, and such that Lean's precedences give it back."""

import re
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prover.lean.expr import BVAR, LAMBDA, LET, MDATA, PI, PROJECTION, SORT, Expr
from prover.lean.name import Name
from prover.lean.notation import LEAD, MAX, NOT, NOTATIONS, Slot
from prover.lean.pretty import pretty
from tests.test_expr import const, expr, literal, name
from tests.test_notation import A, B, exists, infix, lists, written
from tests.test_show import NAT, apply


def test_a_term_that_is_endless_in_print_is_cut() -> None:
    term = NAT
    for _ in range(200):
        term = infix("HAdd.hAdd", term, term)
    assert written(term, 100) == written(term, 200)[:100] + " …"


AROUND: dict[str, Callable[[Expr], Expr]] = {
    "¬": lambda term: apply(const("Not"), term),
    "∃": exists,
    "::": lambda term: lists(B, end=term),
    "autoParam": lambda term: apply(const("autoParam"), term, B),
    "∀": lambda term: expr(PI, name("x"), NAT, term, binder=1),
    "fun": lambda term: expr(LAMBDA, name("x"), NAT, term),
}


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
def test_depth_is_no_trouble(around: Callable[[Expr], Expr]) -> None:
    term = A
    for _ in range(5000):
        term = around(term)
    assert len(written(term, 100)) <= 102


NAMES = st.sampled_from([*NOTATIONS, *map(Name.parse, ("Exists", "Subtype", "dite", "OfNat.ofNat", "autoParam", "f"))])
VARIABLES = st.sampled_from([(), ("x",), ("_",), ("x", "_@", "A", "_hyg", 1), ("f",), ("some",), (3,)])


def _grown(terms: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    binder = st.integers(0, 3)
    return st.one_of(
        st.builds(apply, st.one_of(terms, st.builds(lambda name: const(*name), NAMES)), terms, terms),
        st.builds(lambda name, some: apply(const(*name), *some), NAMES, st.lists(terms, max_size=9)),
        st.builds(
            lambda tag, variable, type_, body, kind: expr(tag, name(*variable), type_, body, binder=kind),
            st.sampled_from([LAMBDA, PI]),
            VARIABLES,
            terms,
            terms,
            binder,
        ),
        st.builds(lambda v, t, x, b: expr(LET, name(*v), t, x, b), VARIABLES, terms, terms, terms),
        st.builds(lambda inner: expr(MDATA, 0, inner), terms),
        st.builds(lambda inner, field: expr(PROJECTION, name("S"), field, inner), terms, st.integers(0, 3)),
    )


LEAVES = st.one_of(
    st.builds(lambda name: const(*name), NAMES),
    st.builds(lambda index: expr(BVAR, index), st.integers(0, 3)),
    st.builds(literal, st.one_of(st.integers(0, 9), st.just("a b"))),
    st.just(expr(SORT, 0)),
)
ANY = st.recursive(LEAVES, _grown, max_leaves=25)


@given(ANY, st.integers(1, 200))
def test_any_term_at_all_is_written_on_one_line_with_brackets_in_pairs(term: Expr, limit: int) -> None:
    text = written(term, 100_000)
    assert "\n" not in text
    for opening, closing in ("()", "[]", "{}", "⦃⦄"):
        assert text.count(opening) == text.count(closing)
    assert len(written(term, limit)) <= limit + 2


# Read back by Lean's rules, what is written is the term that it was.

SYMBOLS = {"=": "Eq", "↔": "Iff", "∧": "And", "∨": "Or", "+": "HAdd.hAdd", "^": "HPow.hPow", "::": "List.cons"}
STRENGTH = {
    symbol: (notation.binds, *(piece.binds for piece in notation.pieces if isinstance(piece, Slot)))
    for symbol, notation in ((symbol, NOTATIONS[Name.parse(constant)]) for symbol, constant in SYMBOLS.items())
} | {"→": (25, 26, 25)}
OPEN = {"∃ _ : Nat, ": LEAD, "fun _ => ": MAX, "¬": MAX}
TOKENS = re.compile("|".join(map(re.escape, (*OPEN, *STRENGTH, "(", ")", "a"))))
Tree: TypeAlias = "str | tuple[Any, ...]"


def read(tokens: list[str], least: int = 0) -> Tree:
    """What stands before the first token that binds less strongly (Pratt, Top down operator precedence, 1973)."""
    level, left = leading(tokens)
    while tokens[0] not in (")", ""):
        if tokens[0] in STRENGTH:
            own, first, second = STRENGTH[tokens[0]]
            if own < least or level < first:
                break
            level, left = own, (tokens.pop(0), left, read(tokens, second))
        elif least <= LEAD <= level:
            level, left = LEAD, ("apply", left, read(tokens, MAX))
        else:
            break
    return left


def leading(tokens: list[str]) -> tuple[int, Tree]:
    token = tokens.pop(0)
    if token == "(":
        inner = read(tokens)
        assert tokens.pop(0) == ")"
        return MAX, inner
    if token in OPEN:
        return OPEN[token], (token, read(tokens, NOT if token == "¬" else 0))
    assert token == "a"
    return MAX, token


def built(tree: Tree) -> Expr:
    match tree:
        case ("apply", function, argument):
            return apply(built(function), built(argument))
        case ("¬", claim):
            return apply(const("Not"), built(claim))
        case ("→", left, right):
            return expr(PI, name("h"), built(left), built(right))
        case ("∃ _ : Nat, ", body):
            return exists(built(body), "_")
        case ("fun _ => ", body):
            return expr(LAMBDA, name("_"), NAT, built(body))
        case (symbol, left, right):
            return infix(SYMBOLS[symbol], built(left), built(right))
    return A


TREES: st.SearchStrategy[Tree] = st.recursive(
    st.just("a"),
    lambda trees: st.one_of(
        st.tuples(st.sampled_from([*STRENGTH]), trees, trees),
        st.tuples(st.just("apply"), trees.filter(lambda function: function[0] in ("a", "apply", "fun _ => ")), trees),
        st.tuples(st.sampled_from([*OPEN]), trees),
    ),
    max_leaves=12,
)


@given(TREES)
def test_by_the_precedences_of_lean_it_is_read_as_what_it_is(tree: Tree) -> None:
    text = pretty(built(tree), lambda _: "0" * 20, 100_000)
    one_by_one = re.sub("fun (_ )+=>", lambda found: "fun _ => " * found[0].count("_"), text).replace("=>  ", "=> ")
    assert read([*TOKENS.findall(one_by_one), ""]) == tree
