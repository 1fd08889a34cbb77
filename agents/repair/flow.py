"""The way of a failing proof through the stages: diagnose, mend, make holes, automate, ask, assemble.

APOLLO's idea (Ospanov, Farnia and Yousefzadeh 2025): the compiler says what fails, what is easy is automated, and a
model is asked only for what is left. Other than there, goals stay where they are: nothing is printed and parsed again.
What comes out is a hint, like all that an agent makes; `prover.judge` decides. Agents call `repair`, and so does
`prover.repair` for files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from agents.base import Bench
from agents.lemmas import Proof
from agents.repair.closing import close, goals_of
from agents.repair.filling import fill
from agents.repair.holes import isolate
from agents.repair.kept import kept
from agents.repair.mending import mend
from agents.repair.shop import CHECKS, Draft, Hole, Place, Shop
from agents.repair.widening import grown, widen
from prover.errors import BudgetSpent
from prover.model import Task

_REPAIRED = 2  # of the answers to one goal
_ASKING = 10  # times as many checks where somebody is asked: answers cost more


@dataclass(frozen=True, slots=True)
class Stages:
    """Which stages there are, each of which can be left out to see what it is worth.

    The second way of each is APOLLO's: mending `everywhere`, holes by `lines`, a `fixed` list of tactics. `widen` makes
    holes larger that automation cannot close. `depth` is how often an answer to a hole may be repaired in turn.
    """

    mend: Literal["complaint", "everywhere", "off"] = "complaint"
    hole: Literal["blocks", "lines", "off"] = "blocks"
    automate: Literal["portfolio", "fixed", "off"] = "portfolio"
    widen: bool = True
    depth: int = 2


APOLLO = Stages("everywhere", "lines", "fixed", widen=False)


class Asker(Protocol):
    """Who is asked for what automation leaves open."""

    async def answers(self, task: Task, bench: Bench, draft: Draft, hole: Hole, goal: str) -> Sequence[str]:
        """Tactics as after `by`, each to close the goal of the hole; none when there is nothing (more) to be had."""
        ...


@dataclass(frozen=True, slots=True)
class Repaired:
    """What came of a proof. `closes` is what Lean says at the bench.

    `errors` and `holes` are (before, after); errors count also what Lean could not read. `kept` is the share of the
    original's tokens that are still there, from 0 to 1. `steps` say what was done, a line for each stage that did.
    """

    proof: Proof
    closes: bool
    errors: tuple[int, int]
    holes: tuple[int, int]
    kept: float
    steps: tuple[str, ...] = ()


async def repair(
    task: Task,
    bench: Bench,
    proof: Proof,
    stages: Stages | None = None,
    asker: Asker | None = None,
    watch: Callable[[str], None] = lambda stage: None,
) -> Repaired:
    """The proof with as few and as small holes as can be had within the bench's budget; its lemmas are repaired too.

    `watch` is told the stage. Raises what the bench raises; when its checks run out on the way, it is the best draft so
    far.
    """
    shop = Shop(bench, helpers=proof.helpers, checks=CHECKS if asker is None else _ASKING * CHECKS)
    way = _Way(shop, task, stages or Stages(), asker, watch)
    (first,) = await shop.look([proof.body])
    mended, draft = proof, first
    if first.trial.in_helpers:
        mended = await _with_lemmas(way, proof)
        shop.helpers, shop.best = mended.helpers, None
    try:
        if mended is not proof:
            (draft,) = await shop.look([proof.body])
        draft = await way.through(draft, way.stages.depth)
    except BudgetSpent:
        draft = shop.best or draft
    return Repaired(
        replace(mended, body=draft.body),
        draft.trial.closes and mended.whole,
        (first.diagnosis.errors, draft.diagnosis.errors),
        (len(first.holes), len(draft.holes)),
        kept(f"{proof.helpers}{proof.body}", f"{mended.helpers}{draft.body}"),
        tuple(shop.steps),
    )


async def _with_lemmas(way: _Way, proof: Proof) -> Proof:
    """The proof with its lemmas repaired, each with those before it to use."""
    shop, done = way.shop, Proof(proof.body)
    for lemma in proof.lemmas:
        own = Shop(shop.bench, lemma.signature, done.helpers, shop.checks, shop.steps)
        body = lemma.body
        try:
            (draft,) = await own.look([body])
            if draft.diagnosis.errors:
                body = (await replace(way, shop=own, known={}).through(draft, way.stages.depth)).body
        except BudgetSpent:
            body = own.best.body if own.best else body
        shop.checks = own.checks
        done = replace(done, lemmas=(*done.lemmas, replace(lemma, body=body)))
    return done


@dataclass
class _Way:
    """The stages in order. `known` are the answers by the goals that were asked for: none is asked for twice."""

    shop: Shop
    task: Task
    stages: Stages
    asker: Asker | None
    watch: Callable[[str], None]
    known: dict[str, Sequence[str]] = field(default_factory=dict)

    async def through(self, draft: Draft, depth: int) -> Draft:
        """Once through all stages that there are; what an answer leaves open is asked for so many levels deep."""
        shop, task, stages = self.shop, self.task, self.stages
        if stages.mend != "off" and (draft.diagnosis.errors or stages.mend == "everywhere"):
            self.watch("mending")
            draft = await mend(shop, draft, task, everywhere=stages.mend == "everywhere")
        if stages.hole != "off" and draft.diagnosis.errors:
            self.watch("making holes")
            draft = await isolate(shop, draft, lines=stages.hole == "lines")
        if stages.automate != "off" and draft.holes and not draft.diagnosis.errors:
            self.watch("closing holes")
            draft = await close(shop, draft, task, fixed=stages.automate == "fixed")
            if stages.widen and draft.holes:
                self.watch("widening holes")
                draft = await widen(shop, draft, task)
        if self.asker is not None and draft.holes and not draft.diagnosis.errors and depth:
            self.watch("asking for goals")
            draft = await self.asked(draft, self.asker, depth - 1)
        return draft

    async def asked(self, draft: Draft, asker: Asker, depth: int) -> Draft:
        """The draft with those holes closed that somebody could close."""
        for number in range(len(draft.holes) - 1, -1, -1):  # from the last, so that those before keep their numbers
            draft = await self.answered(draft, number, asker, depth)
        return draft

    async def answered(self, draft: Draft, number: int, asker: Asker, depth: int) -> Draft:
        """The draft with that hole closed, as it is or when it is larger; or the draft as it was.

        Only answers to the largest are repaired in turn: the goal of a smaller one may be false.
        """
        sizes = [draft, *(one for one, _ in await grown(self.shop, draft, draft.holes[number]))]
        for larger in sizes:
            hole, goal = larger.holes[number], (await goals_of(self.shop, larger))[number]
            new = goal not in self.known
            if new and goal:
                self.known[goal] = await asker.answers(self.task, self.shop.bench, larger, hole, goal)
            deeper = depth if new and larger is sizes[-1] else 0
            done = await self.filled(larger, hole, self.known.get(goal, ()), deeper)
            if done is not larger:
                return done
        return draft

    async def filled(self, draft: Draft, hole: Hole, answers: Sequence[str], depth: int) -> Draft:
        """The draft with the hole closed by one of the answers, as it is or repaired in turn; or as it was."""
        edits = [fill(draft, hole, answer, "an answer to its goal") for answer in answers]
        closed = await self.shop.choose(draft, [Place(hole.start, hole.end, tuple(edits))])
        if closed is not draft or not depth or not edits:
            return closed
        tried = sorted(await self.shop.revise(draft, [[edit] for edit in edits]), key=lambda seen: seen.worth)
        for candidate in tried[:_REPAIRED]:
            repaired = await self.through(candidate, depth)
            if not repaired.diagnosis.errors and len(repaired.holes) < len(draft.holes):
                return repaired
        return draft
