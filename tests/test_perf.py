"""The measurement of Lean: its theorems, its arithmetic, and the program itself."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from benchmarks.perf import judge
from benchmarks.perf.lean import Figures, table
from benchmarks.perf.theorems import TEMPLATES, mixed
from prover.lean.toolchain import Toolchain


@given(st.integers(0, 200), st.integers())
def test_the_seed_fixes_the_theorems_and_no_two_are_alike(count: int, seed: int) -> None:
    theorems = mixed(count, seed=seed)
    assert theorems == mixed(count, seed=seed)
    assert len({theorem.text for theorem in theorems}) == count


def test_a_fifth_of_the_theorems_is_wrong_or_as_many_as_wanted() -> None:
    assert 0.15 < sum(not theorem.sound for theorem in mixed(2000, seed=1)) / 2000 < 0.25
    assert all(theorem.sound for theorem in mixed(200, seed=1, unsound=0))
    assert not any(theorem.sound for theorem in mixed(200, seed=1, unsound=1))


def test_the_measured_theorems_are_of_many_kinds_and_each_kind_is_in_the_sample() -> None:
    kinds = [number % len(TEMPLATES) for number in range(500)]
    assert len(TEMPLATES) >= 12
    assert set(kinds[::25]) == set(range(len(TEMPLATES)))


def test_the_table_shows_the_ratio() -> None:
    figures = Figures("embedded", 2, 500, 20, 8.0, 0.05, 0.2, 20.0, 30.0, 5.0, 100.0)
    console = Console(width=100)
    with console.capture() as shown:
        console.print(table(figures))
    assert "100 times faster" in shown.get()
    assert "50 ms" in shown.get()


@pytest.mark.usefixtures("toolchain")
def test_the_judges_costs_are_written_down(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    command = [sys.executable, "-m", "benchmarks.perf.judge", "--quick", "--json", str(file)]
    root = Path(__file__).parent.parent
    finished = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=250, check=False)
    assert finished.returncode == 0, finished.stderr
    figures = judge.Figures(**json.loads(file.read_text()))
    assert (figures.declarations, figures.rounds) == (10, 3)
    assert 0 < figures.lexical_p50 < figures.judge_p50 <= figures.judge_p95
    assert figures.share == pytest.approx(figures.judge_p50 / (figures.judge_p50 + figures.build))
    assert "the audit" in finished.stdout


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_program_writes_its_figures(toolchain: Toolchain, tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    command = [sys.executable, "-m", "benchmarks.perf.lean", "--quick", "--json", str(file)]
    root = Path(__file__).parent.parent
    finished = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=800, check=False)
    assert finished.returncode == 0, finished.stderr
    figures = Figures(**json.loads(file.read_text()))
    assert (figures.toolchain, figures.theorems, figures.sample) == (toolchain.name, 20, 2)
    assert figures.ratio == pytest.approx(figures.rate_1_worker * figures.one_process)
    assert 0 < figures.warm_p50 <= figures.warm_p95
    assert "times faster" in finished.stdout
