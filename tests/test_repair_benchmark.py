"""The benchmark of the repair: it counts what it says, no correct part is overlooked, and the judge is asked."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.base import Remark, Trial
from agents.lemmas import Lemma, Proof
from agents.models.base import Message, Role
from agents.repair.diagnosis import diagnose
from agents.repair.flow import Repaired
from agents.repair.layout import parse
from agents.repair.subgoals import MARK, tactics
from benchmarks.broken.corpus import Broken, corpus
from benchmarks.broken.originals import originals
from benchmarks.repair import chosen, completed
from benchmarks.repairing import cases
from benchmarks.repairing.cases import CONFIGS, FULL, STATEMENT, Case, Row
from benchmarks.repairing.experiment import CONTENDERS, GOALS, WHOLE, Try, comparisons
from benchmarks.repairing.fallible import Fallible, missing, spoilt, steps
from benchmarks.repairing.parts import correct, lost
from benchmarks.repairing.tables import Line, as_json, by_config, by_kind
from benchmarks.repairing.verdicts import Claim, judged
from prover.errors import AgentRefused, ConfigError
from prover.judge.gate import Gate
from prover.lean.build import Builder
from prover.model import Outcome
from tests.asking import task

ROOT = Path(__file__).parent.parent
BODY = """:= by
  induction n with
  | zero => rfl
  | succ n ih =>
    have h : 0 ≤ n := by omega
    rw [wrong]
    simp"""


def trial(body: str, *wrong: str, text: str = "unknown identifier") -> Trial:
    """With an error at each of these words."""
    places = [(body.index(word), body.index(word) + len(word)) for word in wrong]
    remarks = (Remark(text, body.count("\n", 0, start) + 1, start, end) for start, end in places)
    return Trial(body, False, tuple(remarks))


def parts(body: str, *wrong: str, text: str = "unknown identifier") -> list[str]:
    return [body[start:end] for start, end in correct(body, diagnose(trial(body, *wrong, text=text)))]


# Correct parts


def test_a_part_is_correct_when_lean_has_read_it_and_complains_neither_of_it_nor_of_one_before_it() -> None:
    assert parts(BODY, "wrong") == ["rfl", "omega"]
    assert parts(BODY) == ["rfl", "omega", "rw [wrong]", "simp"]


def test_what_stands_behind_a_syntax_error_was_never_read() -> None:
    body = ":= by\n  constructor\n  · rfl\n  · simp [\n  · omega"
    assert parts(body, "· omega", text="unexpected token '·'; expected term") == ["rfl"]
    assert "omega" not in parts(body, "· omega", text="unexpected token '·'; expected term")


def test_a_proof_that_is_complete_by_itself_is_correct_inside_of_a_block_that_leaves_goals() -> None:
    body = ":= by\n  constructor\n  · simp\n    omega"
    assert parts(body, "by", text="unsolved goals\n⊢ False") == ["simp", "omega"]


def test_a_part_is_lost_when_its_words_are_gone_and_not_when_it_only_stands_elsewhere() -> None:
    diagnosis = diagnose(trial(BODY, "wrong"))
    assert lost(BODY, diagnosis, BODY.replace("rw [wrong]\n    simp", "sorry")) == []
    assert lost(BODY, diagnosis, BODY.replace("  | zero => rfl", "  | zero =>\n    rfl -- why")) == []
    assert lost(BODY, diagnosis, ":= by\n  omega") == ["rfl"]


def test_a_part_that_stands_twice_must_stay_twice() -> None:
    body = ":= by\n  constructor\n  · rfl\n  · rfl\n  · wrong"
    assert lost(body, diagnose(trial(body, "wrong")), ":= by\n  constructor\n  · rfl\n  · sorry\n  · sorry") == ["rfl"]


# Figures


def broken(number: int = 0, kinds: Sequence[str] = ("off by one",)) -> Broken:
    return Broken(f"case {number}", f"theorem {number}", tuple(kinds), "mutant", "tuning", body=BODY)


def row(number: int, closes: bool, *, config: str = FULL, kinds: Sequence[str] = ("off by one",)) -> Row:
    body = BODY.replace("rw [wrong]\n    simp", "omega" if closes else "sorry")
    done = Repaired(Proof(body), closes, (1, 0), (0, int(not closes)), 0.75)
    case = Case(broken(number, kinds), Proof(BODY), trial(BODY, "wrong"))
    return Row(case, config, cases.Outcome(done, 4 + number, 1.0 + number))


def test_a_line_has_the_means_of_its_rows_and_counts_what_is_repaired_and_lost() -> None:
    line = Line.of("all", [row(0, True), row(1, False), row(2, True)])
    assert (line.cases, line.repaired, line.errors, line.kept) == (3, 2, 0.0, 0.75)
    assert line.holes == pytest.approx(1 / 3)
    assert (line.checks, line.seconds, line.seconds_p50) == (5, 2.0, 2.0)
    assert line.lost == 0
    assert line.seconds_p90 == pytest.approx(2.8)


def test_a_case_for_which_nothing_comes_out_counts_as_it_was() -> None:
    case = Case(broken(), Proof(BODY), trial(BODY, "wrong"))
    same = Row(case, FULL, cases.Outcome(None, 40, 60.0, "no end within 60 s"))
    assert (same.closes, same.errors, same.kept, same.lost) == (False, 1, 1.0, [])
    empty = Row(Case(broken(), None, None), FULL, cases.Outcome(None, 0, 0.0, "there is no proof in the reply"))
    assert (empty.closes, empty.errors, empty.lost) == (False, 1, [])
    assert as_json(empty)["why"] == "there is no proof in the reply"


def test_there_is_a_line_for_each_configuration_and_for_each_kind_of_fault() -> None:
    rows = [row(0, True), row(1, False, kinds=("truncated", "off by one")), row(2, True, config="nothing")]
    assert [(line.what, line.cases) for line in by_config(rows)] == [(FULL, 2), ("nothing", 1)]
    kinds = {line.what: (line.cases, line.repaired) for line in by_kind(rows)}
    assert kinds == {"off by one": (2, 1), "truncated": (1, 0), "source: mutant": (2, 1), "split: tuning": (2, 1)}


def test_only_what_all_stages_complete_is_put_before_the_judge() -> None:
    rows = [row(0, True), row(1, False), row(2, True, config="nothing")]
    assert [claim.theorem for claim in completed(rows)] == ["theorem 0"]


def test_the_cases_that_tuning_may_see_have_no_theorem_in_common_with_the_others() -> None:
    tuning, heldout = chosen("tuning", None), chosen("heldout", None)
    assert {case.theorem for case in tuning}.isdisjoint(case.theorem for case in heldout)
    assert len(tuning) + len(heldout) == len(corpus()) == len(chosen("all", None))
    assert len(chosen("tuning", 5)) == 5
    with pytest.raises(ConfigError):
        chosen("test", None)


# The judge


@pytest.mark.slow
async def test_the_judge_looks_at_all_proofs_of_a_text_in_one_build_and_at_each_for_itself(builder: Builder) -> None:
    """The second uses what does not exist, and spoils no other; the third is complete, but for a lemma."""
    name = "Logic.surjective_of_comp"
    right, lemma = originals()[name].proof, Lemma("surjective_of_comp.helper.a", ": 1 = 1")
    proofs = [Proof(right), Proof(":= by\n  exact nonsense"), Proof(right, (lemma,))]
    async with Gate.opened(builder) as gate:
        verdicts = await judged([Claim(name, proof) for proof in proofs], gate)
    assert [verdict.outcome for verdict in verdicts] == [Outcome.PROVED, Outcome.REJECTED, Outcome.REJECTED]


# The model of a model


def test_a_model_that_makes_no_mistakes_says_what_is_correct() -> None:
    for theorem in list(originals().values())[::10]:
        assert spoilt(theorem.proof, 0.0, Random(1)) == theorem.proof


def test_every_step_is_spoilt_with_the_probability_that_is_asked_for() -> None:
    proofs = [one.proof for one in originals().values()]
    assert all(spoilt(proof, 1.0, Random(1)) != proof for proof in proofs)
    whole = sum(spoilt(proof, 0.2, Random(number)) == proof for number, proof in enumerate(proofs))
    expected = sum(0.8 ** len(list(steps(parse(proof)))) for proof in proofs)
    assert whole == pytest.approx(expected, abs=0.1 * len(proofs))


def test_the_same_questions_get_the_same_answers_and_a_second_time_others() -> None:
    theorem = originals()["Logic.cantor"]
    answers = [[spoilt(theorem.proof, 0.5, Random(f"{seed}")) for seed in range(4)] for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(set(answers[0])) > 1


CORRECT = ":= by\n  constructor\n  · rw [a]\n    simp\n  · exact f (g x) y\n  · by_cases h : p\n    · omega\n    · rfl"


@pytest.mark.parametrize(
    ("hole", "answer"),
    [
        ("rw [a]\n    simp", "rw [a]\nsimp"),
        ("simp", "simp"),
        ("exact f (g x) y", "exact f (g x) y"),
        ("(g x)", "exact (g x)"),
        ("by_cases h : p\n    · omega\n    · rfl", "by_cases h : p\n· omega\n· rfl"),
        ("omega", "omega"),
    ],
)
def test_it_finds_what_is_missing_by_the_words_around_the_hole(hole: str, answer: str) -> None:
    assert missing(CORRECT.replace(hole, MARK), CORRECT) == answer
    others = CORRECT.replace(hole, MARK).replace("rfl", "sorry")
    assert hole.endswith("rfl") or missing(others, CORRECT) == answer


def test_it_does_not_know_what_is_missing_where_the_words_around_the_hole_are_others() -> None:
    assert missing(f":= by\n  induction n\n  {MARK}", CORRECT) != CORRECT


async def test_a_theorem_that_is_not_in_the_corpus_is_refused() -> None:
    question = Message.of(Role.USER, f"The theorem to prove is `x`: {task().slot.statement}")
    with pytest.raises(AgentRefused):
        await Fallible(0.1, 0).complete([question])


@given(st.text(alphabet="ab \n·⟨=", max_size=20))
def test_whatever_stands_around_a_hole_there_is_an_answer(around: str) -> None:
    assert tactics(missing(f":= by\n  {around}\n  {MARK}", CORRECT))


# The comparison


def test_pairs_count_only_where_the_contenders_differ() -> None:
    def tried(theorem: str, contender: str, proved: bool) -> Try:
        return Try(theorem, 5, 0.1, 0, contender, ":= x", 3, 1.0, proved)

    results = {"a": (True, False), "b": (True, True), "c": (False, True), "d": (True, False)}
    tries = [
        tried(name, contender, goals if contender == GOALS else whole)
        for name, (goals, whole) in results.items()
        for contender in CONTENDERS
    ]
    (line,) = comparisons(tries)
    assert (line.tried, line.proved[GOALS], line.proved[WHOLE]) == (4, 3, 2)
    assert (line.only_goals, line.only_whole, line.by_chance) == (2, 1, 1.0)


# The programs


def run(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "benchmarks.repair", *words], cwd=ROOT, check=True, timeout=900)


def test_a_configuration_that_does_not_exist_is_named() -> None:
    words = [sys.executable, "-m", "benchmarks.repair", "--configs", "everything"]
    found = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert found.returncode == 2
    assert "everything" in found.stderr


@pytest.mark.slow
def test_a_few_cases_are_repaired_by_every_configuration_and_the_judge_agrees(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    run("--limit", "6", "--workers", "1", "--json", str(file))
    found = json.loads(file.read_text())
    lines = {line["what"]: line for line in found["configurations"]}
    assert list(lines) == list(CONFIGS)
    assert lines[FULL]["repaired"] >= max(lines["nothing"]["repaired"], lines["mending only"]["repaired"])
    assert lines[FULL]["lost"] == 0
    assert found["judge"] == found["bench"] == lines[FULL]["repaired"]
    assert lines[STATEMENT]["checks"] > 0


@pytest.mark.slow
def test_the_experiment_with_a_model_runs_on_one_theorem(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    run("--model-experiment", "--limit", "1", "--workers", "1", "--json", str(file))
    found = json.loads(file.read_text())
    assert [line["p"] for line in found["comparisons"]] == [0.1, 0.2, 0.35]
    assert all(line["tried"] == 1 for line in found["comparisons"])
