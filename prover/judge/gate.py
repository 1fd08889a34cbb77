"""The one way to a verdict: a glance at the text, a build in a fresh sandboxed process, the audit of what it left, and
the kernel asked again.

A build that ran out of time or memory is `resource`, one that Lean did not survive is `crashed`; neither says anything
about the proof. Never sees an agent, a hint, or what Lean printed, except to quote it in a rejection. Called by the
merge queue, and for freestanding files.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from prover.errors import LeanError, ProjectError, ResourceExhausted, Unhygienic
from prover.judge.audit import Audit, audit
from prover.judge.finding import Finding
from prover.judge.lexical import Objection, objections, objections_to_body
from prover.lean.build import Build, Builder
from prover.model import Attempt, Evidence, Outcome, Reason, Stage, Verdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict per attempted declaration, and the build that they were read from; None when there is none.

    `shared`: what is wrong cannot be laid on one of them alone, so that they should be judged apart.
    """

    verdicts: Mapping[str, Verdict]
    build: Build | None
    shared: bool


class Gate:
    """Judges with one builder."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder

    def glance(self, attempt: Attempt) -> Verdict | None:
        """The refusal of a text that no build is needed for; None when there is nothing to say against it yet."""
        return refusal([*objections(attempt.helpers), *objections_to_body(attempt.body)])

    async def judge(self, names: Collection[str], before: Build, root: Path, *, free: bool = False) -> Judgement:
        """Judges the declarations `names`, attempted in the sources at `root` on top of `before`.

        `free`: the attempt is a file of its own, and may declare what it likes beside its theorem.
        """
        try:
            after = await self.builder.build(root)
            verdicts, shared = await asyncio.to_thread(_audit, names, before, after, free)
        except ResourceExhausted as error:
            return _without_build(names, Outcome.RESOURCE, Reason.RESOURCE, error)
        except ProjectError as error:  # what does not compile, a circle of imports, a name declared twice
            return _without_build(names, Outcome.REJECTED, Reason.BUILD, error)
        except Unhygienic as error:
            return _without_build(names, Outcome.REJECTED, Reason.HYGIENE, error, Stage.AUDIT)
        except LeanError as error:
            return _without_build(names, Outcome.CRASHED, Reason.CRASHED, error)
        return Judgement(verdicts, after, shared)


def refusal(found: Sequence[Objection]) -> Verdict | None:
    """The verdict of the lexical gate, which can only refuse."""
    if not found:
        return None
    reasons = tuple(dict.fromkeys(objection.reason for objection in found))
    text = "; ".join(objection.text for objection in found)
    return Verdict(Outcome.REJECTED, reasons, text, evidence=Evidence(Stage.LEXICAL))


def _audit(names: Collection[str], before: Build, after: Build, free: bool) -> Audit:
    found = [] if free else _files(before, after)
    return audit(names, before.environment(), after.environment(), free=free, found=found)


def _files(before: Build, after: Build) -> list[Finding]:
    changed = sorted(dict(before.settings.items() ^ after.settings.items()))
    return [Finding(Reason.PROJECT_FILE, f"it changes {name}, on which builds and verdicts depend") for name in changed]


def _without_build(
    names: Collection[str], outcome: Outcome, reason: Reason, error: Exception, stage: Stage = Stage.BUILD
) -> Judgement:
    verdict = Verdict(outcome, (reason,), str(error), evidence=Evidence(stage))
    return Judgement(dict.fromkeys(names, verdict), None, shared=True)
