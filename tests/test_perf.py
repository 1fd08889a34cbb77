"""The measurements: their theorems, their arithmetic, and the programs themselves."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from benchmarks.perf import judge, queue, swarm
from benchmarks.perf.lean import Figures, table
from benchmarks.perf.report import report
from benchmarks.perf.stub import BAD_BUILD, OK, synthetic
from benchmarks.perf.theorems import TEMPLATES, mixed
from prover.lean.toolchain import Toolchain
from prover.model import Attempt


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


@pytest.mark.slow
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


def test_attempts_arrive_at_the_rate_and_with_the_share_of_bad_ones_that_is_asked_for() -> None:
    names = [f"t{number}" for number in range(5000)]
    coming = queue.arrivals(queue.Load(1000, 0.1, "build"), names, hours=3, seed=1)
    times = [when for when, _ in coming]
    assert times == sorted(times)
    assert 2800 < len(times) < 3200
    assert {attempt.body for _, attempt in coming} == {OK, BAD_BUILD}
    assert 0.08 < sum(attempt.body != OK for _, attempt in coming) / len(coming) < 0.12
    assert len({attempt.declaration for _, attempt in coming}) == len(coming)


def test_a_queue_is_measured_once_it_has_settled() -> None:
    settling = queue.Settling(3600.0, [1], merges=1, builds=1, real=0.5)
    steps = [settling, settling._replace(when=7200.0, decided=[2]), settling._replace(when=10800.0, decided=[3])]
    coming = [(0.0, Attempt("t", "stub", OK, number=number)) for number in (1, 2, 3)]
    line = queue.line(queue.Load(10, 0.0, "build"), coming, 1, steps, longest=2)
    assert (line.merges, line.builds, line.per_build, line.per_hour) == (3, 3, 1.0, 1.0)
    assert (line.wait, line.git) == (7200.0, 0.5)


def test_a_build_that_says_yes_or_no_decides_at_most_one_bit() -> None:
    assert queue.bound(good=50, decided=100) == pytest.approx(0.5)
    assert queue.bound(good=98, decided=100) == pytest.approx(6.93, abs=0.01)
    assert queue.bound(good=100, decided=100) is None


def test_the_merge_queue_is_measured_beside_one_build_per_merge(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    loads = [queue.Load(120, 0.1, "build")]
    report(lambda progress: queue.measure(0.5, 80, loads, progress), queue.table, file)
    one, many = json.loads(file.read_text())["lines"]
    assert one["batch"] == 1
    assert one["per_build"] <= 1 < many["per_build"]
    assert one["merges"] < many["merges"]
    assert many["ratio"] == pytest.approx(many["per_hour"] / one["per_hour"])


def test_the_swarm_is_measured_to_its_last_attempt_and_then_resumed(tmp_path: Path) -> None:
    plan = synthetic(tmp_path / "project", 40, seed=1)
    site = swarm.Site(tmp_path / "project", plan, places=8, attempts=30, thinking=0.0)
    line = swarm.apart(swarm.run, site)
    assert line.attempts == 30
    assert 0 < line.merged < 30
    assert line.events > 2 * line.attempts
    assert 0 < line.event_p50 <= line.event_p99 <= line.event_p999 <= line.event_max <= line.processor
    assert 0 < line.in_flight <= 9
    assert swarm.apart(swarm.resume, site) > 0


def test_a_cost_that_grows_as_the_attempts_do_has_slope_one() -> None:
    line = swarm.Line(1000, 1, 1, 3.0, 1.0, 1.0, 0.1, 0.1, 0.1, 0.1, "built", 0.1, 1, 1, 1.0)
    lines = [line, replace(line, attempts=10_000, wall=30.0, memory=100)]
    assert swarm.slope(lines, "wall") == pytest.approx(1)
    assert swarm.slope(lines, "memory") == pytest.approx(2)
    console = Console(width=120)
    with console.capture() as shown:
        console.print(swarm.table(swarm.Figures(2, 60, 8, (line,), dict.fromkeys(swarm.GROWING, 1.0))))
    assert "100 ms, built" in shown.get()
