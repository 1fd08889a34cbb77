"""The suite of our own: what its files say, and the judge's word that each statement is what it is said to be."""

import re
from collections import Counter
from pathlib import Path

import pytest

from prover.bench.problem import Problem, Truth
from prover.bench.suites.reading import read_suite
from prover.judge.gate import Gate
from prover.lean import cache
from prover.lean.build import Builder
from prover.lean.source import imports
from prover.lean.toolchain import Toolchain
from prover.model import Outcome, Slot
from prover.repair.parts import parts

CORE = Path(__file__).parent.parent / "benchmarks" / "core"
LEVELS = ("1", "2", "3", "4", "5")
DOMAINS = {"Arithmetic", "Divisibility", "Inequalities", "Induction", "Lists", "Logic", "Counting", "Functions"}
SUITE = read_suite(CORE)
FALSE = frozenset(problem.name for problem in SUITE.problems if problem.truth is Truth.FALSE)


def stated(level: str) -> str:
    return (CORE / f"Level{level}.lean").read_text(encoding="utf-8")


def witnessed(level: str) -> str:
    return (CORE / "solutions" / f"Level{level}.lean").read_text(encoding="utf-8")


def theorems(text: str) -> list[tuple[str, Slot]]:
    return [(part.name, part.slot) for part in parts(text) if part.keyword == "theorem" and part.slot]


def words(text: str) -> str:
    """The text with one space for whatever space there is."""
    return " ".join(text.split())


def of_level(level: str) -> list[Problem]:
    return [problem for problem in SUITE.problems if problem.level == level]


def test_there_are_thirty_statements_and_more_in_each_of_five_levels() -> None:
    assert not SUITE.unusable
    assert {problem.level for problem in SUITE.problems} == set(LEVELS)
    assert all(len(of_level(level)) >= 30 for level in LEVELS)
    assert len(SUITE.problems) >= 160


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_has_statements_of_each_domain(level: str) -> None:
    domains = Counter(problem.domain for problem in of_level(level))
    assert domains.keys() == DOMAINS
    assert min(domains.values()) >= 3


def test_about_one_in_ten_is_false_in_each_level_and_on_the_whole() -> None:
    assert 0.08 <= len(FALSE) / len(SUITE.problems) <= 0.15
    for level in LEVELS:
        assert (
            0.05 <= len(FALSE.intersection(problem.name for problem in of_level(level))) / len(of_level(level)) <= 0.15
        )


def test_the_truth_of_all_is_known() -> None:
    assert not [problem.name for problem in SUITE.problems if problem.truth is Truth.UNKNOWN]


def test_each_has_a_name_of_its_own_and_is_said_in_words() -> None:
    names = [name for level in LEVELS for name, _ in theorems(stated(level))]
    assert len(set(names)) == len(names) == len(SUITE.problems)
    assert all(re.fullmatch(r"Core\.[a-z][a-z_]*[a-z]", name) for name in names)
    assert not [problem.name for problem in SUITE.problems if len(problem.informal.split()) < 4]
    assert len({words(problem.informal) for problem in SUITE.problems}) == len(names)


def test_no_two_say_the_same() -> None:
    said = Counter(
        (problem.preamble, words(slot.statement)) for problem, slot in zip(SUITE.problems, slots(), strict=True)
    )
    assert max(said.values()) == 1


def slots() -> list[Slot]:
    return [slot for level in LEVELS for _, slot in theorems(stated(level))]


@pytest.mark.parametrize("level", LEVELS)
def test_whoever_sees_a_file_sees_no_proof_and_not_which_are_false(level: str) -> None:
    text = stated(level)
    assert all(words(text[slice(*slot.body)]) == ":= by sorry" for _, slot in theorems(text))
    assert not re.search(r"(?i)disprove|disproof|counter-?example|on purpose", text)


@pytest.mark.parametrize("level", LEVELS)
def test_nothing_but_lean_is_needed(level: str) -> None:
    for text in (stated(level), witnessed(level)):
        assert not imports(text)
        assert "Mathlib" not in text
        assert not [
            part.shown for part in parts(text) if part.keyword in ("axiom", "opaque", "macro", "elab", "notation")
        ]


@pytest.mark.parametrize("level", LEVELS)
def test_every_statement_has_a_witness_in_its_very_words(level: str) -> None:
    witnesses = {name: words(slot.statement) for name, slot in theorems(witnessed(level))}
    for name, slot in theorems(stated(level)):
        if name in FALSE:
            assert witnesses[f"{name}.disproof"] == words(slot.negation)
            assert name not in witnesses
        else:
            assert witnesses[name] == words(slot.statement)
            assert f"{name}.disproof" not in witnesses


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("level", LEVELS)
async def test_the_judge_accepts_every_witness(toolchain: Toolchain, tmp_path: Path, level: str) -> None:
    builder = Builder(toolchain, cache.folder("builds"), seconds=800)  # a level's proofs are one large module
    (tmp_path / "prover.toml").touch()
    module, names = tmp_path / "Level.lean", [name for name, _ in theorems(stated(level))]
    module.write_text(stated(level), encoding="utf-8")
    before = await builder.build(tmp_path)
    module.write_text(witnessed(level), encoding="utf-8")
    async with Gate.opened(builder) as gate:
        judgement = await gate.judge(names, before, tmp_path, free=True)
    for name in names:
        verdict = judgement.verdicts[name]
        if name in FALSE:
            assert (verdict.evidence.disproof, bool(verdict.evidence.replayed)) == (f"{name}.disproof", True), verdict
        else:
            assert verdict.outcome is Outcome.PROVED, f"{name}: {verdict.outcome}: {verdict.explanation}"
