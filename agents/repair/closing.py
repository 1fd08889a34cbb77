"""Closes holes without a model: what stood there, a little changed; then a portfolio of tactics, on all at once.

Every stage costs a check or two, however many holes there are: the k-th way of every hole is tried in the k-th copy of
the proof. What Lean takes long for is given up, since most of that leads nowhere. `agents.repair.flow` calls it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from textwrap import dedent

from agents.automation import suggested
from agents.lemmas import has_hole
from agents.portfolio import SEARCH
from agents.repair.automatic import FIXED, ROUNDS, automatic
from agents.repair.edits import Edit, applied, moved
from agents.repair.filling import fill, superfluous, takes_tactic
from agents.repair.rules import names, variants
from agents.repair.shop import Draft, Hole, Place, Shop
from prover.model import Task

_SEARCHES = 12  # holes for which the library is searched, each in a copy of its own
_VARIANTS = 20  # of what stood in a hole
_WIDENED = 2  # rounds for a hole that was made larger, and is tried for each of its sizes
_PROBE = "(by sorry)"


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to close a hole: as it is `tried`, so that Lean complains there if it fails, and as it is to `stay`."""

    tried: Edit
    stay: Edit


async def close(shop: Shop, draft: Draft, task: Task, *, fixed: bool = False, at: int | None = None) -> Draft:
    """The draft with fewer holes where that can be. With `fixed`, one list of tactics whatever the goal is.

    Only the hole that begins `at` that character counts, where one is given. Raises what the bench raises.
    """
    if fixed:
        closer = _Closer(shop, draft, task, [""] * len(draft.holes))
        await closer.stage("a fixed list", [_ways(draft, hole, FIXED) for hole in draft.holes])
        await closer.search()
        return closer.draft
    closer = _Closer(shop, draft, task, await goals_of(shop, draft), at)
    if at is None:
        await closer.stage("what stood there, changed", [_changed(draft, hole, task) for hole in draft.holes])
    for number in range(ROUNDS if at is None else _WIDENED):
        await closer.automation(number)
        if number == 0:
            await closer.search()
    return closer.draft


@dataclass
class _Closer:
    """A draft on its way; `goals` has the goal of each of its holes, empty where it is not known."""

    shop: Shop
    draft: Draft
    task: Task
    goals: list[str]
    at: int | None = None

    def wanted(self, hole: Hole) -> bool:
        """Is it one of those that are to be closed?"""
        return self.at in (None, hole.start)

    async def automation(self, number: int) -> None:
        """One round of the portfolio, for each hole that of its goal."""
        ways = []
        for hole, goal in zip(self.draft.holes, self.goals, strict=True):
            needless = superfluous(self.draft, hole)
            tactics = automatic(self.task, goal, hole.was)[number]
            first = [_Way(*needless)] if needless and number == 0 else []
            ways.append(first + _ways(self.draft, hole, tactics))
        await self.stage("automation", ways)

    async def stage(self, what: str, ways: Sequence[Sequence[_Way]]) -> None:
        """Closes the holes that one of their ways closes; for each hole the first that does."""
        places = [
            Place(hole.start, hole.end, tuple(way.tried for way in some if self.wanted(hole)))
            for hole, some in zip(self.draft.holes, ways, strict=True)
        ]
        tried = await self.shop.sift(self.draft, places, patient=False)
        found = {index: next(way for way in ways[index] if way.tried == edit) for index, edit in tried.items()}
        if found:
            await self._made(what, found)

    async def search(self) -> None:
        """Closes holes by what a search of the library suggests."""
        holes = [hole for hole in self.draft.holes if self.wanted(hole)][:_SEARCHES]
        if not holes:
            return
        edits = [fill(self.draft, hole, SEARCH) for hole in holes]
        copies = await self.shop.revise(self.draft, [[edit] for edit in edits], patient=False)
        found: dict[int, list[str]] = {}
        for hole, edit, copy in zip(holes, edits, copies, strict=True):
            inside = [r.text for r in copy.trial.remarks if edit.start <= r.start < edit.start + len(edit.text)]
            found[hole.start] = [tactic for said in inside if (tactic := suggested(said, self.task))]
        ways = [_ways(self.draft, hole, found.get(hole.start, ())) for hole in self.draft.holes]
        await self.stage("a search of the library", ways)

    async def _made(self, what: str, found: Mapping[int, _Way]) -> None:
        """Makes what was found stay, in its short form if that will do, and each on its own if all will not do."""
        for row in ([way.stay for way in found.values()], [way.tried for way in found.values()]):
            (together,) = await self.shop.revise(self.draft, [row])
            if together.beats(self.draft):
                return self._keep(what, together, found)
        alone = await self.shop.revise(self.draft, [[way.tried] for way in found.values()])
        for (index, way), one in zip(found.items(), alone, strict=True):
            if one.beats(self.draft):
                return self._keep(what, one, {index: way})
        return None

    def _keep(self, what: str, new: Draft, found: Mapping[int, _Way]) -> None:
        said = ", ".join(way.tried.why for way in found.values())
        self.shop.steps.append(f"{len(found)} of {len(self.draft.holes)} holes closed by {what}: {said}")
        self.goals = [goal for index, goal in enumerate(self.goals) if index not in found]
        self.draft = new


def _ways(draft: Draft, hole: Hole, tactics: Iterable[str]) -> list[_Way]:
    """How the hole is filled with each of these tactics."""
    named = [(text, text.partition("\n")[0]) for text in tactics]
    return [_Way(fill(draft, hole, text, why, focused=True), fill(draft, hole, text, why)) for text, why in named]


def _changed(draft: Draft, hole: Hole, task: Task) -> list[_Way]:
    """What stood in the hole, a little changed, at the very place where it stood."""
    if not hole.was or has_hole(hole.was):
        return []
    known = (*task.lemmas, *task.definitions)
    bound = names.names_bound(f"{task.slot.statement} {draft.body}")
    near = {name: names.ranked(name, known, bound) for name in names.asked(hole.why, hole.was)}
    column = hole.start - draft.body.rfind("\n", 0, hole.start) - 1
    found = []
    for text, why in islice(variants(hole.was, hole.why, {"": bound, **near}), _VARIANTS):
        if text.strip() and not has_hole(text):
            stay = Edit(hole.start, hole.end, text, why)
            lines = dedent(" " * column + text)
            tried = fill(draft, hole, lines, why, focused=True) if takes_tactic(draft, hole) else stay
            found.append(_Way(tried, stay))
    return found


async def goals_of(shop: Shop, draft: Draft) -> list[str]:
    """The goals at the holes. One that is a term has none to Lean: there they are asked for inside of a `by`."""
    terms = [hole for hole in draft.holes if not takes_tactic(draft, hole)]
    edits = [Edit(hole.start, hole.end, _PROBE) for hole in terms]
    places = [moved(hole.start, edits) + (_PROBE.index("sorry") if hole in terms else 0) for hole in draft.holes]
    probe = replace(draft, trial=replace(draft.trial, body=applied(draft.body, edits)))
    return [goals[0] if goals else "" for goals in await shop.goals(probe, places)]
