"""Attempts that split: when the judge calls them reduced, on the real Lean. Many attempts are judged in one build."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from prover.judge.gate import Gate, Judgement
from prover.lean.build import Build, Builder
from prover.model import Attempt, Outcome, Reason, Stage, Verdict
from prover.project import Survey, Surveyor, write
from tests.conftest import HEADER
from tests.reductions import ATTEMPTS, CASES, ILL_TYPED, PROVED, REDUCED, REFUSED, Case, source


class Court:
    """A project, a gate in front of it, and what was judged last."""

    def __init__(self, gate: Gate, root: Path, before: Build) -> None:
        self.gate, self.root = gate, root
        self.survey = Surveyor(gate.builder).read(before)

    def after(self, judgement: Judgement) -> Survey:
        """The project as it was judged."""
        assert judgement.build is not None
        return Surveyor(self.gate.builder).read(judgement.build)

    async def judge(self, cases: Mapping[str, Case], splits: frozenset[str] | None = None) -> Judgement:
        bodies = {name: case.body.replace("NAME", name) for name, case in cases.items()}
        helpers = {name: case.helpers.replace("NAME", name) for name, case in cases.items()}
        write(self.root, self.survey.spliced(bodies, helpers))
        allowed = cases.keys() if splits is None else splits
        return await self.gate.judge(bodies.keys(), self.survey.build, self.root, splits=allowed)


@pytest.fixture(scope="module")
async def court(builder: Builder, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Court]:
    root = tmp_path_factory.mktemp("court")
    (root / "prover.toml").touch()
    (root / "M.lean").write_text(HEADER + source())
    async with Gate.opened(builder) as gate:
        yield Court(gate, root, await builder.build(root))


@pytest.fixture(scope="module")
async def judged(court: Court) -> Judgement:
    """All attempts, judged side by side in one build."""
    judgement = await court.judge(ATTEMPTS)
    assert judgement.build is not None, next(iter(judgement.verdicts.values())).explanation
    assert not judgement.shared
    return judgement


@pytest.fixture(scope="module")
def verdicts(judged: Judgement) -> Mapping[str, Verdict]:
    return judged.verdicts


@pytest.mark.parametrize("name", REDUCED)
async def test_a_proof_from_new_open_lemmas_is_a_reduction(verdicts: Mapping[str, Verdict], name: str) -> None:
    verdict = verdicts[name]
    assert (verdict.outcome, verdict.reasons) == (Outcome.REDUCED, ()), verdict.explanation


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_no_progress_is_refused_and_says_why(verdicts: Mapping[str, Verdict], name: str) -> None:
    verdict = verdicts[name]
    assert verdict.outcome is Outcome.REJECTED
    assert CASES[name].says.replace("NAME", name) in verdict.explanation


async def test_a_reduction_names_its_lemmas_and_does_not_hide_that_it_is_no_proof(
    verdicts: Mapping[str, Verdict],
) -> None:
    verdict = verdicts["two_lemmas"]
    assert verdict.rests_on == ("two_lemmas.helper.le", "two_lemmas.helper.ne")
    assert verdict.explanation.startswith("It is not proved. ")
    assert "sorryAx" in verdict.evidence.axioms
    assert verdicts["one_of_two_proved"].rests_on == ("one_of_two_proved.helper.le",)


@pytest.mark.parametrize("name", PROVED)
async def test_an_attempt_that_might_split_and_does_not_is_proved(verdicts: Mapping[str, Verdict], name: str) -> None:
    assert verdicts[name].outcome is Outcome.PROVED


async def test_a_proof_from_another_attempts_lemma_waits_for_that(verdicts: Mapping[str, Verdict]) -> None:
    verdict = verdicts["nothing_but_a_foreign_lemma"]
    assert (verdict.reasons, verdict.rests_on) == ((Reason.SORRY,), ("two_lemmas.helper.ne",))


async def test_what_was_not_allowed_to_split_is_refused_for_its_open_lemmas(
    court: Court, verdicts: Mapping[str, Verdict]
) -> None:
    judgement = await court.judge(ATTEMPTS, splits=frozenset(ATTEMPTS) - {"two_lemmas"})
    assert judgement.shared
    assert {verdict.outcome for verdict in judgement.verdicts.values()} == {Outcome.REJECTED}
    assert "two_lemmas.helper.le, which it adds, has a hole" in judgement.verdicts["two_lemmas"].explanation


MEDDLING = {
    "axiom two_lemmas.helper.ax : 1 < 2": "it declares the axiom two_lemmas.helper.ax",
    "theorem never_attempted.helper.a : 1 < 2 := by sorry": "it adds a declaration, never_attempted.helper.a",
    "theorem aside : 1 < 2 := by sorry": "aside, which it adds, has a hole",
    "@[simp] theorem two_lemmas.helper.s (n : Nat) : n * 1 = n := by sorry": "simpExtension",
    "instance two_lemmas.helper.i : LT Bool := ⟨fun _ _ => sorry⟩": "the instance two_lemmas.helper.i is for",
    "theorem two_lemmas.helper._proof_1 : 1 < 2 := by sorry": "is a name that Lean makes for itself",
    "unsafe def two_lemmas.helper.u : Nat := two_lemmas.helper.u": "is unsafe code",
}


async def test_what_no_proof_may_bring_along_no_reduction_may(court: Court) -> None:
    case = CASES["two_lemmas"]
    judgement = await court.judge({"two_lemmas": Case("\n\n".join([case.helpers, *MEDDLING]), case.body)})
    verdict = judgement.verdicts["two_lemmas"]
    assert verdict.outcome is Outcome.REJECTED
    for text, says in MEDDLING.items():
        assert says in verdict.explanation, text


@pytest.mark.parametrize(
    ("attempt", "reason"),
    [
        (Attempt("t", "a", ":= t.helper.a", helpers="theorem t.helper.a : 1 < 2 := by sorry", splits=True), None),
        (Attempt("t", "a", ":= t.helper.a", helpers="theorem t.helper.a : 1 < 2 := by sorry"), Reason.SORRY),
        (Attempt("t", "a", ":= by sorry", helpers="theorem t.helper.a : 1 < 2 := by sorry", splits=True), Reason.SORRY),
        (
            Attempt("t", "a", ":= t.helper.a", helpers="theorem t.helper.a : 1 < 2 := by admit", splits=True),
            Reason.SORRY,
        ),
        (Attempt("t", "a", ":= t.helper.a", helpers="axiom t.helper.a : 1 < 2", splits=True), Reason.AXIOM),
    ],
)
def test_a_glance_lets_pass_the_holes_of_lemmas_that_are_handed_in_as_open(
    builder: Builder, attempt: Attempt, reason: Reason | None
) -> None:
    verdict = Gate(builder).glance(attempt)
    assert (() if verdict is None else verdict.reasons) == ((reason,) if reason else ())


async def test_a_reduction_leads_on_until_the_last_lemma_closes_the_declaration(
    court: Court, judged: Judgement
) -> None:
    court.survey = survey = court.after(judged)
    le, ne = "Way.goal.helper.le", "Way.goal.helper.ne"
    assert {le, ne} <= survey.graph.ready()
    assert "Way.goal" not in survey.graph.holes()
    assert {"Way.goal", "Way.after", le, ne} <= survey.graph.open()
    assert survey.slot(ne).statement == "(n m : Nat) (h : n < m) : n ≠ m"
    proved = await court.judge(
        {le: Case("", ":= Nat.le_of_lt h"), ne: Case("", ":= Nat.ne_of_lt h")}, splits=frozenset()
    )
    assert {verdict.outcome for verdict in proved.verdicts.values()} == {Outcome.PROVED}
    assert not {"Way.goal", "Way.after", le, ne} & court.after(proved).graph.open()


@pytest.mark.parametrize("name", ILL_TYPED)
async def test_the_kernel_is_asked_again_about_a_reduction_and_its_lemmas(
    verdicts: Mapping[str, Verdict], name: str
) -> None:
    assert verdicts["two_lemmas"].evidence.stage is Stage.REPLAY
    assert verdicts[name].reasons == (Reason.KERNEL,), verdicts[name].explanation
    assert f"{name}.helper.wrong" in verdicts[name].explanation
