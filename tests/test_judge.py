"""The judge on the real Lean: what is honest is proved, what is not is refused, and for the right reason."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from prover.judge.gate import Gate, Judgement
from prover.lean.build import Build, Builder
from prover.lean.cache import folder
from prover.lean.toolchain import Toolchain
from prover.model import Outcome, Reason, Verdict
from prover.project import Surveyor

SOURCE = """
/-- A definition that statements below are about. -/
def Small (n : Nat) : Prop := n < 5

theorem gap : 2 + 2 = 4 := by
  sorry

theorem target (n : Nat) : n + 0 = n := by
  sorry

theorem later (a b : Nat) (h : a < b) : ¬ b < a := by
  sorry

theorem resting : 2 + 2 = 4 := gap
"""
HONEST = {
    "by definition": ":= rfl",
    "by a decision procedure": ":= by omega",
    "by a simplifier": ":= by simp",
    "by induction": ":= by\n  induction n with\n  | zero => rfl\n  | succ k ih => rfl",
    "by grind, with an instance of its own": ":= by\n  letI : Inhabited Nat := ⟨7⟩\n  grind",
    "classically": ":= by\n  by_cases h : n + 0 = n\n  · exact h\n  · exact absurd rfl h",
    "with a local function": ":= same n\nwhere\n  same (m : Nat) : m + 0 = m := by omega",
}
DISHONEST = {
    "a hole": (":= by sorry", Reason.SORRY),
    "a hole without the word": (":= by\n  stop\n  rfl", Reason.SORRY),
    "a hole in a local function": (":= same n\nwhere\n  same (m : Nat) : m + 0 = m := by sorry", Reason.SORRY),
    "an open lemma": (":= by\n  have := gap\n  omega", Reason.SORRY),
    "the compiler's word": (":= by\n  have : 2 = 2 := of_decide_eq_true (Lean.ofReduceBool _ true rfl)\n  rfl", None),
    "a weaker statement": (" ∨ True := .inr trivial", Reason.STATEMENT),
    "an axiom in passing": (":= rfl\n\naxiom anything : False", Reason.SCOPE),
    "an instance in passing": (":= rfl\n\ninstance (priority := high) : LT Nat := ⟨fun _ _ => True⟩", Reason.SCOPE),
    "a simp lemma in passing": (":= rfl\n\nattribute [simp] gap", Reason.SCOPE),
    "a macro that changes what is said later": (":= rfl\n\nmacro_rules | `($_ < $_) => `(True)", Reason.SCOPE),
    "a namespace around what follows": (":= rfl\n\nnamespace Evil", Reason.SCOPE),
    "a proof of what follows, unasked": (":= rfl\n\ntheorem unasked : True := trivial", Reason.SCOPE),
    "what does not compile": (":= by nonsense", Reason.BUILD),
}


class Court:
    """A project with one open target, and a gate in front of it."""

    def __init__(self, builder: Builder, root: Path, before: Build) -> None:
        self.builder, self.root, self.before = builder, root, before

    async def judge(self, bodies: Mapping[str, str]) -> Judgement:
        survey = Surveyor(self.builder).read(self.before)
        for path, text in survey.spliced(bodies).items():
            (self.root / path).write_text(text)
        return await Gate(self.builder).judge(bodies.keys(), self.before, self.root)

    async def verdict(self, body: str) -> Verdict:
        return (await self.judge({"target": body})).verdicts["target"]


@pytest.fixture
async def court(builder: Builder, project: Callable[[Mapping[str, str]], Path]) -> Court:
    root = project({"Court": SOURCE})
    return Court(builder, root, await builder.build(root))


@pytest.mark.parametrize("body", HONEST.values(), ids=HONEST)
async def test_an_honest_proof_is_proved(court: Court, body: str) -> None:
    verdict = await court.verdict(body)
    assert (verdict.outcome, verdict.reasons) == (Outcome.PROVED, ()), verdict.explanation


@pytest.mark.parametrize(("body", "reason"), DISHONEST.values(), ids=DISHONEST)
async def test_what_is_not_proved_is_refused_for_its_reason(court: Court, body: str, reason: Reason | None) -> None:
    verdict = await court.verdict(body)
    assert verdict.outcome is Outcome.REJECTED
    assert reason is None or reason in verdict.reasons, verdict.explanation


async def test_a_proof_that_rests_on_a_hole_names_the_hole(court: Court) -> None:
    assert (await court.verdict(DISHONEST["an open lemma"][0])).rests_on == ("gap",)


async def test_several_attempts_are_judged_in_one_build(court: Court) -> None:
    compiled = court.builder.compiled
    judgement = await court.judge({"target": ":= rfl", "later": ":= by omega", "gap": ":= by sorry"})
    outcomes = {name: verdict.outcome for name, verdict in judgement.verdicts.items()}
    assert outcomes == {"target": Outcome.PROVED, "later": Outcome.PROVED, "gap": Outcome.REJECTED}
    assert court.builder.compiled <= compiled + 1


async def test_a_build_that_takes_too_long_is_neither_a_success_nor_a_rejection(
    court: Court, toolchain: Toolchain
) -> None:
    court.builder = Builder(toolchain, folder("builds"), seconds=0.5)
    verdict = await court.verdict(":= by\n  have : n = n := rfl\n  exact rfl")
    assert (verdict.outcome, verdict.reasons) == (Outcome.RESOURCE, (Reason.RESOURCE,))


def test_a_verdict_is_no_bool() -> None:
    with pytest.raises(TypeError, match="no bool"):
        bool(Verdict(Outcome.PROVED))
