"""The one way to a verdict: a glance at the text, a build in a fresh sandboxed process, the audit of what it left, and
the kernel asked again.

A build that ran out of time or memory is `resource`, one that Lean did not survive is `crashed`; neither says anything
about the proof. Never sees an agent, a hint, or what Lean printed, except to quote it in a rejection. Called by the
merge queue, and for freestanding files.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from prover.errors import BuildFailed, CheckTimeout, LeanError, ProjectError, ResourceExhausted, Unhygienic
from prover.judge.audit import Audit, audit
from prover.judge.finding import Finding
from prover.judge.lexical import Objection, objections, objections_to_body
from prover.lean.assumptions import Assumed, Assumptions
from prover.lean.build import Build, Builder, CompiledModule
from prover.lean.declarations import declared
from prover.lean.kernels import kernel_as_wanted
from prover.lean.name import Name
from prover.lean.replay import Kernel, Replay, Replayed
from prover.model import Attempt, Evidence, Outcome, Reason, Stage, Verdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict per attempted declaration, and the build that they were read from; None when there is none.

    `shared`: what is wrong cannot be laid on one of them alone, so that they should be judged apart. `places` are those
    of Lean's errors, module and line from 0: a hint whom to judge apart first, and nothing more.
    """

    verdicts: Mapping[str, Verdict]
    build: Build | None
    shared: bool
    places: tuple[tuple[str, int], ...] = ()


class Gate:
    """Judges with one builder, and asks `kernel` again about what would be proved; None where there is none to ask."""

    def __init__(self, builder: Builder, kernel: Kernel | None = None) -> None:
        self.builder = builder
        self._kernel = kernel
        self._packages = Assumptions(builder.toolchain.packages)

    @classmethod
    @asynccontextmanager
    async def opened(cls, builder: Builder, *, replay: Replay = "required") -> AsyncIterator[Self]:
        """A gate with the kernel of the builder's toolchain, whose process ends with the block.

        Raises ToolchainError when the toolchain ships no kernel to ask and a replay is required.
        """
        kernel = kernel_as_wanted(builder.toolchain, [builder.cache], replay)
        async with kernel or nullcontext():
            yield cls(builder, kernel)

    def glance(self, attempt: Attempt) -> Verdict | None:
        """The refusal of a text that no build is needed for; None when there is nothing to say against it yet."""
        helpers = objections(attempt.helpers, open_lemmas=attempt.splits)
        return refusal([*helpers, *objections_to_body(attempt.body)])

    async def judge(
        self, names: Collection[str], before: Build, root: Path, *, free: bool = False, splits: Collection[str] = ()
    ) -> Judgement:
        """Judges the declarations `names`, attempted in the sources at `root` on top of `before`.

        `free`: the attempt is a file of its own, and may declare what it likes beside its theorem. `splits`: those of
        `names` that may be reduced, which is to rest on new open lemmas of their own.
        """
        stage = Stage.BUILD
        try:
            after = await self.builder.build(root)
            stage = Stage.AUDIT
            audited = await asyncio.to_thread(_audit, names, before, after, free, splits)
            if assumed := await asyncio.to_thread(self._packages.of, _imported(after)):
                audited = audited._replace(verdicts={n: _assuming(v, assumed) for n, v in audited.verdicts.items()})
            stage = Stage.REPLAY
            return await self._replayed(audited, after)
        except (ResourceExhausted, CheckTimeout) as error:
            return _without_verdict(names, Outcome.RESOURCE, Reason.RESOURCE, error, stage)
        except ProjectError as error:  # what does not compile, a circle of imports, a name declared twice
            return _without_verdict(names, Outcome.REJECTED, Reason.BUILD, error, stage)
        except Unhygienic as error:
            return _without_verdict(names, Outcome.REJECTED, Reason.HYGIENE, error, stage)
        except LeanError as error:
            return _without_verdict(names, Outcome.CRASHED, Reason.CRASHED, error, stage)

    async def _replayed(self, audited: Audit, after: Build) -> Judgement:
        """The audit's verdicts, those that claim something after the kernel was asked again about all they rest on."""
        claims = {name: verdict for name, verdict in audited.verdicts.items() if _claims(verdict)}
        if not claims:
            return Judgement(audited.verdicts, after, audited.shared)
        if self._kernel is None:
            unasked = {name: _amended(verdict, "no kernel was asked again") for name, verdict in claims.items()}
            return Judgement({**audited.verdicts, **unasked}, after, audited.shared)
        reached = await asyncio.to_thread(_reached, claims, after)
        answer = await self._kernel.replay(_below(frozenset().union(*reached.values()), after))
        replayed = {name: _answered(answer, reached[name], verdict) for name, verdict in claims.items()}
        return Judgement({**audited.verdicts, **replayed}, after, audited.shared or bool(answer.all_refused))


def _imported(build: Build) -> set[str]:
    """What the modules of the project import, of whomever."""
    return {str(each.module) for module in build.modules.values() for each in module.read().imports}


def _assuming(verdict: Verdict, assumed: Sequence[Assumed]) -> Verdict:
    """The verdict where imported packages assume something: nothing is claimed, whatever the proof needs of them."""
    if not _claims(verdict):
        return verdict
    reasons = tuple(sorted({Reason.SORRY if one.hole else Reason.AXIOM for one in assumed}))
    more = f", and {len(assumed) - 1} more" if len(assumed) > 1 else ""
    text = f"it imports a package that proves nothing: {assumed[0]}{more}"
    return Verdict(Outcome.REJECTED, reasons, text, evidence=Evidence(Stage.AUDIT))


def _claims(verdict: Verdict) -> bool:
    return verdict.outcome in (Outcome.PROVED, Outcome.REDUCED) or bool(verdict.evidence.disproof)


def _reached(claims: Mapping[str, Verdict], after: Build) -> dict[str, frozenset[Name]]:
    """For each claim all the constants that it rests on, its own included."""
    environment = after.environment
    constants = declared(environment)
    return {name: environment.reached(constants[v.evidence.disproof or name]) for name, v in claims.items()}


def _answered(answer: Replayed, rests_on: Collection[Name], verdict: Verdict) -> Verdict:
    """The verdict on a claim, now that the kernel has answered."""
    if not (refused := answer.against(rests_on)):
        return _amended(verdict, f"the kernel of {answer.kernel}, asked again, accepts it", answer.kernel)
    evidence = Evidence(Stage.REPLAY, replayed=answer.kernel)
    text = f"the kernel, asked again, refuses {refused}"
    return Verdict(Outcome.REJECTED, (Reason.KERNEL,), text, evidence=evidence)


def _amended(verdict: Verdict, said: str, kernel: str = "") -> Verdict:
    stage = Stage.REPLAY if kernel else verdict.evidence.stage
    evidence = replace(verdict.evidence, replayed=kernel, stage=stage)
    return replace(verdict, explanation=f"{verdict.explanation}; {said}.", evidence=evidence)


def _below(constants: Collection[Name], build: Build) -> list[CompiledModule]:
    """The modules that have any of these constants, and all of the project that they see, in dependency order."""
    own = {name for name, module in build.modules.items() if not module.read().constants.keys().isdisjoint(constants)}
    seen = own.union(*(build.modules[module].sees for module in own))
    return [module for name, module in build.modules.items() if name in seen]


def refusal(found: Sequence[Objection]) -> Verdict | None:
    """The verdict of the lexical gate, which can only refuse."""
    if not found:
        return None
    reasons = tuple(dict.fromkeys(objection.reason for objection in found))
    text = "; ".join(objection.text for objection in found)
    return Verdict(Outcome.REJECTED, reasons, text, evidence=Evidence(Stage.LEXICAL))


def _audit(names: Collection[str], before: Build, after: Build, free: bool, splits: Collection[str]) -> Audit:
    found = [] if free else _files(before, after)
    same = before.modules.keys() & after.modules.keys()
    changed = [name for name in after.modules if name in same and before.modules[name].key != after.modules[name].key]
    seen = [(before.modules[name].public(), after.modules[name].public()) for name in changed]
    return audit(names, before.environment, after.environment, free=free, splits=splits, seen=seen, found=found)


def _files(before: Build, after: Build) -> list[Finding]:
    changed = sorted(dict(before.settings.items() ^ after.settings.items()))
    return [Finding(Reason.PROJECT_FILE, f"it changes {name}, on which builds and verdicts depend") for name in changed]


def _without_verdict(
    names: Collection[str], outcome: Outcome, reason: Reason, error: Exception, stage: Stage
) -> Judgement:
    verdict = Verdict(outcome, (reason,), str(error), evidence=Evidence(stage))
    places = error.places if isinstance(error, BuildFailed) else ()
    return Judgement(dict.fromkeys(names, verdict), None, shared=True, places=places)
