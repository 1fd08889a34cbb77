"""Runs without Lean: everything is real but builds and verdicts, which are those of `benchmarks.perf.stub`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path
from typing import Any

from agents.base import Agent
from benchmarks.perf.stub import Clock, StubBuilder, StubGate, StubPool, StubSurveyor
from prover.blueprint.plan import Blueprint
from prover.config import Config
from prover.git.repository import Repository
from prover.journal import Event
from prover.judge.gate import Gate
from prover.lean.build import nobody
from prover.running import Crew
from prover.team import Team


class StubCrew(Crew):
    """Works on the stub project with a judge that believes what the bodies say of themselves."""

    toolchain = "stub"

    def gate(self) -> AbstractAsyncContextManager[Gate]:
        assert isinstance(self.surveyor, StubSurveyor)
        return nullcontext(StubGate(self.surveyor))

    def pool(self, survey: object) -> AbstractAsyncContextManager[Any]:
        return nullcontext(StubPool())


def stub_crew(
    root: Path,
    team: Sequence[Agent],
    *watchers: Callable[[Event], None],
    plan: Blueprint | None = None,
    kind: type[StubCrew] = StubCrew,
    **settings: Any,
) -> StubCrew:
    """A crew of these agents for the stub project at `root`; `plan` is its blueprint."""
    config = Config(**{"workers": 4, "canaries": 0, **settings})
    surveyor = StubSurveyor(StubBuilder(Clock()), plan or Blueprint({}))
    return kind(Repository.of(root), surveyor, config, Team({agent.name: agent for agent in team}), watchers, nobody)
