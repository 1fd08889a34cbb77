"""`prover disprove` as people call it: what it takes, what it refuses, what it prints, and with which exit code."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from prover import disprove_cli
from prover.errors import ConfigError, ProjectError, ProverError
from tests.test_cli import NO, YES

FALSE = "namespace N\n/-- No. -/\n@[simp] private theorem small (n : Nat) : n < 5 := by\n  sorry\n\n"
USED = f"{FALSE}theorem used : 7 < 5 := small 7\nend N\n"


def disprove(*arguments: str | Path) -> Result:
    app = typer.Typer()
    app.command()(disprove_cli.disprove)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def refusal(*arguments: str | Path) -> ProverError:
    """What was refused, in one line, and with what to do."""
    result = disprove(*arguments)
    assert isinstance(result.exception, ProverError), result.output
    assert "\n" not in str(result.exception)
    assert result.exception.remedy
    return result.exception


def test_what_is_meant_must_be_clear_before_any_work(tmp_path: Path) -> None:
    path = tmp_path / "a.lean"
    path.write_text("theorem a : 1 = 2 := sorry\ntheorem b : 1 = 3 := sorry\ninstance c : Inhabited Nat := ⟨0⟩\n")
    assert str(refusal(path)).endswith("has the open theorems a, b")
    assert "is an instance" in str(refusal(f"{path}:c"))
    assert "has no d" in str(refusal(f"{path}:d"))
    path.write_text("def d := 1\n")
    assert str(refusal(path)).endswith("has the theorem none")
    assert "there is no file" in str(refusal(tmp_path / "b.lean"))


def test_the_file_itself_is_never_written(tmp_path: Path) -> None:
    path = tmp_path / "a.lean"
    path.write_text(FALSE)
    assert isinstance(refusal(path, "-o", path), ConfigError)
    assert path.read_text() == FALSE


@pytest.mark.usefixtures("toolchain")
def test_a_false_theorem_is_disproved_and_the_judge_has_seen_it(tmp_path: Path) -> None:
    path, written = tmp_path / "a.lean", tmp_path / "b.lean"
    path.write_text(USED)
    done = disprove(f"{path}:small", "--json", "-o", written)
    assert done.exit_code == YES, done.output
    said = json.loads(done.stdout)
    assert (said["declaration"], said["line"], said["disproved"]) == ("N.small", 3, True)
    assert said["found"] == "false for n = 5"
    assert said["text"].startswith("private theorem small.disproof : ¬ (∀ (n : Nat), n < 5) := ")
    assert said["verdict"]["evidence"]["disproof"] == "N.small.disproof"
    assert said["verdict"]["evidence"]["replayed"]
    assert written.read_text() == f"namespace N\n{said['text']}\n"
    assert path.read_text() == USED


@pytest.mark.slow
@pytest.mark.usefixtures("toolchain")
def test_a_true_theorem_is_not_disproved(tmp_path: Path) -> None:
    path = tmp_path / "a.lean"
    path.write_text("theorem a (p q : Prop) (h : p → q) : ¬q → ¬p := sorry\n")
    done = disprove(path)
    assert done.exit_code == NO, done.output
    assert done.stdout == ""
    assert "a is not disproved: no counterexample among " in done.stderr


@pytest.mark.slow
@pytest.mark.usefixtures("toolchain")
def test_an_example_in_a_project_is_disproved_from_what_it_imports(
    project: Callable[[Mapping[str, str]], Path],
) -> None:
    root = project(
        {
            "Below": "def double (n : Nat) : Nat := n + n",
            "Above": "module\n\npublic import Below\n\nexample (n : Nat) : double n = n := by\n  sorry\n",
        }
    )
    done = disprove(root / "Above.lean")
    assert done.exit_code == YES, done.output
    assert "example_on_line_5.disproof" in done.stdout
    assert "disproved: false for n = 1" in done.stderr


@pytest.mark.slow
@pytest.mark.usefixtures("toolchain")
def test_a_file_that_does_not_compile_up_to_the_theorem_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.lean"
    path.write_text("def d : Nat := nonsense\ntheorem a : d = 1 := sorry\n")
    result = disprove(path)
    assert isinstance(result.exception, ProjectError)
    assert "does not compile up to the theorem" in str(result.exception)
