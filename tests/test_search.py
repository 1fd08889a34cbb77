"""What is found for a name, for words and for a goal: on Lean's own modules and on the worked example."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.base import Premise
from prover.errors import LeanError, ProjectError
from prover.example import template
from prover.graph import DeclarationGraph
from prover.lean.build import Builder
from prover.lean.module import read_module
from prover.lean.toolchain import Toolchain
from prover.model import Kind
from prover.project import Survey, Surveyor
from prover.search import library
from prover.search.entries import Entry, entries
from prover.search.index import Index
from prover.search.proofs import Proofs
from prover.search.query import MOST, Query
from prover.search.searcher import Searcher, fused
from prover.search.shelf import Shelf
from tests.shelves import MODULES, part_of_the_library


@pytest.fixture(scope="module")
async def index(toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Index]:
    """A few modules of Lean's library."""
    folder = tmp_path_factory.mktemp("search")
    found = Index([await library.shelf(part_of_the_library(toolchain, folder / "library"), folder / "store")])
    yield found
    found.close()


@pytest.fixture(scope="module")
async def survey(builder: Builder) -> Survey:
    """The worked example."""
    return await Surveyor(builder).survey(template())


@pytest.fixture(scope="module")
def searcher(index: Index, survey: Survey) -> Searcher:
    return index.at(survey)


def names(found: tuple[Premise, ...]) -> list[str]:
    return [premise.name for premise in found]


# A name, words, a goal


def test_the_shortest_of_all_that_are_called_so_comes_first(searcher: Searcher) -> None:
    first = searcher.find("add_comm")[0]
    assert (first.name, first.module, first.kind) == ("Nat.add_comm", "Init.Data.Nat.Basic", Kind.THEOREM)
    assert first.type == "∀ (n m : Nat), n + m = m + n"
    assert first.proved
    assert first.importable


@pytest.mark.parametrize("query", ["Nat.add_comm", "add comm", "Nat add comm"])
def test_a_name_is_found_by_all_of_it_and_by_its_words(searcher: Searcher, query: str) -> None:
    assert "Nat.add_comm" in names(searcher.find(query))[:2]


def test_what_is_called_as_the_query_is_found_even_where_it_is_still_open(searcher: Searcher) -> None:
    first = searcher.find("choose_symm")[0]
    assert (first.name, first.proved) == ("Numbers.choose_symm", False)


def test_words_of_a_docstring_find_its_declaration(searcher: Searcher) -> None:
    found = searcher.find("two neighbouring triangles make a square")
    doc = {premise.name: premise.doc for premise in found}["Numbers.triangle_add_triangle_succ"]
    assert doc == "Theon of Smyrna: two neighbouring triangles make a square."


def test_a_goal_finds_the_lemmas_about_its_constants(searcher: Searcher) -> None:
    goal = "n k : Nat\nih : choose n k = 0\n⊢ choose (n + 1) (k + 1) = 0"
    assert "Numbers.choose_succ_succ" in names(searcher.find(goal, asker="Numbers.choose_eq_zero_of_lt"))


def test_notation_stands_for_its_constant(searcher: Searcher) -> None:
    assert "Nat.dvd_trans" in names(searcher.find("h₁ : a ∣ b\nh₂ : b ∣ c\n⊢ a ∣ c"))


def test_at_most_so_many_are_found(searcher: Searcher) -> None:
    assert len(searcher.find("add", 3)) == 3


async def test_a_search_beside_the_loop_finds_the_same(searcher: Searcher) -> None:
    queries = ["add_comm", "choose n k = 0", "a triangle"]
    beside = await asyncio.gather(*(searcher.search(query, 5) for query in queries))
    assert beside == [searcher.find(query, 5) for query in queries]


def test_nothing_is_found_for_nothing_and_for_what_is_nowhere(searcher: Searcher) -> None:
    assert searcher.find("") == searcher.find("  \n") == searcher.find("qqqq zzzz") == ()


@settings(max_examples=50)
@given(
    st.text(alphabet=st.characters(exclude_categories=["L", "N"])) | st.text() | st.text("⊢«»'\"_.:=∀%\0", max_size=30)
)
def test_strange_characters_crash_nothing(searcher: Searcher, query: str) -> None:
    assert len(searcher.find(query, 4, module="Numbers.Sum")) <= 4


def test_of_an_endless_query_the_beginning_counts(searcher: Searcher) -> None:
    assert searcher.find("add_comm " + "x " * MOST) == searcher.find("add_comm " + "x " * (MOST // 2))


# What can be used, and what is proved


def closed(survey: Survey, name: str, yes: bool) -> Survey:
    """The survey as it is when the theorem has a proof, or none."""
    others = {**survey.declarations, name: replace(survey.declarations[name], hole=not yes)}
    imports = {module: frozenset(compiled.sees) for module, compiled in survey.build.modules.items()}
    return replace(survey, declarations=others, graph=DeclarationGraph(others, survey.blueprint.edges(), imports))


def test_the_asker_is_not_among_its_own_premises(searcher: Searcher, survey: Survey) -> None:
    for name in ("Numbers.choose_symm", "Numbers.sum_add"):
        assert name not in names(searcher.find(survey.slot(name).statement, 50, asker=name))


def test_what_cannot_be_used_comes_after_what_can(searcher: Searcher) -> None:
    found = searcher.find("choose n k = choose n (n - k)", 20, asker="Numbers.choose_symm")
    usable = [premise.proved and premise.importable for premise in found]
    assert usable == sorted(usable, reverse=True)
    assert len(set(usable)) == 2


def test_an_open_theorem_comes_after_a_proved_one(index: Index, survey: Survey) -> None:
    goal, name = "⊢ choose n 0 = 1", "Numbers.choose_zero"
    assert names(index.at(survey).find(goal, 5))[0] == name
    found = index.at(closed(survey, name, False)).find(goal, 5)
    proved = [premise.proved for premise in found]
    assert proved == sorted(proved, reverse=True)
    assert not proved[names(found).index(name)]
    assert any(proved)


def test_what_rests_on_a_hole_is_open_too(index: Index, survey: Survey) -> None:
    (user, *_) = sorted(survey.graph.resting_on("Numbers.sum_succ") - survey.graph.open())
    before, after = (index.at(closed(survey, "Numbers.sum_succ", yes)) for yes in (True, False))
    assert before.find(user, 1)[0].proved
    assert not after.find(user, 1)[0].proved


def test_a_constructor_is_as_open_as_its_type(index: Index, survey: Survey) -> None:
    assert all(premise.proved for premise in index.at(survey).find("Nat.succ", 1))


@pytest.mark.parametrize(
    ("premise", "asker", "importable"),
    [
        ("Numbers.sum_succ", "Numbers.sum_add", True),  # before it in the same module
        ("Numbers.sum_add", "Numbers.sum_succ", False),  # behind it
        ("Numbers.sum_succ", "Numbers.choose_symm", True),  # in a module that is imported
        ("Numbers.choose_symm", "Numbers.sum_succ", False),  # in one that imports the asker's
        ("Numbers.fib_add", "Numbers.choose_symm", False),
        ("Numbers.even_iff", "Numbers.choose_symm", True),  # in neither: it could be imported
        ("Nat.add_comm", "Numbers.choose_symm", True),
    ],
)
def test_no_module_can_import_what_imports_it(searcher: Searcher, premise: str, asker: str, importable: bool) -> None:
    (found,) = searcher.find(premise, 1, asker=asker)
    assert (found.name, found.importable) == (premise, importable)


def test_for_a_whole_module_all_of_it_is_in_scope(searcher: Searcher) -> None:
    (own,) = searcher.find("Numbers.sum_add", 1, module="Numbers.Sum")
    (above,) = searcher.find("Numbers.choose_symm", 1, module="Numbers.Sum")
    assert (own.importable, above.importable) == (True, False)


def test_what_is_in_scope_comes_before_what_an_import_would_bring(searcher: Searcher) -> None:
    found = searcher.find("⊢ Even (choose n k)", 30, module="Numbers.Binomial")
    scoped = [not premise.module.startswith("Numbers.Parity") for premise in found if premise.proved]
    assert scoped == sorted(scoped, reverse=True)
    assert len(set(scoped)) == 2


def test_while_no_interface_changes_nothing_is_indexed_again(index: Index, survey: Survey) -> None:
    before, after = index.at(survey), index.at(closed(survey, "Numbers.choose_symm", True))
    assert after.shelves[0] is before.shelves[0]
    assert [searcher.find("choose_symm", 1)[0].proved for searcher in (before, after)] == [False, True]
    module = survey.build.modules["Numbers.Sum"]
    other = replace(survey.build, modules={**survey.build.modules, module.name: replace(module, interface="other")})
    assert index.at(replace(survey, build=other)).shelves[0] is not before.shelves[0]


def test_a_goal_finds_what_the_proofs_of_similar_statements_name(searcher: Searcher, survey: Survey) -> None:
    name = "Numbers.two_pow_le_factorial"
    found = names(searcher.find(survey.slot(name).statement, asker=name, fields=["proofs"]))
    assert {"Numbers.factorial_succ", "Nat.pow_succ"} <= set(found)
    assert not {"Nat.succ", "Decidable.decide"} & set(found)  # named as well, but no facts


def test_a_proof_names_what_its_text_and_its_term_have(survey: Survey) -> None:
    proofs = Proofs(survey)
    assert proofs.named_in("Numbers.choose_pos") >= {"Numbers.choose_zero", "Numbers.choose_succ_succ"}
    assert proofs.named_in("Numbers.choose_symm") == proofs.named_in("Numbers.choose") == frozenset()
    assert proofs.named_in("no such theorem") == frozenset()


# What is in the index


def test_what_lean_generates_is_left_out(toolchain: Toolchain) -> None:
    found: dict[str, Entry] = {}
    for name in ("Prelude", "Core"):
        module = read_module([toolchain.library / "Init" / f"{name}.olean"])
        found |= {entry.name: entry for entry in entries(f"Init.{name}", module, lambda _: None)}
    assert not {"Nat.rec", "Nat.casesOn", "Nat.noConfusion", "Nat.succ.injEq", "instLTNat"} & found.keys()
    assert not [name for name in found if "_private" in name or "match_" in name or "._" in name]
    assert found["Nat.succ"].kind is Kind.CONSTRUCTOR
    assert found["Nat.le_of_lt_succ"].kind is Kind.THEOREM  # an axiom to whoever imports it
    assert found["propext"].kind is Kind.AXIOM
    assert found["Nat.le_trans"].uses == {"Nat", "LE.le"}


def test_a_type_of_the_project_is_written_with_notation(searcher: Searcher) -> None:
    assert searcher.find("choose_symm")[0].type == "∀ (a b : Nat), Numbers.choose (a + b) a = Numbers.choose (a + b) b"


def test_docstrings_and_types_are_as_lean_has_them(survey: Survey) -> None:
    module = survey.build.modules["Numbers.Binomial"]
    found = {entry.name: entry for entry in entries(module.name, module.read(), lambda _: None)}
    assert found["Numbers.choose_succ_succ"].doc == "Pascal's rule."
    assert found["Numbers.choose"].type == "Nat → Nat → Nat"


async def test_an_index_is_made_once_and_again_for_other_modules(toolchain: Toolchain, tmp_path: Path) -> None:
    folder = part_of_the_library(toolchain, tmp_path / "library")
    for module in MODULES[:-1]:
        Path(folder, *module.split(".")).with_suffix(".olean").unlink()
    assert len(await library.shelf(folder, tmp_path / "store")) > 20
    (made,) = [path for path in (tmp_path / "store").iterdir() if path.is_dir()]
    began = made.stat().st_mtime_ns
    await library.shelf(folder, tmp_path / "store")
    assert made.stat().st_mtime_ns == began
    before = library.digest(folder)
    next(folder.rglob("Dvd.olean")).touch()
    assert library.digest(folder) != before


async def test_a_module_is_read_after_those_that_it_imports(toolchain: Toolchain, tmp_path: Path) -> None:
    lean = part_of_the_library(toolchain, tmp_path / "lean", ("Init.Coe", "Init.Prelude"))
    shelf = await library.shelf(lean, tmp_path / "store")
    coercion = shelf.premise(shelf.named("subtypeCoe", 1)[0])
    assert coercion.type == "∀ {α : Sort u} {p : α → Prop}, CoeOut (Subtype p) α"


async def test_what_a_package_builds_on_is_looked_up_in_the_indices_below(toolchain: Toolchain, tmp_path: Path) -> None:
    lean, package = part_of_the_library(toolchain, tmp_path / "lean"), tmp_path / "package"
    (package / "Init/Data").mkdir(parents=True)
    (lean / "Init/Data/Nat").rename(package / "Init/Data/Nat")
    below = await library.shelf(lean, tmp_path / "store")
    shelves = [
        await library.shelf(package, tmp_path / "knowing", [below]),
        await library.shelf(package, tmp_path / "not"),
    ]
    types = [shelf.premise(shelf.named("Nat.pow_succ", 1)[0]).type for shelf in shelves]
    assert types == ["∀ (n m : Nat), n ^ m.succ = n ^ m * n", "∀ (n m : Nat), n ^ @Nat.succ m = n ^ m * n"]


async def test_docstrings_stand_beside_the_modules_of_a_package(survey: Survey, tmp_path: Path) -> None:
    shelf = await library.shelf(survey.build.library, tmp_path)
    (number,) = shelf.named("choose_succ_succ", 2)
    assert shelf.premise(number).doc == "Pascal's rule."
    assert "Numbers.Factorial" in shelf.imports()["Numbers.Binomial"]
    shelf.close()


async def test_a_damaged_module_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "Init.olean").write_bytes(b"olean")
    with pytest.raises(LeanError, match=r"Init\.olean is cut short"):
        await library.shelf(folder, tmp_path / "store")
    assert [path.suffix for path in (tmp_path / "store").iterdir()] == [".lock"]


async def test_a_cache_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("no folder")
    with pytest.raises(ProjectError, match="cannot write the index"):
        await library.shelf(tmp_path, tmp_path / "store")


def test_an_empty_shelf_finds_nothing() -> None:
    shelf = Shelf.fill([], {})
    assert shelf.named("a", 3) == []
    assert shelf.ranked("names", ["a"], 3) == []
    shelf.close()


def test_a_closed_shelf_is_not_read() -> None:
    shelf = Shelf.fill([Entry("a", "A", Kind.THEOREM, "True", "", frozenset())], {})
    assert shelf.premise(0) == Premise("a", "A", Kind.THEOREM, "True")
    shelf.close()
    with pytest.raises(sqlite3.ProgrammingError):
        shelf.premise(0)


# Queries and fusion


def test_a_goal_is_read_as_names_notation_and_words() -> None:
    asked = Query.of("xs : List Nat\n⊢ (xs ++ ys).length ≤ 0")
    assert asked.name == ""
    assert asked.symbols == ("HAppend.hAppend", "LE.le")
    assert {"List", "Nat"} <= set(asked.names)
    assert {"append", "le", "zero", "length"} <= set(asked.words)


def test_an_arrow_is_no_relation() -> None:
    assert Query.of("fun i => f i").symbols == Query.of("x := y").symbols == ()


@given(st.lists(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 9)), unique=True), max_size=5))
def test_what_more_rankings_have_higher_up_scores_more(rankings: list[list[tuple[int, int]]]) -> None:
    scores = fused(rankings)
    assert scores.keys() == {place for ranking in rankings for place in ranking}
    for ranking in rankings:
        alone = fused([ranking])
        assert sorted(alone, key=lambda place: -alone[place]) == ranking
        assert all(scores[place] >= alone[place] for place in ranking)


@pytest.mark.slow
async def test_the_whole_library_is_indexed(toolchain: Toolchain, survey: Survey) -> None:
    index = await Index.of(toolchain)
    searcher = index.at(survey)
    assert names(searcher.find("add_comm"))[0] == "Nat.add_comm"
    assert names(searcher.find("List.map_map"))[0] == "List.map_map"
    index.close()
