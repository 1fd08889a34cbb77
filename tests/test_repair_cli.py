"""`prover repair` as people call it: what it takes, what it refuses, what it writes, and with which exit code."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from prover import repair_cli
from prover.errors import ConfigError, ProjectError, ProverError
from prover.lean.toolchain import Toolchain
from prover.repair.choice import chosen, split
from prover.repair.original import LARGEST, Original
from prover.repair.parts import parts

BROKEN = "\ufeff/-- A sum. -/\r\ntheorem a (n : Nat) : 0 + n = n := by\r\n  exact Nat.zero_addd n\r\n"
FINE = "theorem a (n : Nat) : 0 + n = n := by\n  exact Nat.zero_add n\n"
Make = Callable[..., Path]


def repair(*arguments: str | Path) -> Result:
    app = typer.Typer()
    app.command()(repair_cli.repair)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def refusal(*arguments: str | Path) -> ProverError:
    """What was refused, in one line, and with what to do."""
    result = repair(*arguments)
    assert isinstance(result.exception, ProverError), result.output
    assert "\n" not in str(result.exception)
    assert result.exception.remedy
    return result.exception


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is no text"),
        ("theorem a : True := trivial".encode("utf-16"), "is UTF-16"),
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"theorem \xff : True := trivial", "byte 8 is 0xff"),
        (b"-" * (LARGEST + 1), "is larger than 4 MiB"),
    ],
)
def test_a_file_that_is_not_lean_is_refused_before_any_work(tmp_path: Path, data: bytes, why: str) -> None:
    path = tmp_path / "a.lean"
    path.write_bytes(data)
    assert why in str(refusal(path))
    assert path.read_bytes() == data


def test_a_folder_and_a_missing_file_are_said_to_be_that(tmp_path: Path) -> None:
    assert "is a folder" in str(refusal(tmp_path))
    assert "there is no file" in str(refusal(tmp_path / "none.lean"))
    assert str(refusal(f"{tmp_path}/none.lean:a")) == f"there is no file {tmp_path}/none.lean"


def test_a_file_may_have_colons_in_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "C:a.lean").touch()
    assert split("C:a.lean") == (Path("C:a.lean"), "")
    assert split("C:a.lean:N.b") == (Path("C:a.lean"), "N.b")
    assert split("C:a.lean:«b:c»") == (Path("C:a.lean"), "«b:c»")
    assert split("C:\\none.lean") == (Path("C:\\none.lean"), "")
    assert split("none.lean:a") == (Path("none.lean"), "a")


def test_a_proof_is_chosen_by_the_end_of_its_name_or_its_line() -> None:
    found = parts(
        "namespace N\ntheorem a : True := trivial\ntheorem M.a : True := trivial\ndef d := 1\nexample : True := trivial"
    )
    path = Path("f.lean")
    assert chosen(found, "", path) == {1, 2, 4}
    assert chosen(found, "N.a", path) == {1}
    assert chosen(found, "M.a", path) == {2}
    assert chosen(found, "5", path) == {4}
    with pytest.raises(ConfigError, match=r"more than one a: N.a \(line 2\), N.M.a \(line 3\)"):
        chosen(found, "a", path)
    with pytest.raises(ConfigError, match="only proofs are repaired"):
        chosen(found, "d", path)
    with pytest.raises(ConfigError, match="has no z") as caught:
        chosen(found, "z", path)
    assert caught.value.remedy == "it has N.a, N.M.a, example on line 5"


def test_a_read_only_file_is_refused_before_any_work(tmp_path: Path) -> None:
    path = tmp_path / "a.lean"
    path.write_text(FINE)
    path.chmod(0o444)
    assert "is read-only" in str(refusal(path, "--in-place"))


def test_what_cannot_go_together_is_refused(tmp_path: Path) -> None:
    path, reply = tmp_path / "a.lean", tmp_path / "reply.md"
    path.write_text(FINE)
    reply.write_text(FINE)
    assert "do not go together" in str(refusal(path, "--in-place", "-o", tmp_path / "b.lean"))
    assert "is" in str(refusal(path, "-o", path))
    assert "is no .lean file" in str(refusal(reply, "--in-place"))
    assert "limit" in str(refusal(path, "--budget", "euros=1"))


def test_a_file_that_was_changed_in_the_meantime_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.lean"
    path.write_text("one")
    read = Original.read(path)
    path.write_text("two")
    with pytest.raises(ProjectError, match="changed in the meantime"):
        read.replace_with(Original(path, b"three"))
    assert path.read_text() == "two"


def test_the_file_keeps_its_permissions_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a.lean"
    path.write_text("one")
    path.chmod(0o640)
    Original.read(path).replace_with(Original(path, b"two"))
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("two", 0o640)
    assert [*tmp_path.iterdir()] == [path]


def test_the_diff_is_one_that_patch_takes(tmp_path: Path) -> None:
    old, new = Original(Path("a.lean"), BROKEN.encode() + b"end"), Original(Path("a.lean"), BROKEN[:-1].encode() + b"x")
    path = tmp_path / "a.lean"
    path.write_bytes(old.data)
    subprocess.run(["git", "apply", "-"], input=old.diff(new, "a.lean"), cwd=tmp_path, check=True, timeout=60)
    assert path.read_bytes() == new.data


@pytest.fixture
def broken(tmp_path: Path, toolchain: Toolchain) -> Path:
    path = tmp_path / "a.lean"
    path.write_bytes(BROKEN.encode())
    return path


@pytest.mark.slow
def test_a_repaired_file_is_written_in_place_and_the_second_time_left(broken: Path) -> None:
    result = repair(broken, "--in-place")
    assert result.exit_code == 0, result.output
    now = broken.read_bytes()
    assert now.startswith("\ufeff/-- A sum. -/\r\ntheorem a (n : Nat) : 0 + n = n := by\r\n  ".encode())
    assert b"zero_addd" not in now
    again = repair(broken, "--in-place")
    assert again.exit_code == 0
    assert "nothing to repair; 1 more are proved as they stand" in again.output
    assert broken.read_bytes() == now


@pytest.mark.slow
def test_json_says_all_of_it_and_the_file_stays(broken: Path) -> None:
    result = repair(broken, "--json")
    value = json.loads(result.stdout)
    (said,) = value["declarations"]
    assert (result.exit_code, value["proved"], value["changed"]) == (0, True, True)
    assert (said["declaration"], said["line"], said["status"], said["verdict"]) == ("a", 2, "proved", "proved")
    assert "-  exact Nat.zero_addd n" in value["diff"]
    assert broken.read_bytes() == BROKEN.encode()


@pytest.mark.slow
def test_a_file_of_a_project_sees_the_modules_that_it_imports(project: Make, toolchain: Toolchain) -> None:
    texts = {
        "Base.Sums": "theorem base (n : Nat) : 0 + n = n := by simp\n",
        "Other": "theorem wrong : 1 = 2 := rfl\n",
        "Top": "import Base.Sums\ntheorem a (n : Nat) : 0 + n = n := by\n  exact basee n\n",
    }
    root = project(texts)
    result = repair(root / "Top.lean", "-o", root / "result.txt")
    assert result.exit_code == 0, result.output
    assert (root / "Top.lean").read_text() == texts["Top"]
    assert (root / "result.txt").read_text().startswith("import Base.Sums\ntheorem a")


SQUARES = """theorem both (n : Nat) : n + 0 = n ∧ ∃ x y : Nat, 0 < x ∧ x < y ∧ x * x + y * y = 625 := by
  constructor
  · exact Nat.add_zero n
  · exact ⟨7, 25, by decide, by decide, rfl⟩
"""


@pytest.mark.slow
def test_what_is_left_is_asked_of_a_model_within_a_budget(tmp_path: Path, toolchain: Toolchain) -> None:
    path = tmp_path / "a.lean"
    path.write_text(SQUARES)
    entry = {"when": ["Give the tactics"], "text": "```lean\nexact ⟨7, 24, by decide, by decide, rfl⟩\n```"}
    (tmp_path / "script.jsonl").write_text(json.dumps(entry))
    asked = [str(path), "--model", "scripted:script.jsonl", "--samples", "2", "--json"]
    poor = json.loads(repair(*asked, "--budget", "tokens=100").stdout)
    assert (poor["proved"], poor["calls"]) == (False, 0)
    result = repair(*asked, "--budget", "tokens=100000", "--in-place")
    value = json.loads(result.stdout)
    assert (result.exit_code, value["proved"]) == (0, True), result.output
    assert value["calls"] >= 1
    assert path.read_text() == SQUARES.replace("⟨7, 25", "⟨7, 24")


def test_a_model_that_cannot_be_asked_is_named_before_any_work(tmp_path: Path) -> None:
    path = tmp_path / "a.lean"
    path.write_text(FINE)
    assert "none.jsonl" in str(refusal(path, "--model", "scripted:none.jsonl"))
    assert path.read_text() == FINE
