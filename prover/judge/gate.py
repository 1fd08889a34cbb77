"""Builds an attempt in a fresh process, lets it end, then audits what it left: the one way to a verdict.

A build that ran out of time is `resource`, one that Lean did not survive is `crashed`; neither says anything about the
proof. Never sees an agent, a hint, or what Lean printed, except to quote it in a rejection. Called by the merge queue.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from prover.errors import LeanError, ProcessTimeout, ProjectError
from prover.judge.audit import Compiled, audit
from prover.lean.build import Build, Builder
from prover.lean.environment import Environment
from prover.model import Outcome, Reason, Verdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict per attempted declaration, and the build that they were read from; None when there is none."""

    verdicts: Mapping[str, Verdict]
    build: Build | None


class Gate:
    """Judges with one builder."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder

    async def judge(self, names: Collection[str], before: Build, root: Path) -> Judgement:
        """Judges the declarations `names`, attempted in the sources at `root` on top of `before`."""
        try:
            after = await self._builder.build(root)
            verdicts = await asyncio.to_thread(_audit, names, before, after)
        except ProcessTimeout as error:
            return _without_build(names, Outcome.RESOURCE, Reason.RESOURCE, str(error))
        except ProjectError as error:  # what does not compile, a circle of imports, a name declared twice
            return _without_build(names, Outcome.REJECTED, Reason.BUILD, str(error))
        except LeanError as error:
            return _without_build(names, Outcome.CRASHED, Reason.CRASHED, str(error))
        return Judgement(verdicts, after)


def _audit(names: Collection[str], before: Build, after: Build) -> dict[str, Verdict]:
    return audit(names, _compiled(before), _compiled(after))


def _compiled(build: Build) -> Compiled:
    modules = {name: module.read() for name, module in build.modules.items()}
    return Compiled(Environment(modules), {name: module.interface for name, module in build.modules.items()})


def _without_build(names: Collection[str], outcome: Outcome, reason: Reason, explanation: str) -> Judgement:
    return Judgement({name: Verdict(outcome, (reason,), explanation) for name in names}, None)
