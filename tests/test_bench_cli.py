"""`prover bench` as people call it: what it takes and refuses, what it prints and writes, and what a kill leaves."""

import json
import os
import signal
import subprocess
import sys
from contextlib import chdir
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import pytest
from typer.testing import CliRunner, Result

from prover.bench import results
from prover.bench.making import make
from prover.bench.merging import Shard
from prover.bench.rows import Results
from prover.cli import app
from prover.errors import ProverError
from prover.journal import Journal
from tests.bench_run import simulated
from tests.test_cli import COULD_NOT, NO, YES, prover, refused

EASY = "/-- Nothing is added. -/\ntheorem easy (n : Nat) : n + 0 = n := by\n  sorry\n\n"
HARD = "theorem hard (f : Nat → Nat) (h : ∀ n, f (n + 1) > f (f n)) (n : Nat) : f n = n := by\n  sorry\n"
OTHER = "theorem other (a b : Nat) (h : a < b) : a + 1 ≤ b := by\n  sorry\n"
ABOUT = """
name = "small"
[files]
"A.lean" = {level = "1", split = "valid"}
"B.lean" = {level = "2", split = "test"}
"""
# The judge refuses the first answers at a glance, and builds the second ones.
SCRIPT = 'easy = [":= sorry", ":= rfl"]\nother = [":= by sorry", ":= by omega"]\n'
RUN = ["run", "suite", "--agent", "scripted", "--script", "script.toml", "-k", "2", "--max-workers", "1"]
ENDS = {"easy": ["rejected", "proved"], "hard": ["nothing", "nothing"], "other": ["rejected", "proved"]}


def bench(place: Path, *words: str | Path) -> Result:
    """`prover bench WORDS` in the folder `place`, in this process."""
    with chdir(place):
        return CliRunner().invoke(app, ["bench", *map(str, words)])


def files(place: Path) -> list[Path]:
    """All that is there, but for what SQLite has beside a journal while somebody reads it."""
    return sorted(path for path in place.rglob("*") if not path.name.endswith(("-wal", "-shm")))


def refusal(place: Path, *words: str | Path) -> ProverError:
    """What was refused, in one line, and with what to do; nothing is printed, and nothing written."""
    before = files(place)
    result = bench(place, *words)
    assert isinstance(result.exception, ProverError), result.output
    assert "\n" not in str(result.exception)
    assert result.exception.remedy
    assert result.stdout == ""
    assert files(place) == before
    return result.exception


def stated(folder: Path) -> Path:
    """A folder with the suite `suite` and the script `script.toml`."""
    (folder / "suite").mkdir(parents=True)
    for name, text in {"A.lean": EASY + HARD, "B.lean": OTHER, "suite.toml": ABOUT}.items():
        (folder / "suite" / name).write_text(text)
    (folder / "script.toml").write_text(SCRIPT)
    return folder


class Ended(NamedTuple):
    """How a process ended: its code, what it said on stderr, and how many processes it had started."""

    code: int
    said: str
    workers: int


def killed(place: Path, what: str, times: int, how: int = signal.SIGKILL) -> Ended:
    """The run, ended by a signal when it has said for the so-manieth time that there was such an event.

    Comes back when all the processes that it had started are gone, too.
    """
    read, write = os.pipe()
    command = [
        sys.executable,
        "-c",
        "from prover.cli import main; main()",
        "bench",
        *RUN,
        "--events",
        f"/dev/fd/{write}",
    ]
    silent = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=place, pass_fds=[write], stdout=silent, stderr=subprocess.PIPE, text=True)
    os.close(write)
    with os.fdopen(read) as lines:
        seen = (json.loads(line)["what"] for line in lines)
        heard = sum(1 for _ in zip(range(times), (one for one in seen if one == what), strict=False))
        started = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(how)
        _, said = process.communicate(timeout=60)
    assert heard == times, said
    _, alive = psutil.wait_procs(started, timeout=60)
    assert alive == []
    return Ended(process.returncode, said, len(started))


def told(run: Path) -> dict[str, Any]:
    """All of a summary but for what depends on the machine and the day."""
    summary: dict[str, Any] = json.loads((run / "summary.json").read_text())
    del summary["costs"]
    return summary


def ends(run: Path) -> dict[str, list[str]]:
    rows = results.read(run).by_problem
    return {name: [row.ended.value for row in own] for name, own in rows.items()}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stated(tmp_path_factory.mktemp("bench") / "first")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """A run, and its folder."""
    place = stated(tmp_path_factory.mktemp("bench") / "second")
    (place / "prover.toml").write_text("spares = 0\n")
    return bench(place, *RUN), place / "bench-runs" / "small-scripted-1"


@pytest.fixture
def run(undisturbed: tuple[Result, Path]) -> Path:
    return undisturbed[1]


# Running


@pytest.mark.usefixtures("toolchain")
def test_a_run_that_is_killed_is_gone_on_with_by_the_same_command_and_says_the_same(place: Path, run: Path) -> None:
    end = killed(place, "judged", 2)
    assert (end.code, end.workers > 0) == (-signal.SIGKILL, True)
    folder = place / "bench-runs" / "small-scripted-1"
    assert results.read(folder).unfinished
    (place / "prover.toml").write_text("spares = 0\n")
    result = bench(place, *RUN, "--json")
    assert result.exit_code == NO, result.output
    assert json.loads(result.stdout) == json.loads((folder / "summary.json").read_text())
    assert ends(folder) == ENDS
    assert told(folder) == told(run)
    assert [*(place / "bench-runs").iterdir()] == [folder]


def test_a_run_prints_its_table_and_where_the_files_are(undisturbed: tuple[Result, Path]) -> None:
    result, run = undisturbed
    assert result.exit_code == NO
    assert "Solved 2 of 3 problems" in result.stdout
    assert "By level" in result.stdout
    assert "6 attempts: 2 proved, 2 rejected (2 SORRY), 2 nothing." in result.stdout
    assert result.stdout.splitlines()[-1] == "Results: bench-runs/small-scripted-1"
    assert result.stderr.splitlines()[-1] == "6 of 6 samples, proved 2"
    files = {path.name for path in run.iterdir()}
    written = {"config.json", "problems.jsonl", "unusable.jsonl", "journal.sqlite", "results.jsonl", "summary.json"}
    assert files == written | {"report.html", "plots"}
    assert len((run / "results.jsonl").read_text().splitlines()) == 6


@pytest.mark.usefixtures("toolchain")
def test_the_same_command_after_the_end_is_a_new_run_and_limits_leave_it_the_same(run: Path) -> None:
    """The new one ends at once, at its limit; with another limit it is gone on with, and not begun anew."""
    place = run.parent.parent
    for seconds in ("0.001", "0.002"):
        result = bench(place, *RUN, "--json", "--budget", f"seconds={seconds}")
        said = json.loads(result.stdout)
        assert (result.exit_code, said["settings"]["run"]) == (NO, "small-scripted-2")
        assert said["settings"]["limits"] == {"seconds": float(seconds)}
        assert said["counts"]["untried"] == 3
    assert sorted(path.name for path in run.parent.iterdir()) == ["small-scripted-1", "small-scripted-2"]


@pytest.mark.usefixtures("toolchain")
def test_a_run_on_which_somebody_is_working_is_left_as_it_is(run: Path) -> None:
    before = [path.read_bytes() for path in (run / "config.json", run / "report.html")]
    with Journal.resume(run / "journal.sqlite"):
        error = refusal(run.parent.parent, *RUN, "--name", run.name, "--budget", "seconds=0.5")
    assert "is working on this run" in str(error)
    assert [path.read_bytes() for path in (run / "config.json", run / "report.html")] == before


def test_a_name_of_another_run_is_refused_with_what_differs(run: Path) -> None:
    place = run.parent.parent
    words = RUN[: RUN.index("-k")]
    error = refusal(place, *words, "-k", "1", "--name", run.name)
    assert str(error).endswith("is another one: samples is 2 there, and 1 now")
    assert error.remedy == "give this one another --name"


@pytest.mark.usefixtures("toolchain")
@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("run nowhere --agent automation", "there is no suite 'nowhere'"),
        ("run suite --agent oracle", "there is no agent `oracle`"),
        ("run suite --agent scripted", "there is no agent `scripted`"),
        ("run suite --agent scripted --script none.toml", "cannot read the script none.toml"),
        ("run suite --agent automation --script script.toml", "2 agents at once: scripted, automation"),
        ("run suite --agent refiner", "the agent `refiner` has no model to ask"),
        ("run suite --agent refiner --model nobody:x", "nobody"),
        ("run suite --agent automation --level 9", "no problem has the level '9'"),
        ("run suite --agent automation --split train", "no problem has the split 'train'"),
        ("run suite --agent automation --domain algebra", "no problem has the domain 'algebra'"),
        ("run suite --agent automation --problem missing", "no problem has the name 'missing'"),
        ("run suite --agent automation --shard 3/2", "'3/2' is no shard"),
        ("run suite --agent automation --shard 2", "'2' is no shard"),
        ("run suite --agent automation --shard 4/4", "shard 4/4 has no problem: there are 3"),
        ("run suite --agent automation --budget euros=1", "euros"),
        ("run suite --agent automation --revision v1", "at no revision"),
        ("run suite --agent automation --toolchain elan:none", "none"),
        ("run suite --agent automation --project nowhere", "there is no folder nowhere"),
        ("report nowhere", "there is no run in nowhere"),
        ("compare suite suite", "there is no run in suite"),
        ("merge suite -o all", "there is no run in suite"),
        ("export suite -o all", "there is no run in suite"),
        ("doctor nowhere", "there is no suite 'nowhere'"),
    ],
)
def test_what_cannot_be_run_is_one_line_and_leaves_nothing(tmp_path: Path, words: str, why: str) -> None:
    assert why in str(refusal(stated(tmp_path), *words.split()))


@pytest.mark.slow
def test_a_refusal_ends_with_exit_code_2(tmp_path: Path) -> None:
    assert "there is no suite" in refused(prover("bench", "run", tmp_path / "none", "--agent", "automation"))


@pytest.mark.slow
@pytest.mark.usefixtures("toolchain")
def test_a_suite_of_which_nothing_elaborates_is_not_run(tmp_path: Path) -> None:
    (tmp_path / "odd.lean").write_text('theorem odd (n : Nat) : n = "a" := by\n  sorry\n')
    error = refusal(tmp_path, "run", "odd.lean", "--agent", "automation")
    assert str(error) == "no statement of the suite elaborates"
    assert "odd: Type mismatch" in error.remedy


# Looking at runs


def test_a_report_makes_the_files_again(run: Path) -> None:
    before = told(run)
    (run / "summary.json").unlink()
    result = bench(run.parent, "report", run.name)
    assert (result.exit_code, told(run)) == (YES, before)
    assert "By level" in result.stdout
    assert json.loads(bench(run.parent, "report", run.name, "--json").stdout)["counts"]["solved"] == 2


def test_a_run_does_not_differ_from_itself(run: Path) -> None:
    said = json.loads(bench(run.parent, "compare", run.name, run.name, "--json").stdout)
    assert said["note"] == ""
    result = bench(run.parent, "compare", run.name, run.name)
    assert (result.exit_code, result.stderr) == (YES, "")


def test_shards_that_are_merged_are_the_whole_run(tmp_path: Path) -> None:
    whole = simulated(problems=5, samples=2)
    names = [laid(tmp_path / "whole", whole)]
    for shard in (Shard(1, 2), Shard(2, 2)):
        problems = shard.of(whole.problems)
        rows = tuple(row for row in whole.rows if row.problem in {problem.name for problem in problems})
        settings = {**whole.settings, "shard": str(shard), "run": f"part-{shard.number}"}
        part = replace(whole, settings=settings, problems=problems, rows=rows)
        names.append(laid(tmp_path / f"part-{shard.number}", part))
    result = bench(tmp_path, "merge", *names[1:], "-o", "merged", "--json")
    assert result.exit_code == YES, result.output
    merged, undivided = told(tmp_path / "merged"), told(tmp_path / "whole")
    assert merged.pop("settings")["merged"] == ["part-1", "part-2"]
    del undivided["settings"]
    assert merged == undivided
    assert "there is a run in merged already" in str(refusal(tmp_path, "merge", *names[1:], "-o", "merged"))
    assert "shard 1/2 is there twice" in str(refusal(tmp_path, "merge", names[1], names[1], "-o", "twice"))


def laid(folder: Path, found: Results) -> str:
    """Puts a run without a journal there, as a merge does."""
    settings = {**found.settings, "wall_seconds": found.wall_seconds, "unfinished": found.unfinished}
    results.state_down(folder, settings, found.problems, found.unusable)
    make(folder, found)
    return folder.name


@pytest.mark.usefixtures("toolchain")
def test_the_doctor_says_whether_what_a_suite_wants_is_there(tmp_path: Path) -> None:
    stated(tmp_path)
    (tmp_path / "a.lean").write_text("import Mathlib\n\n" + EASY)
    assert bench(tmp_path, "doctor", "suite").exit_code == YES
    result = bench(tmp_path, "doctor", "a.lean", "--json")
    said = json.loads(result.stdout)
    assert (result.exit_code, said["problems"], said["unusable"]) == (NO, 1, [])
    (row,) = [row for row in said["rows"] if "Mathlib" in row["subject"]]
    assert (row["fine"], row["problem"]) == (False, "it is not there")
    assert "it is not there" in bench(tmp_path, "doctor", "a.lean").stdout


# What leaves a run


def exported(run: Path, output: Path, *words: str | Path) -> dict[str, int]:
    result = bench(run.parent, "export", run.name, "-o", output, "--json", *words)
    assert result.exit_code == YES, result.output
    figures: dict[str, int] = json.loads(result.stdout)
    return figures


def test_proofs_are_files_as_they_were_judged(run: Path, tmp_path: Path) -> None:
    assert exported(run, tmp_path / "out") == {"files": 2}
    assert (
        (tmp_path / "out" / run.name / "easy.lean").read_text().endswith("theorem easy (n : Nat) : n + 0 = n := rfl\n")
    )
    error = refusal(run.parent, "export", run.name, "-o", tmp_path / "out")
    assert "is not empty" in str(error)


@pytest.mark.parametrize(
    ("shape", "fields"),
    [
        ("goedel", {"name", "code"}),
        ("kimina", {"custom_id", "proof"}),
        ("formalmath", {"theorem_names", "autoformalization", "answers"}),
    ],
)
def test_a_submission_has_the_proofs_alone_or_every_sample(
    run: Path, tmp_path: Path, shape: str, fields: set[str]
) -> None:
    assert exported(run, tmp_path / "a.json", "--as", shape) == {"records": 2, "attempts": 2, "left_out": 0}
    records = json.loads((tmp_path / "a.json").read_text())
    assert [record.keys() for record in records] == [fields, fields]
    assert exported(run, tmp_path / "b.jsonl", "--as", shape, "--all")["attempts"] == 6
    assert "a submission is of one run" in str(
        refusal(run.parent, "export", run.name, run.name, "-o", tmp_path / "c", "--as", shape)
    )


def test_training_data_has_none_of_the_test_split_and_a_buffer_gives_what_it_has_kept(
    run: Path, tmp_path: Path
) -> None:
    exported(run, tmp_path / "all.jsonl", "--as", "training", "--exclude-split", "none")
    exported(run, tmp_path / "valid.jsonl", "--as", "training")
    every, valid = (
        [json.loads(line) for line in (tmp_path / name).read_text().splitlines()]
        for name in ("all.jsonl", "valid.jsonl")
    )
    assert 0 < len(valid) < len(every)
    assert not [one for one in valid if "theorem other" in json.dumps(one)]
    for name in ("1.jsonl", "2.jsonl"):
        exported(run, tmp_path / name, "--as", "training", "--buffer", tmp_path / "buffer.jsonl")
        drawn = (tmp_path / name).read_text().splitlines()
        assert len(drawn) == len(valid)
    exported(run, tmp_path / "3.jsonl", "--as", "training", "--exclude", run, "--exclude-split", "none")
    assert (tmp_path / "3.jsonl").read_text() == ""


def test_an_unknown_shape_is_refused_with_those_that_there_are(run: Path, tmp_path: Path) -> None:
    error = refusal(run.parent, "export", run.name, "-o", tmp_path / "out", "--as", "yaml")
    assert str(error) == "nobody reads the shape 'yaml'"
    assert error.remedy == "say one of proofs, training, goedel, kimina, formalmath"


# Minutes


@pytest.mark.slow
@pytest.mark.usefixtures("toolchain")
@pytest.mark.parametrize(
    ("what", "times"),
    [("assigned", 1), ("assigned", 4), ("proposed", 1), ("nothing", 2), ("judged", 1), ("judged", 3), ("judged", 4)],
)
def test_a_kill_anywhere_changes_nothing(tmp_path: Path, run: Path, what: str, times: int) -> None:
    place = stated(tmp_path / "killed")
    assert killed(place, what, times).code == -signal.SIGKILL
    assert bench(place, *RUN).exit_code == NO
    folder = place / "bench-runs" / run.name
    assert (ends(folder), told(folder)) == (ENDS, told(run))


@pytest.mark.slow
@pytest.mark.usefixtures("toolchain")
def test_a_kill_and_another_kill_change_nothing(tmp_path: Path, run: Path) -> None:
    place = stated(tmp_path / "killed")
    for _ in range(3):
        killed(place, "started", 1)
    killed(place, "judged", 2)
    killed(place, "judged", 3)
    assert bench(place, *RUN).exit_code == NO
    folder = place / "bench-runs" / run.name
    assert (ends(folder), told(folder)) == (ENDS, told(run))


@pytest.mark.slow
@pytest.mark.usefixtures("toolchain")
def test_an_interrupted_run_says_that_the_same_command_goes_on(tmp_path: Path) -> None:
    place = stated(tmp_path / "stopped")
    end = killed(place, "judged", 1, signal.SIGINT)
    assert end.code == COULD_NOT
    assert end.said.splitlines()[-1] == "stopped; the same command goes on, in bench-runs/small-scripted-1"


@pytest.mark.slow
@pytest.mark.usefixtures("toolchain")
def test_a_run_of_which_all_is_proved_says_yes_and_its_shards_make_the_same_table(tmp_path: Path) -> None:
    place = stated(tmp_path / "all")
    (place / "prover.toml").write_text("spares = 0\n")
    words = [*RUN, "--problem", "easy", "--problem", "other"]
    assert bench(place, *words).exit_code == YES
    for shard in ("1/2", "2/2"):
        assert bench(place, *words, "--shard", shard).exit_code == YES
    runs = place / "bench-runs"
    parts = [runs / f"small-scripted-{shard}-1" for shard in ("1of2", "2of2")]
    assert bench(place, "merge", *parts, "-o", runs / "merged").exit_code == YES
    merged, whole = told(runs / "merged"), told(runs / "small-scripted-1")
    assert merged.pop("settings")["suite"] == whole.pop("settings")["suite"]
    assert merged == whole
