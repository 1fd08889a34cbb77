"""What of a file fails: one check of all of it, what is mended around the proofs, and what must be left out.

Asks warm workers only, so that what it finds is where to work, and no verdict. Called by `prover.repair.file`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agents.repair.edits import Edit
from prover.errors import CheckTimeout, LeanError, ProjectError, WorkerDied
from prover.lean.pool import LeanPool
from prover.repair.faults import HEADER, Faults, faults
from prover.repair.original import Original
from prover.repair.parts import UNSEEN, Part, unclosed
from prover.repair.sheet import HOLE, Made, Sheet
from prover.repair.tasks import OPEN, outline, uses
from prover.repair.tidy import mended, unwrapped

_FIXED = frozenset({"namespace", "section", "end", "mutual", "import"})  # others depend on these by layout
_ROUNDS = 12
_UNREAD = re.compile("expected command|expected ':='")
DATA = "it is data, and what it means is not touched"


@dataclass
class Scan:
    """`failing` are the proofs with errors, `open` those with holes only. `cut` says of commands that do not compile in
    themselves, why, and `data` are definitions with holes. `blocked` says why the rest cannot be compiled at all.
    """

    original: Original
    sheet: Sheet
    mended: Sequence[str] = ()
    failing: set[int] = field(default_factory=set)
    open: set[int] = field(default_factory=set)
    data: set[int] = field(default_factory=set)
    cut: dict[int, str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    blocked: str = ""

    @property
    def doubtful(self) -> int | None:
        """The first command left out on which the meaning of what follows may depend unseen: an instance, a notation, a
        variable. A name that is missing is seen."""
        parts = self.sheet.parts
        return min((number for number in self.cut if parts[number].keyword in UNSEEN), default=None)

    @property
    def rest(self) -> str:
        """The text with spaces for the commands that are cut, so that all others stand where they stood."""
        text = self.sheet.text
        for part in (self.sheet.parts[number] for number in self.cut):
            text = text[: part.start] + re.sub(r"[^\n]", " ", text[part.start : part.end]) + text[part.end :]
        return text


class Scanner:
    """`seconds` is the wall limit of a check of the whole file."""

    def __init__(self, pool: LeanPool, seconds: float) -> None:
        self._pool, self._seconds = pool, seconds

    async def scan(self, original: Original) -> Scan:
        """Raises ProjectError for what is no Lean file or imports what is not there, LeanError when Lean fails on what
        it is without its proofs."""
        original, sheet, found, words = await self._mended(original)
        scan = Scan(original, sheet, words)
        if found is not None and (why := found.first(HEADER)):
            raise ProjectError(f"{original.path}: {why}", _IMPORTS)
        if not any(part.slot for part in sheet.parts) and (found is None or found.count):
            raise ProjectError(f"{original.path} has no declaration with a proof or a body", "name a Lean file")
        proofs = {number for number, part in enumerate(sheet.parts) if part.proof}
        if found is None:  # each proof is looked at on its own, then
            scan.failing = {*proofs}
        else:
            scan.failing = {number for number in found.errors if number in proofs}
            scan.open = {number for number in found.holes & proofs if number not in scan.failing}
            scan.data = {*found.holes - proofs}
            scan.cut = {number: found.first(number) for number in found.errors.keys() - proofs}
        self._without_end(scan)
        for number in [n for n in scan.failing | scan.open if sheet.parts[n].keyword == "instance"]:
            await self._demand_proof(scan, number)
        if scan.failing or scan.cut:
            await self._skeleton(scan)
        return scan

    async def _mended(self, original: Original) -> tuple[Original, Sheet, Faults | None, list[str]]:
        """The file with what is mended outside of its proofs, each step of which leaves Lean fewer complaints."""
        sheet, words = _sheet(original), list[str]()
        found = await self.check(sheet.made({}, ()))
        best = original, sheet, found, words
        for step in (_unwrap, _mend):
            if found is None or not found.count:
                break
            if edits := step(original, sheet, found):
                original, words = original.edited(edits), [*words, *dict.fromkeys(edit.why for edit in edits)]
                sheet = _sheet(original)
                found = await self.check(sheet.made({}, ()))
                best = (original, sheet, found, words) if _reads_on(found, best[2]) else best
        return best

    async def check(self, made: Made) -> Faults | None:
        """What is wrong with a text; None when Lean did not live to say it, or not in time."""
        try:
            answer = await self._pool.check(made.text, timeout=self._seconds)
        except (CheckTimeout, WorkerDied):
            return None
        return faults(made.text, made.starts, answer)

    async def _skeleton(self, scan: Scan) -> None:
        """Leaves failing proofs open and cuts out what does not compile, until Lean has nothing against the rest."""
        for _ in range(_ROUNDS):
            if fixed := [n for n in scan.cut if scan.sheet.parts[n].keyword in _FIXED]:
                part = scan.sheet.parts[fixed[0]]
                scan.blocked = f"line {part.line}: {scan.cut[fixed[0]]}"
                return
            found = await self.check(scan.sheet.made(dict.fromkeys(scan.failing, HOLE), scan.cut))
            if found is None:
                raise LeanError(
                    f"Lean gives no answer about {scan.original.path}, even with its failing proofs left open",
                    "give it more time with build_seconds in prover.toml, or split the file",
                )
            needing = _needing(scan.sheet.parts, scan.sheet.text, scan.cut)
            if not (found.count or needing):
                return
            self._learn(scan, found)
            scan.cut.update(needing)
            scan.failing -= needing.keys()
        scan.blocked = "too many commands do not compile"

    def _learn(self, scan: Scan, found: Faults) -> None:
        """A proof that fails is left open first; what fails even so is cut out."""
        for number in found.errors:
            if number == HEADER:
                scan.blocked = found.first(number)
            elif scan.sheet.parts[number].proof and number not in scan.failing:
                scan.failing.add(number)
                scan.open.discard(number)
            else:
                scan.cut[number] = found.first(number)
                scan.failing.discard(number)

    async def _demand_proof(self, scan: Scan, number: int) -> None:
        """An instance of a class that is no proposition has a meaning, which is not ours to change."""
        part = scan.sheet.parts[number]
        assert part.slot is not None
        before = outline(scan.sheet.text, scan.sheet.parts, part.slot)
        name = "an_instance"
        probe = f"{before}\n\ntheorem {name} {part.slot.statement} {OPEN}"
        answer = await self._pool.check(probe, timeout=self._seconds)
        if any(f"{name}` is not a proposition" in message.text for message in answer.errors):
            if number in scan.failing:
                scan.failing.discard(number)
                scan.cut[number] = DATA
            else:
                scan.open.discard(number)
                scan.data.add(number)

    def _without_end(self, scan: Scan) -> None:
        text = scan.original.text
        if (at := unclosed(text)) is not None:
            line = text.count("\n", 0, at) + 1
            scan.left.append(f"line {line}: a comment that nothing closes; what stands behind it was not read")


_IMPORTS = "take the import out, or repair the file in a project that has the module"


def _sheet(original: Original) -> Sheet:
    """The text up to a comment that nothing closes."""
    return Sheet(original.text[: unclosed(original.text)])


def _needing(parts: Sequence[Part], text: str, cut: Mapping[int, str]) -> dict[int, str]:
    """What names a declaration that is cut, before its proof: Lean might take the name for a variable."""
    found = {}
    for number, why in cut.items():
        name = parts[number].name
        for other, part in enumerate(parts[number + 1 :] if name else (), start=number + 1):
            said = text[part.start : part.proof.body[0] if part.proof else part.end]
            if other not in cut and uses(said, name):
                found[other] = f"it needs {name}, which does not compile ({why})"
    return found


def _reads_on(new: Faults | None, old: Faults | None) -> bool:
    """Does Lean stop less often at what it cannot read, or else complain less?"""
    if new is None or old is None:
        return False
    texts = [[text for said in found.errors.values() for text in said] for found in (new, old)]
    now, then = ((sum(bool(_UNREAD.search(text)) for text in each), len(each)) for each in texts)
    return now < then


def _unwrap(original: Original, sheet: Sheet, found: Faults) -> list[Edit]:
    return unwrapped(original.text)


def _mend(original: Original, sheet: Sheet, found: Faults) -> list[Edit]:
    return mended(sheet.text, sheet.parts, [*found.errors])
