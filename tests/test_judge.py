"""The judge on the real Lean: what is honest is proved, what is not is refused, and for the right reason."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from prover.judge.gate import Gate, Judgement
from prover.lean.build import Build, Builder
from prover.lean.cache import folder
from prover.lean.toolchain import Toolchain
from prover.model import Attempt, Outcome, Reason, Stage, Verdict
from prover.project import NONE, Surveyor

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


# Body and helpers.
HELPED = {
    "a lemma": (":= target.helper.step n", "theorem target.helper.step (m : Nat) : m + 0 = m := by omega"),
    "a private lemma": (":= target.helper.step n", "private theorem target.helper.step (m : Nat) : m + 0 = m := rfl"),
    "a function": (
        ":= by\n  have := target.helper.same n\n  simp",
        "def target.helper.id (n : Nat) : Nat := n\n\n"
        "theorem target.helper.same (n : Nat) : target.helper.id n = n := rfl",
    ),
    "a type with an instance that it derives": (
        ":= rfl",
        "inductive target.helper.Sign where\n  | plus\n  | minus\n  deriving DecidableEq",
    ),
    "a local notation": (":= rfl", 'local notation "nothing" => (0 : Nat)'),
}
MEDDLING = {
    "a lemma outside of its namespace": ("theorem step (m : Nat) : m + 0 = m := rfl", Reason.SCOPE),
    "a lemma of another theorem": ("theorem later.helper.step : True := trivial", Reason.SCOPE),
    "a lemma with a hole": ("theorem target.helper.step : 1 = 2 := by sorry", Reason.SORRY),
    "a simp lemma": ("@[simp] theorem target.helper.step (m : Nat) : m * 1 = m := by simp", Reason.SCOPE),
    "an instance": ("instance target.helper.less : LT Nat := ⟨fun _ _ => True⟩", Reason.SCOPE),
    "a notation": ('notation "nothing" => (0 : Nat)', Reason.SCOPE),
    "a namespace that is open": ("namespace target.helper", Reason.SCOPE),
    "a second meaning for a name": (
        "namespace target.helper\ndef Small := True\nend target.helper\nexport target.helper (Small)",
        Reason.SCOPE,
    ),
}


class Court:
    """A project with one open target, and a gate in front of it."""

    def __init__(self, builder: Builder, root: Path, before: Build) -> None:
        self.builder, self.root, self.before = builder, root, before

    async def judge(self, bodies: Mapping[str, str], helpers: Mapping[str, str] = NONE) -> Judgement:
        survey = Surveyor(self.builder).read(self.before)
        for path, text in survey.spliced(bodies, helpers).items():
            (self.root / path).write_text(text)
        return await Gate(self.builder).judge(bodies.keys(), self.before, self.root)

    async def verdict(self, body: str, helpers: str = "") -> Verdict:
        return (await self.judge({"target": body}, {"target": helpers})).verdicts["target"]


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


@pytest.mark.parametrize(("body", "helpers"), HELPED.values(), ids=HELPED)
async def test_a_proof_may_bring_helpers_in_its_own_namespace(court: Court, body: str, helpers: str) -> None:
    verdict = await court.verdict(body, helpers)
    assert (verdict.outcome, verdict.reasons) == (Outcome.PROVED, ()), verdict.explanation


@pytest.mark.parametrize(("helpers", "reason"), MEDDLING.values(), ids=MEDDLING)
async def test_helpers_that_reach_beyond_their_namespace_are_refused(
    court: Court, helpers: str, reason: Reason
) -> None:
    verdict = await court.verdict(":= rfl", helpers)
    assert verdict.outcome is Outcome.REJECTED
    assert reason in verdict.reasons, verdict.explanation


async def test_a_proof_that_rests_on_a_hole_names_the_hole(court: Court) -> None:
    assert (await court.verdict(DISHONEST["an open lemma"][0])).rests_on == ("gap",)


async def test_several_attempts_are_judged_in_one_build(court: Court) -> None:
    compiled = court.builder.compiled
    judgement = await court.judge({"target": ":= rfl", "later": ":= by omega", "gap": ":= by sorry"})
    outcomes = {name: verdict.outcome for name, verdict in judgement.verdicts.items()}
    assert outcomes == {"target": Outcome.PROVED, "later": Outcome.PROVED, "gap": Outcome.REJECTED}
    assert court.builder.compiled <= compiled + 1


async def test_what_no_attempt_can_be_blamed_for_alone_calls_for_judging_them_apart(court: Court) -> None:
    apart = await court.judge({"target": ":= rfl\n\ninstance : LT Bool := ⟨fun _ _ => True⟩", "later": ":= by omega"})
    assert apart.shared
    assert all(verdict.reasons == (Reason.SCOPE,) for verdict in apart.verdicts.values())
    assert not (await court.judge({"target": ":= by sorry", "later": ":= by omega"})).shared


@pytest.mark.parametrize("body", [":= by sorry", ":= by\n  native_decide", ":= rfl\naxiom more : False"])
def test_a_glance_at_the_text_refuses_before_any_build(builder: Builder, body: str) -> None:
    verdict = Gate(builder).glance(Attempt("target", "somebody", body))
    assert verdict is not None
    assert (verdict.outcome, verdict.evidence.stage) == (Outcome.REJECTED, Stage.LEXICAL)


def test_a_glance_lets_pass_what_it_is_not_sure_of(builder: Builder) -> None:
    assert Gate(builder).glance(Attempt("target", "somebody", ":= by\n  -- no sorry\n  exact obvious!")) is None


async def test_a_build_that_takes_too_long_is_neither_a_success_nor_a_rejection(
    court: Court, toolchain: Toolchain
) -> None:
    court.builder = Builder(toolchain, folder("builds"), seconds=0.5)
    verdict = await court.verdict(":= by\n  have : n = n := rfl\n  exact rfl")
    assert (verdict.outcome, verdict.reasons) == (Outcome.RESOURCE, (Reason.RESOURCE,))


def test_a_verdict_is_no_bool() -> None:
    with pytest.raises(TypeError, match="no bool"):
        bool(Verdict(Outcome.PROVED))
