"""Declarations of a project that the real Lean compiled: which there are, who uses whom, holes, axioms and locks."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest

from prover.errors import ProjectError, SlotError
from prover.lean.build import Build, Builder
from prover.lean.declarations import declarations, declared
from prover.lean.environment import Environment
from prover.lean.module import read_module
from prover.lean.name import Name
from prover.lean.source import find_slot
from prover.model import Declaration, Kind
from tests.conftest import HEADER

BASE = """
namespace A

/-- twice -/
@[simp]
def twice (n : Nat) : Nat := go n
where
  go (k : Nat) : Nat := k + n

structure Pair where
  left : Nat
  right : Nat := sorry
deriving DecidableEq, Repr

structure Triple extends Pair where
  third : Nat

inductive Tree where
  | leaf
  | node (l r : Tree)

instance : Add Pair where
  add p q := ⟨p.left + q.left, p.right⟩

mutual
def even : Nat → Bool
  | 0 => true
  | n + 1 => odd n
def odd : Nat → Bool
  | 0 => false
  | n + 1 => even n
end

def halves (n : Nat) : Nat := if h : n = 0 then 0 else halves (n / 2)
termination_by n
decreasing_by sorry

opaque secret : Nat := 5
axiom wish : twice 1 = 2

end A
"""

TOP = """
public import A

open A

theorem closed (a b : Nat) (h : a < b) : a + 1 ≤ b ∧ b ≥ a := by constructor <;> omega

set_option maxRecDepth 1000 in
@[grind =] theorem opened (p : Pair) : p.left = p.left := by
  sorry

private theorem hidden : twice 2 = 4 := by decide

theorem resting : twice 2 = 4 := hidden
theorem restingOnHalves : halves 0 = 0 := by rw [halves]; simp
theorem restingOnDefault : ({ left := 1 } : Pair).left = 1 := rfl
theorem wishful : twice 1 = 2 ∧ True := ⟨wish, trivial⟩
theorem classical : ∃ n : Nat, n = (Classical.choice ⟨0⟩ : Nat) ∧ (True = True) := ⟨_, rfl, propext Iff.rfl⟩
theorem even_succ (n : Nat) : even (n + 1) = odd n := by rw [even]
theorem locally : 1 = 1 := by
  let rec aux : 2 = 2 := rfl
  exact rfl
def numberOf𝔸 : Nat := 𝔸 where 𝔸 := 1
instance : Inhabited Tree := ⟨.leaf⟩
def «a. b» : Fin 3 := 2
notation "₂" x => twice x
theorem usesName : «a. b» = 2 := rfl
"""

Compile = Callable[[Mapping[str, str]], Awaitable[Build]]


@pytest.fixture
def compiled(builder: Builder, project: Callable[[Mapping[str, str]], Path]) -> Compile:
    """Compiles a project of these modules."""

    async def compile_(modules: Mapping[str, str]) -> Build:
        return await builder.build(project(modules))

    return compile_


def environment(build: Build) -> Environment:
    return Environment({name: read_module(module.parts) for name, module in build.modules.items()})


@pytest.fixture
async def example(compiled: Compile) -> Build:
    return await compiled(
        {"A": BASE, "Top": "module\n" + TOP.replace("\nopen A", "\n@[expose] public section\nopen A")}
    )


@pytest.fixture
def found(example: Build) -> dict[str, Declaration]:
    return declarations(environment(example))


def test_declarations_are_what_a_reader_of_the_source_counts(found: dict[str, Declaration]) -> None:
    in_base = ["twice", "Pair", "Triple", "Tree", "instAddPair", "even", "odd", "halves", "secret", "wish"]
    assert [name for name, d in found.items() if d.module == "A"] == [f"A.{name}" for name in in_base]
    assert [name for name, d in found.items() if d.module == "Top"] == [
        *("closed", "opened", "hidden", "resting", "restingOnHalves", "restingOnDefault", "wishful", "classical"),
        *("even_succ", "locally", "numberOf𝔸", "instInhabitedTree_top", "«a. b»", "usesName"),
    ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("A.twice", Kind.DEFINITION),
        ("A.Pair", Kind.INDUCTIVE),
        ("A.secret", Kind.OPAQUE),
        ("A.wish", Kind.AXIOM),
        ("hidden", Kind.THEOREM),
        ("A.instAddPair", Kind.DEFINITION),
    ],
)
def test_kinds_are_lean_s_own(found: dict[str, Declaration], name: str, kind: Kind) -> None:
    assert found[name].kind is kind


@pytest.mark.parametrize(
    ("name", "statement", "proof"),
    [
        ("closed", set(), set()),
        ("A.Triple", {"A.Pair"}, set()),
        ("A.instAddPair", {"A.Pair"}, {"A.Pair"}),
        ("opened", {"A.Pair"}, {"A.Pair"}),
        ("resting", {"A.twice"}, {"hidden"}),
        ("wishful", {"A.twice"}, {"A.twice", "A.wish"}),
        ("instInhabitedTree_top", {"A.Tree"}, {"A.Tree"}),
        ("usesName", {"«a. b»"}, {"«a. b»"}),
    ],
)
def test_uses_are_those_of_statement_and_proof(
    found: dict[str, Declaration], name: str, statement: set[str], proof: set[str]
) -> None:
    assert found[name].statement_uses == statement
    assert found[name].proof_uses == proof


def test_what_lean_generates_is_looked_through(found: dict[str, Declaration]) -> None:
    assert "A.halves" in found["restingOnHalves"].proof_uses
    assert "A.even" in found["even_succ"].proof_uses
    assert found["A.even"].proof_uses == found["A.odd"].proof_uses == set()


def test_only_their_owners_have_holes(found: dict[str, Declaration]) -> None:
    # The default value of a field, and the proof that a recursion ends, belong to what they were written in.
    assert {name for name, d in found.items() if d.hole} == {
        *("A.Pair", "A.Triple", "A.halves", "opened", "restingOnDefault")
    }


def test_every_body_is_found_where_the_module_says(example: Build, found: dict[str, Declaration]) -> None:
    without = []
    for name, declaration in found.items():
        text = example.modules[declaration.module].source.text
        try:
            slot = find_slot(text, declaration.position, name, declaration.end)
        except SlotError:
            without.append(name)
        else:
            assert slot.body == find_slot(text, declaration.position, name).body
    assert without == ["A.Pair", "A.Triple", "A.Tree", "A.wish"]


def test_axioms_are_transitive_and_a_project_s_own_are_apart(example: Build) -> None:
    env = environment(example)
    own = declared(env)

    def axioms(name: str) -> tuple[set[str], set[str]]:
        library, project = env.axioms(own[name])
        return set(map(str, library)), set(map(str, project))

    assert axioms("hidden") == axioms("resting") == (set(), set())
    assert axioms("restingOnHalves")[0] >= {"sorryAx"}
    assert axioms("wishful") == (set(), {"A.wish"})
    assert axioms("classical") == ({"propext", "Classical.choice"}, set())
    with pytest.raises(ProjectError, match="the project has no Nowhere"):
        env.axioms(Name.parse("Nowhere"))


BEFORE = """
def f (n : Nat) : Nat := n + 1
def g (n : Nat) : Nat := n + 1
theorem proved : f 1 = 2 := sorry
theorem bound : 3 < 5 := sorry
def five : Fin 5 := ⟨3, by omega⟩
theorem about_five : five = five := rfl
def hole : Nat := sorry
theorem about_hole : hole = hole := rfl
theorem renamed (a : Nat) : a = a := rfl
theorem restated : f 2 = 3 := sorry
theorem undermined : g 1 = 2 := by decide
theorem implicit (n : Nat) : n = n := rfl
theorem generic (α : Type u) (a : α) : a = a := rfl
theorem supposing (h : f 1 = 2) : True := trivial
"""
AFTER = """
theorem extra : 3 < 5 := by omega
def f (n : Nat) : Nat := n + 1
def g (n : Nat) : Nat := 1 + n
theorem proved : f 1 = 2 := by
  have h := extra
  unfold f
  omega
theorem bound : 3 < 5 := by omega
def five : Fin 5 := ⟨3, by omega⟩
theorem about_five : five = five := rfl
def hole : Nat := sorry
theorem about_hole : hole = hole := rfl
theorem renamed (b : Nat) : b = b := rfl
theorem restated : f 1 = 2 := sorry
theorem undermined : g 1 = 2 := by decide
theorem implicit {n : Nat} : n = n := rfl
theorem generic (α : Type) (a : α) : a = a := rfl
theorem supposing (h : f 1 = 2) : True := trivial
"""


async def test_a_lock_holds_the_statement_and_all_that_it_reaches_but_no_proof(
    compiled: Compile, tmp_path: Path, builder: Builder
) -> None:
    before = declarations(environment(await compiled({"M": BEFORE})))
    (tmp_path / "project" / "M.lean").write_text(HEADER + AFTER)
    after = declarations(environment(await builder.build(tmp_path / "project")))
    changed = {name for name in before if before[name].statement != after[name].statement}
    assert changed == {"g", "restated", "undermined", "implicit", "generic"}


async def test_two_private_declarations_of_one_name_are_told_apart(compiled: Compile) -> None:
    private = "private theorem same : 1 = 1 := rfl\n"
    found = declarations(environment(await compiled({"M": private, "N": private + "theorem other : 1 = 1 := same"})))
    assert list(found) == ["_private.M.0.same", "_private.N.0.same", "other"]
    assert found["other"].proof_uses == {"_private.N.0.same"}


async def test_the_same_name_in_two_modules_is_an_error_that_names_both(compiled: Compile) -> None:
    build = await compiled({"M": "theorem same : 1 = 1 := rfl", "N": "theorem same : 1 = 1 := rfl"})
    with pytest.raises(ProjectError, match="same is declared in M and in N"):
        declarations(environment(build))
