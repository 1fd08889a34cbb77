"""Types as a Lean user writes them: as Lean prints its library's own, and with all the brackets that they need."""

from functools import cache

import pytest

from prover.lean.expr import BVAR, LAMBDA, LET, MDATA, PI, PROJECTION, SORT, Expr
from prover.lean.module import Constant, read_module
from prover.lean.name import Name
from prover.lean.notation import NOTATIONS
from prover.lean.pretty import pretty
from prover.lean.shapes import binders
from prover.lean.toolchain import Toolchain
from tests.test_expr import const, expr, level, literal, name
from tests.test_show import NAT, ZERO, apply, numeral

MODULES = ("Prelude", "Core", "SimpLemmas", "PropLemmas", "Ext", "Data/Prod", "Data/Nat/Basic", "Data/Nat/Dvd")
LISTS = ("Data/List/Basic", "Data/Option/Instances", "GetElem", "ByCases")
# As `#check` of Lean 4.28 prints them, but for `∀` of types that are no propositions, and instances without names.
STATEMENTS = {
    "Nat.dvd_mul_left_of_dvd": "∀ {a b : Nat}, a ∣ b → ∀ (c : Nat), a ∣ c * b",
    "Nat.add_comm": "∀ (n m : Nat), n + m = m + n",
    "Nat.lt_irrefl": "∀ (n : Nat), ¬n < n",
    "Nat.le_antisymm": "∀ {n m : Nat}, n ≤ m → m ≤ n → n = m",
    "Nat.pos_of_ne_zero": "∀ {n : Nat}, n ≠ 0 → 0 < n",
    "Nat.pow_succ": "∀ (n m : Nat), n ^ m.succ = n ^ m * n",
    "Nat.le.dest": "∀ {n m : Nat}, n ≤ m → ∃ k, n + k = m",
    "Nat.sub_add_cancel": "∀ {n m : Nat}, m ≤ n → n - m + m = n",
    "List.append_assoc": "∀ {α : Type u} (as bs cs : List α), as ++ bs ++ cs = as ++ (bs ++ cs)",
    "List.append_nil": "∀ {α : Type u} (as : List α), as ++ [] = as",
    "List.length_append": "∀ {α : Type u} {as bs : List α}, (as ++ bs).length = as.length + bs.length",
    "Option.some_inj": "∀ {α : Type u_1} {a b : α}, some a = some b ↔ a = b",
    "Prod.ext": "∀ {α : Type u} {β : Type v} {x y : α × β}, x.fst = y.fst → x.snd = y.snd → x = y",
    "Prod.exists": "∀ {α : Type u_1} {β : Type u_2} {p : α × β → Prop}, (∃ x, p x) ↔ ∃ a b, p (a, b)",
    "Subtype.ext": "∀ {α : Sort u} {p : α → Prop} {a1 a2 : { x // p x }}, a1.val = a2.val → a1 = a2",
    "and_assoc": "∀ {a b c : Prop}, (a ∧ b) ∧ c ↔ a ∧ b ∧ c",
    "not_exists": "∀ {α : Sort u_1} {p : α → Prop}, ¬(∃ x, p x) ↔ ∀ (x : α), ¬p x",
    "exists_prop": "∀ {b a : Prop}, (∃ _h : a, b) ↔ a ∧ b",
    "if_pos": "∀ {c : Prop} {h : Decidable c}, c → ∀ {α : Sort u} {t e : α}, (if c then t else e) = t",
    "dite_eq_ite": (
        "∀ {P : Prop} {α : Sort u_1} {a b : α} [Decidable P], (if x : P then a else b) = if P then a else b"
    ),
    "eq_of_heq": "∀ {α : Sort u} {a a' : α}, a ≍ a' → a = a'",
    "Function.comp_def": (
        "∀ {α : Sort u_1} {β : Sort u_2} {δ : Sort u_3} (f : β → δ) (g : α → β), f ∘ g = fun x => f (g x)"
    ),
    "Function.comp_apply": (
        "∀ {β : Sort u_1} {δ : Sort u_2} {α : Sort u_3} {f : β → δ} {g : α → β} {x : α}, (f ∘ g) x = f (g x)"
    ),
    "List.Mem.head": "∀ {α : Type u} {a : α} (as : List α), List.Mem a (a :: as)",
}


@pytest.fixture(scope="module")
def library(toolchain: Toolchain) -> dict[Name, Constant]:
    paths = [toolchain.library / "Init" / f"{module}.olean" for module in (*MODULES, *LISTS)]
    return {name: constant for path in paths for name, constant in read_module([path]).constants.items()}


@pytest.mark.parametrize(("theorem", "printed"), STATEMENTS.items(), ids=STATEMENTS)
def test_a_statement_of_the_library_reads_as_it_was_written(
    library: dict[Name, Constant], theorem: str, printed: str
) -> None:
    @cache
    def known(name: Name) -> str | None:
        return binders(name, library[name].type) if name in library else None

    assert pretty(library[Name.parse(theorem)].type, known) == printed


# Terms made by hand; of `f`, `g` and `p` all arguments are explicit, of `hidden` the first is not.

KNOWN = {("f",): "000", ("g",): "0", ("p",): "0", ("hidden",): "10", ("strict",): "20", ("T", "size"): ".0"}
A, B, C = const("a"), const("b"), const("c")
INSTANCE = ("inst", "_@", "A", "_hyg", 7)


def written(term: Expr, limit: int = 10_000) -> str:
    return pretty(term, KNOWN.get, limit)  # type: ignore[arg-type]  # a name is a tuple


def infix(constant: str, left: Expr, right: Expr) -> Expr:
    """A binary notation; what is implicit is left out of what is printed, so that it may be anything."""
    count = NOTATIONS[Name.parse(constant)].arguments - 2
    return apply(const(*constant.split(".")), *[NAT] * count, left, right)


def exists(body: Expr, variable: str = "x") -> Expr:
    return apply(const("Exists"), NAT, expr(LAMBDA, name(variable), NAT, body))


def lists(*elements: Expr, end: Expr) -> Expr:
    for element in reversed(elements):
        end = apply(const("List", "cons"), NAT, element, end)
    return end


P = apply(const("p"), ZERO)
TERMS = {
    "f a (g b)": apply(const("f"), A, apply(const("g"), B)),
    "hidden a": apply(const("hidden"), NAT, A),
    "hidden a b": apply(const("hidden"), NAT, A, B),
    "hidden": apply(const("hidden"), NAT),
    "@hidden": const("hidden"),
    "@strict Nat": apply(const("strict"), NAT),
    "@unknown Nat a": apply(const("unknown"), NAT, A),
    "unknown": const("unknown"),
    "fun x => x.size a": expr(LAMBDA, name("x"), const("T"), apply(const("T", "size"), ZERO, A)),
    "T.size a b": apply(const("T", "size"), A, B),
    "T.size 5 b": apply(const("T", "size"), numeral(5, 5), B),
    "(g a).size b": apply(const("T", "size"), apply(const("g"), A), B),
    "a + b + c": infix("HAdd.hAdd", infix("HAdd.hAdd", A, B), C),
    "a + (b + c)": infix("HAdd.hAdd", A, infix("HAdd.hAdd", B, C)),
    "a ^ b ^ c": infix("HPow.hPow", A, infix("HPow.hPow", B, C)),
    "(a ^ b) ^ c": infix("HPow.hPow", infix("HPow.hPow", A, B), C),
    "(a = b) = c": infix("Eq", infix("Eq", A, B), C),
    "a ∧ b ∨ c": infix("Or", infix("And", A, B), C),
    "a ∧ (b ∨ c)": infix("And", A, infix("Or", B, C)),
    "g (a * b)": apply(const("g"), infix("HMul.hMul", A, B)),
    "(f ∘ g) a": apply(infix("Function.comp", const("f"), const("g")), A),
    "¬a = b": apply(const("Not"), infix("Eq", A, B)),
    "(¬a) = b": infix("Eq", apply(const("Not"), A), B),
    "a ≠ b": infix("Ne", A, B),
    "a ∈ b": apply(const("Membership", "mem"), NAT, NAT, NAT, B, A),
    "a ∉ b": apply(const("Not"), apply(const("Membership", "mem"), NAT, NAT, NAT, B, A)),
    "-(-a) - -b": infix(
        "HSub.hSub",
        apply(const("Neg", "neg"), NAT, NAT, apply(const("Neg", "neg"), NAT, NAT, A)),
        apply(const("Neg", "neg"), NAT, NAT, B),
    ),
    "(↑a).size b": apply(const("T", "size"), apply(const("Nat", "cast"), NAT, NAT, A), B),
    "g ↑a": apply(const("g"), apply(const("Nat", "cast"), NAT, NAT, A)),
    "a[b + c]": apply(const("GetElem", "getElem"), *[NAT] * 5, A, infix("HAdd.hAdd", B, C), NAT),
    "5": apply(const("OfNat", "ofNat"), const("Int"), literal(5), const("whatever")),
    "@OfNat.ofNat Int a whatever": apply(const("OfNat", "ofNat"), const("Int"), A, const("whatever")),
    "[a, b]": lists(A, B, end=apply(const("List", "nil"), NAT)),
    "#[a]": apply(const("List", "toArray"), NAT, lists(A, end=apply(const("List", "nil"), NAT))),
    "#[]": apply(const("List", "toArray"), NAT, apply(const("List", "nil"), NAT)),
    "@List.toArray Nat c": apply(const("List", "toArray"), NAT, C),
    "a :: b :: c": lists(A, B, end=C),
    "∃ x, p x": exists(P),
    "∃ x y, p y ∧ p x": exists(exists(infix("And", P, apply(const("p"), expr(BVAR, 1))), "y")),
    "∃ x : Nat, a": exists(A),
    "(∃ x, p x) ∧ ∃ x, p x": infix("And", exists(P), exists(P)),
    "@Exists Nat a": apply(const("Exists"), NAT, A),
    "g fun x => x": apply(const("g"), expr(LAMBDA, name("x"), NAT, ZERO)),
    "f (fun x => x) a": apply(const("f"), expr(LAMBDA, name("x"), NAT, ZERO), A),
    "fun x {y} => x": expr(LAMBDA, name("x"), NAT, expr(LAMBDA, name("y"), NAT, expr(BVAR, 1), binder=1)),
    "(fun x => x) a": apply(expr(LAMBDA, name("x"), NAT, ZERO), A),
    "if a then b else c": apply(const("ite"), NAT, A, NAT, B, C),
    "(if a then b else c) = c": infix("Eq", apply(const("ite"), NAT, A, NAT, B, C), C),
    "if h : a then p h else b": apply(
        const("dite"), NAT, A, NAT, expr(LAMBDA, name("h"), NAT, P), expr(LAMBDA, name("k"), NAT, B)
    ),
    "(a → b) → c": expr(PI, name("h"), expr(PI, name("h"), A, B), C),
    "a → ∃ x, p x": expr(PI, name("h"), A, exists(P)),
    "∀ {x y : Nat} (z : Nat), f x y z": expr(
        PI,
        name("x"),
        NAT,
        expr(
            PI,
            name("y"),
            NAT,
            expr(PI, name("z"), NAT, apply(const("f"), expr(BVAR, 2), expr(BVAR, 1), ZERO)),
            binder=1,
        ),
        binder=1,
    ),
    "∀ (α : Type) (x y : α), f α x y": expr(
        PI,
        name("α"),
        expr(SORT, level(1, 0)),
        expr(
            PI,
            name("x"),
            ZERO,
            expr(PI, name("y"), expr(BVAR, 1), apply(const("f"), expr(BVAR, 2), expr(BVAR, 1), ZERO)),
        ),
    ),
    "∀ (x : Nat) (y : g x), f x y": expr(
        PI,
        name("x"),
        NAT,
        expr(PI, name("y"), apply(const("g"), ZERO), apply(const("f"), expr(BVAR, 1), ZERO)),
    ),
    "∀ [Nat], @unknown _": expr(PI, name(*INSTANCE), NAT, apply(const("unknown"), ZERO), binder=3),
    "fun Nat' => f Nat Nat'": expr(LAMBDA, name("Nat"), NAT, apply(const("f"), NAT, ZERO)),
    "fun x x' => f x x'": expr(
        LAMBDA, name("x"), NAT, expr(LAMBDA, name("x"), NAT, apply(const("f"), expr(BVAR, 1), ZERO))
    ),
    "let x : Nat := a; p x": expr(LET, name("x"), NAT, A, P),
    "(p a).2": expr(PROJECTION, name("Prod"), 1, apply(const("p"), A)),
    "Type u": expr(SORT, level(1, level(4, name("u")))),
    "Type (max u v)": expr(SORT, level(1, level(2, level(4, name("u")), level(4, name("v"))))),
    "Sort u": expr(SORT, level(4, name("u"))),
    "f ⋯ a": apply(const("f"), apply(const("t", "_proof_1"), B), A),
    "a = b": expr(MDATA, 0, infix("Eq", expr(MDATA, 0, A), B)),
    "p a": apply(expr(MDATA, 0, const("p")), A),
    "a → b": expr(PI, name("h"), apply(const("autoParam"), A, const("tactic")), B),
}


@pytest.mark.parametrize(("text", "term"), TERMS.items(), ids=TERMS)
def test_a_term_is_written_as_lean_writes_it(text: str, term: Expr) -> None:
    assert written(term) == text


def test_an_argument_may_stand_before_a_name_only_where_its_type_is_named_so() -> None:
    takes = expr(PI, name("x"), const("T"), expr(PI, name("y"), const("T"), NAT))
    assert binders(Name(("T", "size")), takes) == ".0"
    assert binders(Name(("U", "size")), takes) == "00"
    assert binders(Name(("T", "size")), expr(PI, name("α"), NAT, takes, binder=1)) == "1.0"
