"""The corpus through the real judge on the real Lean: no attack is proved, with the lexical gate or without, and every
honest attempt is. The whole of it takes a quarter of an hour; a twelfth of the attacks and an eighth of the honest
attempts are enough for every day."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest
from _pytest.mark import ParameterSet

from prover.judge.freestanding import judge_file
from prover.judge.gate import Gate
from prover.judge.lexical import objections
from prover.lean import cache
from prover.lean.build import Builder
from prover.lean.toolchain import Toolchain
from prover.model import Outcome, Reason, Verdict
from tests.soundness.corpus import ATTACKS, HONEST, Case, Expected, cases

SECONDS = 20.0  # enough for every honest attempt, and for what is meant to run for ever
AT_ONCE = 2
EVERY_DAY = 12


def numbered(attacks: Sequence[Case]) -> list[ParameterSet]:
    """Of each twelve in a row one is tried every day, and those that exhaust a resource only with the rest."""
    days = [n % EVERY_DAY == 0 and Reason.RESOURCE not in case.reasons for n, case in enumerate(attacks)]
    marks = [() if day else (pytest.mark.slow,) for day in days]
    return [pytest.param(case, id=case.name, marks=mark) for case, mark in zip(attacks, marks, strict=True)]


@dataclass
class Docket:
    """Judges ahead of the tests that ask, two at once: a build keeps one processor busy, and the next has no need of
    its verdict."""

    gate: Gate
    free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    tasks: dict[tuple[str, bool], "asyncio.Task[Verdict]"] = field(default_factory=dict)

    def start(self, case: Case, lexical: bool) -> "asyncio.Task[Verdict]":
        key = case.name, lexical
        if key not in self.tasks:
            self.tasks[key] = asyncio.create_task(self._judge(case, lexical))
        return self.tasks[key]

    async def _judge(self, case: Case, lexical: bool) -> Verdict:
        async with self.free:
            return (await judge_file(self.gate, case.target, case.path, lexical=lexical))[1]

    async def end(self) -> None:
        for task in self.tasks.values():
            task.cancel()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)


@pytest.fixture(scope="session")
async def docket(toolchain: Toolchain, request: pytest.FixtureRequest) -> AsyncIterator[Docket]:
    builder = Builder(toolchain, cache.folder("builds"), seconds=SECONDS)
    async with Gate.opened(builder) as gate:
        docket = Docket(gate)
        for item in request.session.items:
            if isinstance(item, pytest.Function) and "docket" in item.fixturenames:
                case = item.callspec.params["case"]
                assert isinstance(case, Case)
                docket.start(case, "data_alone" not in item.name)
        yield docket
        await docket.end()


@pytest.mark.parametrize("case", numbered(cases(ATTACKS)))
async def test_no_attack_is_proved_from_data_alone(docket: Docket, case: Case) -> None:
    verdict = await docket.start(case, lexical=False)
    assert verdict.outcome is not Outcome.PROVED or case.contained
    if verdict.outcome is Outcome.REJECTED and case.runs_embedded:
        assert case.fits(verdict.outcome, verdict.reasons), verdict


@pytest.mark.parametrize("case", numbered(cases(ATTACKS)))
async def test_no_attack_is_proved_behind_the_lexical_gate(docket: Docket, case: Case) -> None:
    verdict = await docket.start(case, lexical=True)
    assert case.fits(verdict.outcome, verdict.reasons), verdict


EVERY_EIGHTH = [
    pytest.param(case, id=case.name, marks=() if n % 8 == 0 or case.expected is Expected.DISPROOF else pytest.mark.slow)
    for n, case in enumerate(cases(HONEST))
]


@pytest.mark.parametrize("case", EVERY_EIGHTH)
async def test_every_honest_attempt_is_proved(docket: Docket, case: Case) -> None:
    verdict = await docket.start(case, lexical=True)
    assert case.fits(verdict.outcome, verdict.reasons), verdict
    assert bool(verdict.evidence.disproof) is (case.expected is Expected.DISPROOF)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in cases(ATTACKS)])
def test_what_the_lexical_gate_refuses_it_refuses_for_a_line_of_the_file(case: Case) -> None:
    lines = case.path.read_text(encoding="utf-8").count("\n") + 1
    for objection in objections(case.path.read_text(encoding="utf-8"), case.target.read_text(encoding="utf-8")):
        assert 1 <= objection.line <= lines
        assert objection.text.startswith(f"line {objection.line}: ")
