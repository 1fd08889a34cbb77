"""What an attempt may leave in Lean's environment beside its declarations, on the real Lean: two modules say it all."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from prover.judge.effects import Policy, effects
from prover.judge.finding import Finding
from prover.lean.build import Builder
from prover.lean.module import Module
from prover.lean.name import Name
from prover.lean.olean import Object
from prover.lean.rows import names_in
from prover.model import Reason

BEFORE = """
class Given (α : Type) where
  value : α

def given (n : Nat) : Nat := n

def other (n : Nat) : Nat := n

notation "old!" => Nat

instance : Given Bool := ⟨true⟩

theorem target : ∀ n : Nat, n + 0 = n := by
  sorry
"""
HARMLESS = (
    BEFORE.replace("sorry", "simp")
    + """
structure Box where
  val : Nat
  deriving Repr, DecidableEq

class Shape (α : Type) where
  area : α → Nat

instance : LT Box := ⟨fun a b => a.val < b.val⟩
instance : Given Box := ⟨⟨0⟩⟩
instance : Shape Nat := ⟨fun n => n⟩
instance : Coe Box Nat := ⟨Box.val⟩
instance : HMul Nat Box Box := ⟨fun _ b => b⟩
instance : Membership Nat Box := ⟨fun b n => n < b.val⟩
instance (priority := high) : Given (List Box) := ⟨[]⟩

class Ordered (α : Type) extends LT α, Inhabited α
instance : Ordered Box := { lt := fun a b => a.val < b.val, default := ⟨0⟩ }

@[simp] theorem box_eta (b : Box) : Box.mk b.val = b := rfl
@[ext] structure Point where
  x : Nat
  y : Nat
@[grind =] theorem double (b : Box) : b.val + b.val = 2 * b.val := by omega
@[reducible] def Same := Nat

macro "finish!" : tactic => `(tactic| first | omega | simp)
macro_rules | `(tactic| finish!) => `(tactic| trivial)
local notation "new!" => Nat
local macro "lt!" : term => `(3)
local instance : LT Nat := ⟨fun _ _ => True⟩
attribute [local simp] given
theorem by_tactic : 2 + 2 = 4 := by finish!

def half (n : Nat) : Nat := if n = 0 then 0 else half (n / 2)
termination_by n
"""
)
# What is added, and what is said of it.
MEDDLING = {
    "instance hijack : LT Nat := ⟨fun _ _ => True⟩": (Reason.SCOPE, "hijack"),
    "instance numeral : OfNat Nat 5 := ⟨7⟩": (Reason.SCOPE, "numeral"),
    "abbrev Less := LT Nat\n@[instance] def hidden : Less := ⟨fun _ _ => True⟩": (Reason.SCOPE, "hidden"),
    "class Bridge (α : Type) extends LE α\ninstance crossing : Bridge Nat := ⟨⟩": (Reason.SCOPE, "crossing"),
    "class Wide (α : Type)\ninstance fromWide {α : Type} [Wide α] : Mul α := ⟨fun a _ => a⟩\n"
    "instance over : Wide Nat := ⟨⟩": (Reason.SCOPE, "over"),
    "class Trap (α : Type)\ninstance sprung {α : Type} [Trap Unit] : Div α := ⟨fun a _ => a⟩": (Reason.SCOPE, "sprung"),
    "attribute [instance] givenNat": (Reason.SCOPE, "givenNat"),
    "attribute [simp] given": (Reason.SCOPE, "given"),
    "attribute [reducible] other": (Reason.SCOPE, "other"),
    'notation "fresh!" => Nat': (Reason.SCOPE, "category term"),
    'macro "command!" : command => `(#check 1)': (Reason.SCOPE, "category command"),
    "macro_rules | `(old!) => `(Int)": (Reason.SCOPE, "termOld!"),
    "macro_rules | `(tactic| trivial) => `(tactic| simp)": (Reason.SCOPE, "tacticTrivial"),
    "namespace Inner\ndef inner := 3\nend Inner\nexport Inner (inner)": (Reason.SCOPE, "`export`"),
    "@[default_instance] instance ofMine : HAdd Mine Nat Mine := ⟨fun m _ => m⟩": (Reason.SCOPE, "default_instance"),
    "unif_hint (a : Nat) where\n  |- a + 0 ≟ a": (Reason.SCOPE, "unification hint"),
    "@[implemented_by given] def slow (n : Nat) : Nat := n": (Reason.TRUST_COMPILER, "`implemented_by`"),
    '@[extern "lean_nat_sub"] def plus (a b : Nat) : Nat := a + b': (Reason.TRUST_COMPILER, "`extern`"),
    "@[csimp] theorem swapped : @given = @other := rfl": (Reason.TRUST_COMPILER, "`csimp`"),
    "@[export stolen] def exported (n : Nat) : Nat := n": (Reason.SIDE_EFFECT, "`export`"),
    "initialize marker : Nat ← pure 3": (Reason.SIDE_EFFECT, "`initialize`"),
    # Last, since from here on a sum of numbers is no number.
    "instance summed : HAdd Nat Nat Mine := ⟨fun a _ => ⟨a⟩⟩": (Reason.SCOPE, "summed"),
}
Project = Callable[[Mapping[str, str]], Path]


@pytest.fixture
async def compiled(builder: Builder, project: Project) -> Callable[[str], object]:
    root = project({"M": BEFORE})

    async def compile_(text: str) -> Module:
        header, _, _ = (root / "M.lean").read_text().partition("class Given")
        (root / "M.lean").write_text(header + text.lstrip())
        return (await builder.build(root)).modules["M"].read()

    return compile_


async def findings(compiled: Callable[..., object], text: str, free: bool = True) -> list[Finding]:
    before = await compiled(BEFORE)  # type: ignore[misc]
    after = await compiled(text)  # type: ignore[misc]
    return list(effects(before, after, Policy(frozenset([Name(("target",))]), free)))


async def test_what_is_about_the_attempts_own_is_allowed(compiled: Callable[..., object]) -> None:
    assert await findings(compiled, HARMLESS) == []


async def test_in_a_project_only_what_lean_derives_may_come_along(compiled: Callable[..., object]) -> None:
    found = await findings(compiled, HARMLESS, free=False)
    assert {finding.reason for finding in found} == {Reason.SCOPE}
    assert any("category tactic" in finding.text for finding in found)
    assert any("simpExtension" in finding.text for finding in found)


async def test_what_changes_the_meaning_of_others_is_refused_each_by_its_name(compiled: Callable[..., object]) -> None:
    mine = "structure Mine where\n  val : Nat\n\ndef givenNat : Given Nat := ⟨3⟩\n\n"
    found = await findings(compiled, BEFORE.replace("sorry", "simp") + mine + "\n\n".join(MEDDLING))
    for text, (reason, words) in MEDDLING.items():
        assert any(finding.reason is reason and words in finding.text for finding in found), (text, found)
    # Each is found by itself; hiding an instance of a foreign class behind an own one is one finding, not two.
    assert len(found) >= len(MEDDLING)


async def test_what_is_taken_away_is_noticed(compiled: Callable[..., object]) -> None:
    found = await findings(compiled, BEFORE.replace('notation "old!" => Nat', "").replace("sorry", "simp"))
    assert found
    assert all("takes" in finding.text for finding in found)


def test_names_are_found_wherever_they_are_in_a_row() -> None:
    def name(text: str) -> Object:
        return Object(1, (0, text), bytes(8))

    pair = Object(0, (name("a"), Object(1, (name("b"), 0), b"")), b"")
    assert names_in((pair, (name("c"), 7, "d"))) == {Name(("a",)), Name(("b",)), Name(("c",))}
