"""What is to be said of each declaration, from what was found for it and what the judge says of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from prover.model import Outcome, Reason, Verdict
from prover.repair.court import Judged
from prover.repair.outcome import Result, Status, is_proved
from prover.repair.proofs import Found
from prover.repair.scan import DATA, Scan
from prover.repair.sheet import New

_NOT_ITS_FAULT = {Reason.SORRY}  # it has a hole, or rests on one: still better than what was there


def final(better: Mapping[int, New], verdicts: Mapping[int, Verdict]) -> dict[int, New]:
    """What is better and not refused by the judge for what it is."""
    return {number: new for number, new in better.items() if not _refused(verdicts.get(number))}


def _refused(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.outcome is Outcome.REJECTED and not {*verdict.reasons} <= _NOT_ITS_FAULT


def results(
    scan: Scan, wanted: frozenset[int], found: Mapping[int, Found], kept: Mapping[int, New], judged: Judged
) -> tuple[list[Result], int, list[str]]:
    """The results in the order of the file, how many others are proved as they stand, and what is left to say."""
    parts = scan.sheet.parts
    said: dict[int, Result] = {}
    for number, each in found.items():
        said[number] = _result(scan, number, each, number in kept, judged)
    everything = len(wanted) == sum(part.proof is not None for part in parts)
    for number, why in scan.cut.items():
        if number in wanted or everything:
            said[number] = _unchanged(scan, number, why)
    for number in scan.data if everything else ():
        said[number] = Result(parts[number].shown, parts[number].line, Status.UNCHANGED, DATA, holes=(1, 1))
    left = [judged.why] if judged.why and not said else []
    proved = 0
    for number in wanted - said.keys():
        verdict = judged.verdicts.get(number)
        proved += is_proved(verdict)
        if not is_proved(verdict):
            why = _unasked(scan, number, judged) if verdict is None else verdict.explanation
            said[number] = Result(parts[number].shown, parts[number].line, Status.UNCHANGED, why, verdict)
    return [said[number] for number in sorted(said)], proved, left


def _unchanged(scan: Scan, number: int, why: str) -> Result:
    part = scan.sheet.parts[number]
    said = f"its statement does not elaborate: {why}" if part.proof and why != DATA else why
    return Result(part.shown, part.line, Status.UNCHANGED, said, errors=(1, 1))


def _result(scan: Scan, number: int, each: Found, kept: bool, judged: Judged) -> Result:
    part, verdict = scan.sheet.parts[number], judged.verdicts.get(number)
    before = (each.errors[0], each.errors[0]), (each.holes[0], each.holes[0])
    if not kept:
        refused = verdict if each.new is not None else None
        why = each.why if refused is None else f"the judge refuses what was found: {refused.explanation}"
        shown = verdict if refused is not None or not each.errors[1] else None
        rest = *before, 1.0, each.steps, each.checks, each.seconds
        return Result(part.shown, part.line, Status.UNCHANGED, why, shown, *rest)
    status = Status.PROVED if is_proved(verdict) else Status.IMPROVED
    why = "" if status is Status.PROVED else _why(scan, number, each, judged)
    rest = each.errors, each.holes, each.kept, each.steps, each.checks, each.seconds
    return Result(part.shown, part.line, status, why, verdict, *rest)


def _why(scan: Scan, number: int, each: Found, judged: Judged) -> str:
    """Why what is better is not proved."""
    if each.errors[1]:
        return each.why or "Lean still has errors in it"
    verdict = judged.verdicts.get(number)
    return f"Lean accepts it; {_unasked(scan, number, judged)}" if verdict is None else verdict.explanation


def _unasked(scan: Scan, number: int, judged: Judged) -> str:
    """Why there is no verdict."""
    if scan.doubtful is not None and number > scan.doubtful:
        return f"what it says may depend on line {scan.sheet.parts[scan.doubtful].line}, which does not compile"
    return judged.why or "the judge has no such theorem"
