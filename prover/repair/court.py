"""The whole file before the judge: with `sorry` for the proofs that were touched, and as it is repaired.

Both are compiled as the same module in the throw-away copy, and every theorem that was asked for is judged in one
build. What does not compile in itself stands in neither of the two. Called by `prover.repair.file`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from prover.errors import LeanError, ProjectError
from prover.judge.gate import Gate, Judgement
from prover.lean.build import Build
from prover.lean.declarations import declarations
from prover.model import Attempt, Kind, Outcome, Position, Reason, Verdict
from prover.repair.place import Place
from prover.repair.sheet import HOLE, Made, New, Sheet

AGENT = "repair"
_END = 1 << 31  # of a line
BLOCKED = "the file does not compile, even with its failing proofs left open"


@dataclass(frozen=True)
class Judged:
    """The verdicts by the commands' numbers, and why there are none at all, where that is so."""

    verdicts: Mapping[int, Verdict]
    why: str = ""


@dataclass(frozen=True)
class _Case:
    """The target as it was compiled, what its theorems are called, and the proofs that are open in it."""

    before: Build
    names: Mapping[int, str]
    asked: Collection[int]
    open: Mapping[int, New]


@dataclass
class Court:
    """`failing` are proofs that Lean does not accept as they stand, `cut` the commands that do not compile at all."""

    gate: Gate
    place: Place
    sheet: Sheet
    failing: Collection[int]
    cut: Collection[int]

    async def judge(self, asked: Collection[int], found: Mapping[int, New], blocked: str = "") -> Judged:
        """The verdicts on those theorems, with the proofs that were found for some of them; none where it is known
        already what keeps the file from being compiled."""
        if blocked:
            return Judged({}, f"{BLOCKED}: {blocked}")
        # What was found for a proof is judged whether it failed or had a hole.
        target = self.sheet.made(dict.fromkeys({*self.failing, *found}, HOLE), self.cut, asked)
        self.place.write(target.text)
        try:
            before = await self.gate.builder.build(self.place.root)
            names = self._names(before, target, asked)
        except (ProjectError, LeanError) as error:
            if examples := {number for number in asked if self.sheet.parts[number].keyword == "example"}:
                return await self.judge({*asked} - examples, found)  # a theorem may see less of what is around it
            return Judged({}, f"{BLOCKED}: {error}")
        attempts = {n: Attempt(names[n], AGENT, found[n].body, helpers=found[n].helpers) for n in found if n in names}
        glances = {number: self.gate.glance(attempt) for number, attempt in attempts.items()}
        glanced = {number: verdict for number, verdict in glances.items() if verdict is not None}
        # What nobody judges stays open in both, or it would count as a change beside what is judged.
        case = _Case(before, names, asked, dict.fromkeys({*self.failing, *found}, HOLE))
        fine = {number: found[number] for number in attempts.keys() - glanced.keys()}
        return Judged({**await self._verdicts(case, fine), **glanced})

    async def _verdicts(self, case: _Case, found: Mapping[int, New]) -> dict[int, Verdict]:
        """In one build, but where something is wrong: what does not compile is left out of the next one, and what may
        be wrong with one of them only is judged apart."""
        refused: dict[int, Verdict] = {}
        while True:
            judgement, made = await self._judged(case, found)
            verdicts = {number: judgement.verdicts[name] for number, name in case.names.items()}
            if _failed(judgement) and (wrong := self._wrong(judgement, made) & found.keys()):
                refused |= {number: verdicts[number] for number in found if number in wrong}
                found = {number: new for number, new in found.items() if number not in wrong}
                continue
            if judgement.shared and len(found) > 1:
                for number, new in found.items():
                    alone, _ = await self._judged(case, {number: new})
                    verdicts[number] = alone.verdicts[case.names[number]]
            return verdicts | refused

    async def _judged(self, case: _Case, found: Mapping[int, New]) -> tuple[Judgement, Made]:
        made = self.sheet.made({**case.open, **found}, self.cut, case.asked)
        self.place.write(made.text)
        return await self.gate.judge(case.names.values(), case.before, self.place.root), made

    def _names(self, before: Build, target: Made, asked: Collection[int]) -> dict[int, str]:
        """What the compiled theorems among those that were asked for are called."""
        found: dict[int, str] = {}
        for d in declarations(before.environment).values():
            number = target.number(d.position) if d.module == self.place.module else None
            if number is not None and number in asked and d.kind is Kind.THEOREM and self._is(number, d.name):
                found[number] = d.name
        return found

    def _is(self, number: int, name: str) -> bool:
        """Is that what the command declares? Two may stand in what was read as one."""
        part = self.sheet.parts[number]
        return not part.name or part.name.split(".")[-1] == name.split(".")[-1]

    def _wrong(self, judgement: Judgement, made: Made) -> set[int | None]:
        """The commands in which Lean's errors are."""
        places = [Position(line, _END) for module, line in judgement.places if module == self.place.module]
        return {made.number(place) for place in places}


def _failed(judgement: Judgement) -> bool:
    return any(
        verdict.outcome is Outcome.REJECTED and Reason.BUILD in verdict.reasons
        for verdict in judgement.verdicts.values()
    )
