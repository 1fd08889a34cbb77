"""What leaves a benchmark's run: Lean files as they were judged, and records in the shapes of others' checkers."""

import json
from pathlib import Path
from typing import Any

import pytest

from prover.bench.export.leantext import whole
from prover.bench.export.submissions import Style, file_name, submission, write_proofs, write_submission
from prover.bench.problem import Problem, Truth
from prover.bench.rows import Ended, Results
from prover.disproof import with_disproof
from prover.errors import ProjectError, SlotError
from prover.lean.source import find_slot
from prover.model import Attempt, Position
from tests.bench_run import problem, results, row

SQUARE = Problem(
    name="Sq.zero",
    statement="theorem zero (x : Nat) (h : x = 0) : sq x = 0",
    header="import Lean\nopen Nat\n",
    preamble="namespace Sq\ndef sq (x : Nat) := x ^ 2",
)
SQUARE_OPEN = """import Lean
open Nat

namespace Sq
def sq (x : Nat) := x ^ 2

theorem zero (x : Nat) (h : x = 0) : sq x = 0 := by
  sorry
"""
SQUARE_PROVED = """import Lean
open Nat

namespace Sq
def sq (x : Nat) := x ^ 2

theorem zero.helper.none : sq 0 = 0 := rfl

theorem zero (x : Nat) (h : x = 0) : sq x = 0 := by
  subst h
  exact zero.helper.none
"""
LEMMA = "theorem zero.helper.none : sq 0 = 0 := rfl\n"
PROOF = ":= by\n  subst h\n  exact zero.helper.none\n"


def a_run() -> Results:
    """`a` is proved at the second and third sample, `Sq.zero` with a lemma, `b` is false and disproved."""
    rows = [
        row("a", 1, Ended.REJECTED, body=":= by omega"),
        row("a", 2, Ended.PROVED, body=":= trivial"),
        row("a", 3, Ended.PROVED, body=":= by trivial"),
        row("a", 4, Ended.NOTHING),
        row("a", 5, Ended.FAILED, body=":= by a server was away"),
        row("Sq.zero", 1, Ended.PROVED, body=PROOF, helpers=LEMMA),
        row("b", 1, Ended.DISPROVED, body=":= by decide", negation=True),
    ]
    return results([problem("a"), SQUARE, problem("b", truth=Truth.FALSE)], rows)


def records(style: Style, *, all_samples: bool = False) -> list[dict[str, Any]]:
    return list(submission(a_run(), style, all_samples=all_samples))


def test_a_proofs_file_has_the_lemmas_in_front_of_the_theorem() -> None:
    assert whole(SQUARE, row("Sq.zero", 1, Ended.PROVED, body=PROOF, helpers=LEMMA)) == SQUARE_PROVED


def test_the_arms_of_a_definition_by_cases_stand_on_lines_of_their_own() -> None:
    text = whole(problem("a"), row("a", 1, Ended.PROVED, body="| 0 => rfl\n| n + 1 => rfl"))
    assert text == "theorem a : True\n| 0 => rfl\n| n + 1 => rfl\n"


def test_a_disproofs_file_is_the_text_that_the_judge_looks_for() -> None:
    disproof = row("Sq.zero", 1, Ended.DISPROVED, body=":= by simp", negation=True)
    slot = find_slot(SQUARE_OPEN, Position(6, 0), "Sq.zero")
    attempt = Attempt("Sq.zero", "automation", ":= by simp", refutes=True)
    assert whole(SQUARE, disproof) == with_disproof(slot, attempt, alone=True)
    assert "theorem zero.disproof : ¬ (∀ (x : Nat) (h : x = 0), sq x = 0) := by simp" in whole(SQUARE, disproof)


def test_a_statement_without_a_negation_in_writing_is_an_error() -> None:
    odd = Problem("other", "theorem something_else : True")
    with pytest.raises(SlotError):
        whole(odd, row("other", 1, Ended.DISPROVED, body=":= by simp", negation=True))


def test_goedels_compiler_gets_a_name_and_a_file_for_each_proof() -> None:
    assert records(Style.GOEDEL) == [
        {"name": "a", "code": "theorem a : True := trivial\n"},
        {"name": "a", "code": "theorem a : True := by trivial\n"},
        {"name": "Sq.zero", "code": SQUARE_PROVED},
    ]


def test_kiminas_server_gets_an_identifier_for_each_sample() -> None:
    sent = records(Style.KIMINA)
    assert [one["custom_id"] for one in sent] == ["a#2", "a#3", "Sq.zero#1"]
    assert sent[2] == {"custom_id": "Sq.zero#1", "proof": SQUARE_PROVED}


def test_with_all_samples_each_has_the_judges_word() -> None:
    judged = [(one["name"], one["judged"]) for one in records(Style.GOEDEL, all_samples=True)]
    assert judged == [
        ("a", "rejected"),
        ("a", "proved"),
        ("a", "proved"),
        ("a", "nothing"),
        ("Sq.zero", "proved"),
    ]


@pytest.mark.parametrize(("style", "text"), [(Style.GOEDEL, "code"), (Style.KIMINA, "proof")])
def test_a_sample_without_a_text_is_no_empty_file_that_a_checker_would_accept(style: Style, text: str) -> None:
    assert records(style, all_samples=True)[3][text] == "theorem a : True := by\n  sorry\n"


def test_what_formalmaths_checker_puts_together_is_the_file_that_was_judged() -> None:
    (record,) = records(Style.FORMALMATH)
    stated = record["autoformalization"].split("```lean4\n")[1]
    assert record["theorem_names"] == "a"
    assert [stated + said for said in record["answers"]] == [one["code"] for one in records(Style.GOEDEL)[:2]]


def test_formalmaths_samples_have_their_verdicts_in_order() -> None:
    (record,) = records(Style.FORMALMATH, all_samples=True)
    assert record["judged"] == ["rejected", "proved", "proved", "nothing"]
    assert record["answers"][3] == " := by\n  sorry\n"


@pytest.mark.parametrize("style", Style)
def test_attempts_at_a_negation_are_no_answers(style: Style) -> None:
    every = records(style, all_samples=True)
    assert every
    assert "b" not in {one.get("name", one.get("theorem_names", one.get("custom_id", "")[:1])) for one in every}


def test_a_file_of_records_is_one_list_or_a_line_each(tmp_path: Path) -> None:
    figures = write_submission(a_run(), Style.GOEDEL, tmp_path / "to_inference_codes.json")
    write_submission(a_run(), Style.GOEDEL, tmp_path / "codes.jsonl")
    assert figures == {"records": 3, "attempts": 3, "left_out": 0}
    assert json.loads((tmp_path / "to_inference_codes.json").read_text()) == records(Style.GOEDEL)
    assert [*map(json.loads, (tmp_path / "codes.jsonl").read_text().splitlines())] == records(Style.GOEDEL)


def test_proofs_for_which_a_style_has_no_place_are_counted(tmp_path: Path) -> None:
    figures = write_submission(a_run(), Style.FORMALMATH, tmp_path / "answers.json")
    assert figures == {"records": 1, "attempts": 2, "left_out": 1}


@pytest.mark.parametrize(("name", "empty"), [("codes.json", []), ("codes.jsonl", None)])
def test_a_run_without_proofs_makes_a_file_without_records(tmp_path: Path, name: str, empty: object) -> None:
    figures = write_submission(results([problem("a")]), Style.KIMINA, tmp_path / name)
    text = (tmp_path / name).read_text()
    assert figures["records"] == 0
    assert (json.loads(text) if text else None) == empty


def test_there_is_one_lean_file_for_each_proved_problem(tmp_path: Path) -> None:
    assert write_proofs(a_run(), tmp_path / "proofs") == {"files": 2}
    files = {file.name: file.read_text() for file in (tmp_path / "proofs").iterdir()}
    assert files == {"a.lean": "theorem a : True := trivial\n", "Sq.zero.lean": SQUARE_PROVED}


def test_proofs_of_two_runs_do_not_get_into_one_folder(tmp_path: Path) -> None:
    write_proofs(a_run(), tmp_path)
    with pytest.raises(ProjectError, match="is not empty"):
        write_proofs(a_run(), tmp_path)


def test_a_folder_that_cannot_be_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ProjectError, match="cannot write to"):
        write_proofs(a_run(), tmp_path / "file" / "proofs")


@pytest.mark.parametrize("name", ["«../../etc»", "a/b", ".hidden", "con:1", "nul\0", "é'", "Foo.bar"])
def test_no_name_of_a_problem_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    (tmp_path / file_name(name)).write_text("there")
    (only,) = tmp_path.iterdir()
    assert only.name == file_name(name)
    assert not only.name.startswith(".")


def test_different_names_have_different_files() -> None:
    names = ["a.b", "a/b", "a%2Fb", ".a", "a", "«a»", "a'"]
    assert len({file_name(name) for name in names}) == len(names)
