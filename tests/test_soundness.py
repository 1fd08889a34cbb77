"""The corpus through the real judge on the real Lean: no attack is proved, with the lexical gate or without, and every
honest attempt is. The whole of it takes a quarter of an hour; a fifth of the attacks is enough for every day."""

from collections.abc import AsyncIterator, Iterable

import pytest

from prover.judge.freestanding import judge_file
from prover.judge.gate import Gate
from prover.judge.lexical import objections
from prover.lean import cache
from prover.lean.build import Builder
from prover.lean.toolchain import Toolchain
from prover.model import Outcome, Reason
from tests.soundness.corpus import ATTACKS, HONEST, Case, Expected, cases

SECONDS = 20.0  # enough for every honest attempt, and for what is meant to run for ever
EVERY_DAY = 5
LONG = pytest.mark.slow


def numbered(attacks: Iterable[Case]) -> list["pytest.param"]:  # type: ignore[valid-type]
    """Of each five in a row one is tried every day, and the ones that exhaust a resource only with the rest."""
    return [
        pytest.param(c, id=c.name, marks=() if n % EVERY_DAY == 0 and Reason.RESOURCE not in c.reasons else LONG)
        for n, c in enumerate(attacks)
    ]


@pytest.fixture(scope="session")
async def gate(toolchain: Toolchain) -> AsyncIterator[Gate]:
    builder = Builder(toolchain, cache.folder("builds"), seconds=SECONDS)
    async with Gate.opened(builder) as opened:
        yield opened


@pytest.mark.parametrize("case", numbered(cases(ATTACKS)))
async def test_no_attack_is_proved_from_data_alone(gate: Gate, case: Case) -> None:
    _, verdict = await judge_file(gate, case.target, case.path, lexical=False)
    assert verdict.outcome is not Outcome.PROVED or case.contained
    if verdict.outcome is Outcome.REJECTED and case.runs_embedded:
        assert case.fits(verdict.outcome, verdict.reasons), verdict


@pytest.mark.parametrize("case", numbered(cases(ATTACKS)))
async def test_no_attack_is_proved_behind_the_lexical_gate(gate: Gate, case: Case) -> None:
    _, verdict = await judge_file(gate, case.target, case.path)
    assert case.fits(verdict.outcome, verdict.reasons), verdict


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in cases(HONEST)])
async def test_every_honest_attempt_is_proved(gate: Gate, case: Case) -> None:
    _, verdict = await judge_file(gate, case.target, case.path)
    assert case.fits(verdict.outcome, verdict.reasons), verdict
    assert bool(verdict.evidence.disproof) is (case.expected is Expected.DISPROOF)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in cases(ATTACKS)])
def test_what_the_lexical_gate_refuses_it_refuses_for_a_line_of_the_file(case: Case) -> None:
    lines = case.path.read_text(encoding="utf-8").count("\n") + 1
    for objection in objections(case.path.read_text(encoding="utf-8"), case.target.read_text(encoding="utf-8")):
        assert 1 <= objection.line <= lines
        assert objection.text.startswith(f"line {objection.line}: ")
