"""Compiled terms in print: nothing is hidden, nothing can pass for something else, and nothing is too large."""

from pathlib import Path

import pytest

from prover.lean.build import Builder
from prover.lean.declarations import declared
from prover.lean.expr import APP, BVAR, LAMBDA, LET, MDATA, PI, PROJECTION, SORT
from prover.lean.name import Name
from prover.lean.olean import Object
from prover.lean.show import compiled, show
from tests.conftest import HEADER
from tests.test_expr import const, expr, level, literal, name

NAT = const("Nat")
ZERO = expr(BVAR, 0)


def apply(*terms: Object) -> Object:
    head, *arguments = terms
    for argument in arguments:
        head = expr(APP, head, argument)
    return head


def numeral(shown: int, meant: int) -> Object:
    instance = apply(const("instOfNatNat"), literal(meant))
    return apply(const("OfNat", "ofNat"), NAT, literal(shown), instance)


TERMS = {
    "f x (g x)": apply(const("f"), const("x"), apply(const("g"), const("x"))),
    "Nat → Nat": expr(PI, name("n"), NAT, NAT),
    "(Nat → Nat) → Nat": expr(PI, name("f"), expr(PI, name("n"), NAT, NAT), NAT),
    "∀ (n : Nat), P n": expr(PI, name("n"), NAT, apply(const("P"), ZERO)),
    "∀ {n : Nat}, P n": expr(PI, name("n"), NAT, apply(const("P"), ZERO), binder=1),
    "∀ [n : Nat], Nat": expr(PI, name("n"), NAT, NAT, binder=3),
    "fun (n : Nat) => n": expr(LAMBDA, name("n"), NAT, ZERO),
    "fun (n✝ : Nat) => n✝": expr(LAMBDA, name("n", "_@", "A", "_hyg", 7), NAT, ZERO),
    "let n : Nat := x; n": expr(LET, name("n"), NAT, const("x"), ZERO),
    "(p x).1": expr(PROJECTION, name("Prod"), 1, apply(const("p"), const("x"))),
    '"a \\"b\\""': literal('a "b"'),
    "«a.b».c": const("a.b", "c"),
    "Prop": expr(SORT, 0),
    "Type": expr(SORT, level(1, 0)),
    "(Sort (max (u) (v+1)))": expr(SORT, level(2, level(4, name("u")), level(1, level(4, name("v"))))),
    "x": expr(MDATA, 0, const("x")),
    "5": numeral(5, 5),
}


@pytest.mark.parametrize(("text", "term"), TERMS.items(), ids=TERMS)
def test_a_term_is_printed_in_full(text: str, term: Object) -> None:
    assert show(term) == text


def test_a_numeral_with_another_meaning_is_printed_with_its_instance() -> None:
    assert show(numeral(5, 6)) == "OfNat.ofNat Nat 5 (instOfNatNat 6)"


def test_a_variable_is_never_called_like_a_constant_or_another_variable() -> None:
    term = expr(LAMBDA, name("Nat"), NAT, expr(LAMBDA, name("Nat"), NAT, apply(const("f"), ZERO, expr(BVAR, 1))))
    assert show(term) == "fun (Nat' : Nat) => fun (Nat'' : Nat) => f Nat'' Nat'"


def test_a_term_that_is_endless_in_print_is_cut() -> None:
    term = NAT
    for _ in range(200):
        term = expr(APP, term, term)
    assert show(term, limit=100) == show(term, limit=200)[:100] + " …"


def test_a_number_with_very_many_digits_is_cut() -> None:
    assert show(literal(16**5000), limit=12) == "0x1000000000 …"


SOURCE = """
/-- Whatever is asked of it. -/
local instance (priority := high) all : LT Nat := ⟨fun _ _ => True⟩

structure Box where
  size : Nat

def Wide (b : Box) : Prop := b.size = 5

theorem disguised (n : Nat) : n < 7 := trivial

theorem plain (b : Box) (h : Wide b) : b.size ≠ 0 := by
  intro zero
  unfold Wide at h
  exact absurd (zero.symm.trans h) (by decide)
"""


async def test_a_statement_that_reads_like_another_is_printed_as_it_is(builder: Builder, tmp_path: Path) -> None:
    (tmp_path / "lean-toolchain").write_text("lemmaworks/embedded:4.28.0-pre\n")
    (tmp_path / "A.lean").write_text(HEADER + SOURCE)
    environment = (await builder.build(tmp_path)).environment
    printed = {text: compiled(environment, found) for text, found in declared(environment).items()}
    assert printed["disguised"] == ": ∀ (n : Nat), LT.lt Nat all n 7"
    assert printed["plain"] == ": ∀ (b : Box), Wide b → Ne Nat (Box.size b) 0"
    assert printed["Wide"] == ": Box → Prop := fun (b : Box) => Eq Nat (Box.size b) 5"
    assert printed["Box"] == ": Type | Box.mk : Nat → Box"
    assert set(printed) == {str(Name.parse(text)) for text in ("Box", "Wide", "all", "disguised", "plain")}
