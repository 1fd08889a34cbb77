"""The corpus itself: every file says what it is for, and there is enough of it. The judge is not asked here."""

from collections import Counter
from pathlib import Path

import pytest

from prover.lean.process import Limits, run
from prover.lean.toolchain import Toolchain
from prover.model import Outcome, Reason
from tests.soundness.corpus import ATTACKS, HONEST, TARGETS, Case, Expected, case, cases


def written(folder: Path, first_line: str) -> Case:
    path = folder / "01_attempt.lean"
    path.write_text(first_line + "\ntheorem target : True := trivial\n")
    return case(path)


def test_a_first_line_says_target_reasons_and_remark(tmp_path: Path) -> None:
    found = written(tmp_path, "-- target[below] | expected: REJECT SORRY, SCOPE (a hole (nested) | and more)")
    assert found.target == TARGETS / "below.lean"
    assert (found.expected, found.reasons) == (Expected.REJECT, frozenset((Reason.SORRY, Reason.SCOPE)))
    assert (found.runs_embedded, found.remark) == (True, "a hole (nested) | and more")


def test_a_first_line_may_quote_the_statement(tmp_path: Path) -> None:
    found = written(tmp_path, "-- target[below]: theorem target : ∀ n : Nat, n < 7 | expected: ACCEPT")
    assert (found.target.stem, found.expected, found.remark) == ("below", Expected.ACCEPT, "")


def test_what_the_embedded_lean_cannot_run_is_marked(tmp_path: Path) -> None:
    assert not written(
        tmp_path, "-- target[below] | expected: REJECT KERNEL | embedded: cannot run (why)"
    ).runs_embedded


@pytest.mark.parametrize(
    "line",
    [
        "theorem target : True := trivial",
        "-- target[below]",
        "-- target[below] | expected: REJECT",
        "-- target[below] | expected: REJECT GREED",
        "-- target[below] | expected: ACCEPT SORRY",
        "-- target[below] | expected: PERHAPS",
        "-- target[below] | expected: ACCEPT, mostly",
    ],
)
def test_a_first_line_of_another_form_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(ValueError, match="01_attempt"):
        written(tmp_path, line)


def test_a_verdict_fits_when_one_of_the_reasons_is_given(tmp_path: Path) -> None:
    found = written(tmp_path, "-- target[below] | expected: REJECT SORRY, SCOPE")
    assert found.fits(Outcome.REJECTED, [Reason.SCOPE, Reason.BUILD])
    assert not found.fits(Outcome.REJECTED, [Reason.BUILD])
    assert not found.fits(Outcome.RESOURCE, [Reason.RESOURCE])
    assert not found.fits(Outcome.PROVED, [])


def test_running_out_of_time_fits_where_it_is_expected(tmp_path: Path) -> None:
    found = written(tmp_path, "-- target[below] | expected: REJECT RESOURCE, CHANNEL")
    assert found.fits(Outcome.RESOURCE, [Reason.RESOURCE])
    assert found.fits(Outcome.REJECTED, [Reason.CHANNEL])


def test_an_honest_attempt_must_be_proved(tmp_path: Path) -> None:
    found = written(tmp_path, "-- target[below] | expected: ACCEPT")
    assert found.fits(Outcome.PROVED, [])
    assert not found.fits(Outcome.CRASHED, [Reason.CRASHED])


def test_there_are_enough_attacks_and_honest_attempts() -> None:
    assert len(cases(ATTACKS)) >= 220
    assert len(cases(HONEST)) >= 40


def test_every_attempt_has_a_target_and_every_target_an_attempt() -> None:
    used = {attempt.target for folder in (ATTACKS, HONEST) for attempt in cases(folder)}
    assert used == set(TARGETS.glob("*.lean"))


def test_names_and_numbers_are_unique() -> None:
    numbers = Counter(attempt.name.split("_")[0] for folder in (ATTACKS, HONEST) for attempt in cases(folder))
    assert not [number for number, times in numbers.items() if times > 1]


def test_attacks_are_refused_and_honest_attempts_accepted() -> None:
    assert all(attempt.expected in (Expected.REJECT, Expected.NOT_PROVED) for attempt in cases(ATTACKS))
    assert all(attempt.expected in (Expected.ACCEPT, Expected.DISPROOF) for attempt in cases(HONEST))


def test_every_reason_of_an_attempt_has_an_attack() -> None:
    """Only a crash has none: an attempt that brings the compiler down is what the fuzzers look for."""
    assert {reason for attempt in cases(ATTACKS) for reason in attempt.reasons} == set(Reason) - {Reason.CRASHED}


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted([*TARGETS.glob("*.lean"), *HONEST.glob("*.lean")]), ids=lambda path: path.stem)
async def test_targets_and_honest_attempts_compile(path: Path, toolchain: Toolchain, tmp_path: Path) -> None:
    data = tmp_path / "Attempt.olean"
    command = toolchain.command(["-R", path.parent, "-o", data, path], reads=[path.parent], writes=[tmp_path])
    finished = await run(command, limits=Limits(60))
    assert (finished.returncode, data.exists()) == (0, True), finished.stdout.decode()
