"""`prover search`: what it prints, and its exit codes; with a part of Lean's library as the library."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from agents.base import Premise
from prover import search_cli
from prover.errors import ConfigError, NoProject
from prover.example import template
from prover.lean.toolchain import Toolchain
from prover.model import Kind
from prover.search import library
from prover.search.index import Index
from tests.shelves import part_of_the_library

APP = typer.Typer()
APP.command()(search_cli.search)


@pytest.fixture(scope="module")
async def store(toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the indices are; that of the library is made."""
    folder = tmp_path_factory.mktemp("search")
    (await library.shelf(part_of_the_library(toolchain, folder / "library"), folder / "store")).close()
    return folder / "store"


@pytest.fixture(autouse=True)
def small_library(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To index the whole library takes a minute; another test does."""

    async def of(_lean: Toolchain, _root: Path, corpus: Path | None) -> Index:
        below = await library.shelf(store.parent / "library", store)
        return Index([below], [await library.shelf(corpus, store)] if corpus else [])

    monkeypatch.setattr(Index, "of", of)


def search(*words: str | Path, columns: int = 220) -> Result:
    return CliRunner(env={"COLUMNS": str(columns)}).invoke(APP, [*map(str, words), "--project", str(template())])


def test_what_is_found_is_shown_with_its_marks() -> None:
    done = search("choose_symm", "--most", "3")
    assert done.exit_code == 0
    assert "Numbers.choose_symm" in done.stdout
    assert "Numbers.Binomial" in done.stdout
    assert "open" in done.stdout
    assert "To choose `a` things" in done.stdout


@pytest.mark.parametrize("columns", [80, 110, 160])
def test_names_types_and_modules_are_not_broken_in_the_middle(columns: int) -> None:
    lines = [
        line.strip("│ ")
        for line in search("Nat.dvd_mul_left_of_dvd", "--most", "1", columns=columns).stdout.split("\n")
    ]
    assert any(line.startswith("Nat.dvd_mul_left_of_dvd  Init.Data.Nat.Dvd ") for line in lines)
    assert any(line.startswith("∀ {a b : Nat}, a ∣ b → ∀ (c : Nat), a ∣ c * b") for line in lines)


def test_json_has_the_premises_and_nothing_else() -> None:
    done = search("add_comm", "--most", "1", "--json")
    (found,) = json.loads(done.stdout)
    assert found["name"] == "Nat.add_comm"
    assert Premise(**{**found, "kind": Kind(found["kind"])}).importable


def test_a_module_says_what_can_be_imported_there() -> None:
    def importable(module: str) -> bool:
        done = search("choose_zero", "--module", module, "--most", "1", "--json")
        return bool(json.loads(done.stdout)[0]["importable"])

    assert importable("Numbers.Fermat")
    assert not importable("Numbers.Sum")


def test_nothing_found_is_a_no() -> None:
    done = search("qqqq")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "nothing found" in done.stderr


def test_nothing_found_is_an_empty_list_in_json() -> None:
    done = search("qqqq", "--json")
    assert (done.exit_code, json.loads(done.stdout)) == (1, [])


def test_a_corpus_is_searched_as_well(tmp_path: Path) -> None:
    premise = {"full_name": "wilson", "code": "lemma wilson : True", "start": [1, 1], "end": [1, 9], "kind": "k"}
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text(json.dumps({"path": "Mathlib/Wilson.lean", "imports": [], "premises": [premise]}))
    assert "Mathlib.Wilson" in search("wilson", "--corpus", corpus).stdout


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (("add", "--module", "Nowhere"), "the project has no module Nowhere"),
        (("add", "--corpus", "nowhere.jsonl"), "nowhere.jsonl cannot be read"),
    ],
)
def test_what_makes_no_sense_is_an_error_of_ours(words: tuple[str, ...], wrong: str) -> None:
    error = search(*words).exception
    assert isinstance(error, ConfigError)
    assert wrong in str(error)


def test_where_there_is_no_project_that_is_said(tmp_path: Path) -> None:
    done = CliRunner().invoke(APP, ["add", "--project", str(tmp_path)])
    assert isinstance(done.exception, NoProject)
