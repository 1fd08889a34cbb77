"""`prover judge` as a user meets it: a file that states, a file that claims, one verdict."""

import json
from pathlib import Path

import pytest

from prover.errors import ConfigError, ProjectError, ToolchainError
from prover.judge.freestanding import LARGEST, judge_file
from prover.judge.gate import Gate
from prover.judge_cli import EXIT
from prover.lean.build import Builder
from prover.lean.native import Native
from prover.lean.sandbox import Unconfined
from prover.model import Outcome, Stage
from tests.test_cli import COULD_NOT, NO, YES, prover, refused

TARGET = "def Small (n : Nat) : Prop := n < 5\n\ntheorem target : ∃ n, Small n := by\n  sorry\n"
PROOF = TARGET.replace("by\n  sorry", "⟨0, by simp [Small]⟩")
pytestmark = pytest.mark.usefixtures("toolchain")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return written(tmp_path / "Target.lean", TARGET)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_proof_is_proved_and_the_json_says_by_whom(target: Path, tmp_path: Path) -> None:
    done = prover("judge", target, written(tmp_path / "Attempt.lean", PROOF), "--json")
    assert done.returncode == YES, done.stderr
    said = json.loads(done.stdout)
    assert (said["verdict"], said["reasons"], said["declaration"]) == ("proved", [], "target")
    assert said["evidence"]["stage"] == "replay"
    assert said["evidence"]["replayed"] == said["toolchain"]
    assert len(said["lock"]) == 64
    assert any("4.34.1" in warning for warning in said["warnings"])


def test_a_refusal_is_told_with_its_line(target: Path, tmp_path: Path) -> None:
    done = prover("judge", target, written(tmp_path / "Attempt.lean", TARGET))
    assert done.returncode == NO
    assert done.stdout.startswith("rejected target SORRY\nline 4: `sorry`")


def test_what_does_not_compile_is_rejected_with_leans_first_error(target: Path, tmp_path: Path) -> None:
    done = prover("judge", target, written(tmp_path / "Attempt.lean", PROOF.replace("simp", "nonsense")))
    assert done.returncode == NO
    assert "BUILD" in done.stdout
    assert "Attempt.lean:3:" in done.stdout


async def test_a_process_that_ends_before_its_time_is_neither_proof_nor_rejection(
    builder: Builder, target: Path, tmp_path: Path
) -> None:
    attempt = written(tmp_path / "Attempt.lean", PROOF + "\n#eval (IO.Process.exit 0 : IO Unit)\n")
    _, verdict = await judge_file(Gate(builder), target, attempt, lexical=False)
    assert (verdict.outcome, verdict.evidence.stage) == (Outcome.CRASHED, Stage.BUILD)
    assert EXIT[verdict.outcome] == COULD_NOT


def test_a_disproof_is_no_proof_and_is_named(tmp_path: Path) -> None:
    target = written(tmp_path / "Target.lean", "theorem target : ∀ n : Nat, n < 5 := by\n  sorry\n")
    claim = "theorem target.disproof : ¬ ∀ n : Nat, n < 5 := fun h => absurd (h 7) (by decide)\n"
    done = prover("judge", target, written(tmp_path / "Attempt.lean", claim), "--json")
    assert done.returncode == NO
    said = json.loads(done.stdout)
    assert (said["reasons"], said["evidence"]["disproof"]) == (["MISSING"], "target.disproof")
    assert said["evidence"]["replayed"]


@pytest.mark.parametrize(
    "claim",
    [
        "theorem target.disproof : ¬ ∀ n : Nat, n < 6 := fun h => absurd (h 7) (by decide)",
        "theorem target.disproof : ∀ n : Nat, n < n + 5 := by omega",
        "axiom target.disproof : ¬ ∀ n : Nat, n < 5",
        "theorem target.disproof : ¬ ∀ n : Nat, n < 5 := by\n  apply?",
    ],
    ids=["of something else", "of nothing", "by an axiom", "with a hole"],
)
async def test_what_is_no_disproof_is_not_named_as_one(builder: Builder, tmp_path: Path, claim: str) -> None:
    target = written(tmp_path / "Target.lean", "theorem target : ∀ n : Nat, n < 5 := by\n  sorry\n")
    attempt = written(tmp_path / "Attempt.lean", claim + "\n")
    _, verdict = await judge_file(Gate(builder), target, attempt, lexical=False)
    assert (verdict.outcome, verdict.evidence.disproof) == (Outcome.REJECTED, "")


async def test_of_several_theorems_the_open_one_is_meant_or_the_named_one(builder: Builder, tmp_path: Path) -> None:
    text = "theorem one : 1 = 1 := rfl\n\ntheorem two : 2 = 2 := by\n  sorry\n"
    target, attempt = written(tmp_path / "T.lean", text), written(tmp_path / "A.lean", text.replace("sorry", "rfl"))
    assert (await judge_file(Gate(builder), target, attempt))[0] == "two"
    name, verdict = await judge_file(Gate(builder), target, attempt, "one")
    assert (name, verdict.outcome) == ("one", Outcome.PROVED)
    with pytest.raises(ConfigError, match="has no three"):
        await judge_file(Gate(builder), target, attempt, "three")


async def test_a_target_that_does_not_say_what_is_to_be_proved_is_no_target(builder: Builder, tmp_path: Path) -> None:
    two = written(tmp_path / "T.lean", "theorem a : 1 = 1 := by\n  sorry\n\ntheorem b : 2 = 2 := by\n  sorry\n")
    with pytest.raises(ConfigError, match="2 open theorems: a, b"):
        await judge_file(Gate(builder), two, two)
    none = written(tmp_path / "N.lean", "def a := 1\n")
    with pytest.raises(ConfigError, match="no theorem"):
        await judge_file(Gate(builder), none, none)
    broken = written(tmp_path / "B.lean", "theorem a : 1 = := by\n")
    with pytest.raises(ProjectError, match=r"the target .*B.lean does not compile"):
        await judge_file(Gate(builder), broken, none)


def test_files_that_cannot_be_read_are_named(target: Path, tmp_path: Path) -> None:
    assert "Nowhere.lean" in refused(prover("judge", target, tmp_path / "Nowhere.lean"))
    (tmp_path / "Latin.lean").write_bytes(b"-- \xe9\n")
    assert "Latin.lean" in refused(prover("judge", target, tmp_path / "Latin.lean"))
    (tmp_path / "Long.lean").write_bytes(b"-" * (LARGEST + 1))
    assert "larger than" in refused(prover("judge", target, tmp_path / "Long.lean"))


async def test_without_a_kernel_to_ask_nothing_is_proved_unless_the_user_says_so(
    builder: Builder, target: Path, tmp_path: Path
) -> None:
    old = Native("elan:v4.9.0", "4.9.0", tmp_path / "lib" / "lean", tmp_path / "bin" / "lean", Unconfined())
    with pytest.raises(ToolchainError, match="ships no leanchecker"):
        async with Gate.opened(Builder(old, tmp_path)):
            pass
    async with Gate.opened(Builder(old, tmp_path), replay="optional") as gate:
        assert gate.builder.toolchain is old
    _, verdict = await judge_file(Gate(builder), target, written(tmp_path / "Attempt.lean", PROOF))
    assert (verdict.outcome, verdict.evidence.stage, verdict.evidence.replayed) == (Outcome.PROVED, Stage.AUDIT, "")
    assert "no kernel was asked again" in verdict.explanation
