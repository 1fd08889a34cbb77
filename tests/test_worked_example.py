"""The text in `lean_project/`: it compiles, its plan fits it, and every theorem that it leaves open is true."""

import shutil
import tomllib
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from prover.blueprint.check import compare
from prover.lean.build import Builder
from prover.lean.lexer import Sort, tokens
from prover.lean.source import imports
from prover.model import Kind
from prover.project import Survey, Surveyor

HERE = Path(__file__).parent
TEXT = HERE.parent / "lean_project"
CHAPTERS = sorted((TEXT / "Numbers").glob("*.lean"))


@pytest.fixture(scope="module")
def solutions() -> Mapping[str, str]:
    """A proof of every open theorem, by name: what would stand in its slot, from `:=` on."""
    return tomllib.loads((HERE / "data" / "solutions" / "worked_example.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
async def survey(builder: Builder) -> Survey:
    return await Surveyor(builder).survey(TEXT)


# The text


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_is_a_module_that_imports_chapters_only_and_explains_everything(chapter: Path) -> None:
    text = chapter.read_text(encoding="utf-8")
    assert text.startswith("module\n")
    assert "@[expose] public section\n\nnamespace Numbers\n" in text
    assert all(name.startswith("Numbers.") for name in imports(text))
    spoken = [token for token in tokens(text) if token.significant]
    assert any(token.text.startswith("/-!") for token in spoken)
    for before, token in pairwise(spoken):
        if token.text in ("theorem", "def"):
            assert before.sort is Sort.DOC, text[token.start :].splitlines()[0]


async def test_the_text_compiles_and_is_large_and_deep_enough_to_be_worth_a_run(survey: Survey) -> None:
    assert len(survey.build.modules) == len(CHAPTERS) + 1
    assert len(survey.declarations) >= 100
    assert 48 <= len(survey.graph.open()) <= 60
    assert max(survey.graph.levels().values()) >= 8
    assert not survey.graph.cycles()


async def test_only_theorems_are_open_and_none_that_is_written_out_rests_on_them(survey: Survey) -> None:
    assert survey.graph.open() == survey.graph.holes() <= survey.theorems()
    assert survey.graph.open() == survey.graph.ready()


# The plan


async def test_the_plan_has_one_entry_for_every_declaration(survey: Survey) -> None:
    planned = Counter(name for node in survey.blueprint.nodes.values() for name in node.declarations)
    assert planned == Counter(list(survey.declarations))


async def test_the_plan_claims_what_the_text_bears_out(survey: Survey) -> None:
    assert compare(survey.blueprint, survey.declarations, survey.graph.open()) == []
    assert all(node.statement_ok for node in survey.blueprint.nodes.values())


async def test_a_statement_is_planned_to_use_what_it_uses(survey: Survey) -> None:
    for node in survey.blueprint.nodes.values():
        planned = {name for label in node.uses for name in survey.blueprint.nodes[label].declarations}
        for declaration in (survey.declarations[name] for name in node.declarations):
            body = frozenset() if declaration.kind is Kind.THEOREM else declaration.proof_uses
            assert planned == (declaration.statement_uses | body) - {declaration.name}


# The proofs


async def test_there_is_a_proof_for_every_open_theorem(survey: Survey, solutions: Mapping[str, str]) -> None:
    assert solutions.keys() == survey.graph.open()
    assert all(body.startswith(":= by\n") and "sorry" not in body for body in solutions.values())


@pytest.mark.slow
async def test_every_open_theorem_is_true_and_proved_as_planned(
    survey: Survey, solutions: Mapping[str, str], builder: Builder, tmp_path: Path
) -> None:
    root = tmp_path / "solved"
    shutil.copytree(TEXT, root)
    for path, text in survey.spliced(solutions).items():
        (root / path).write_text(text, encoding="utf-8")

    solved = await Surveyor(builder).survey(root)

    assert solved.graph.open() == frozenset()
    for name, declaration in solved.declarations.items():
        assert declaration.statement == survey.declarations[name].statement
        assert declaration.proof_uses & solved.theorems() <= survey.graph.planned(name), name
