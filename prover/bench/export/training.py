"""Training data of a run: from a statement to its proof, and from a failed attempt to the proof that mends it.

Pure but for `write_examples`. Only a text that the judge has called proved is ever an answer. Called by
`prover bench export`; what comes of it is also what the replay buffer keeps.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from prover.bench.export.examples import Example, Kind, Message, Metadata, digest_of
from prover.bench.export.leantext import answer, likeness, normal, said, shingles, slot
from prover.bench.problem import Problem, Truth
from prover.bench.rows import Ended, Results, Row
from prover.repair.original import write

NEAR = 0.4  # how like a failed attempt its proof must be: with less, there is nothing to be mended
_MOST = 32  # proofs of a problem that a failed attempt is compared with
# Those of which it is known that the text is no proof: a judge that ran out of time does not know.
_FAILED = (Ended.REJECTED, Ended.NOTHING, Ended.FAILED)

_SYSTEM = (
    "You are an expert in Lean 4 and prove theorems formally. Answer with one block of Lean: the theorem with its "
    "whole proof, and in front of it the lemmas that it needs."
)
_PROVE = "Prove this theorem."
_DISPROVE = "This theorem is false as it is stated. State its negation, as a theorem `{}.disproof`, and prove it."


@dataclass(frozen=True, slots=True)
class Exclude:
    """What must not be trained on: splits by name, problems by digest, and statements by what they say.

    `said` has texts of `prover.bench.export.leantext.said`, by which a problem is known under whatever name.
    """

    splits: Collection[str] = ("test",)
    digests: Collection[str] = ()
    said: Collection[str] = ()

    @classmethod
    def of(cls, problems: Iterable[Problem], splits: Collection[str] = ("test",)) -> Exclude:
        """These problems, and any that say the same; and the splits."""
        found = tuple(problems)
        digests = frozenset(problem.digest for problem in found)
        return cls(splits, digests, frozenset(said(problem) for problem in found))

    def __contains__(self, problem: Problem) -> bool:
        known = problem.split in self.splits or problem.digest in self.digests
        return known or (bool(self.said) and said(problem) in self.said)


NO_TESTS = Exclude()


def examples(
    results: Results, exclude: Exclude = NO_TESTS, *, near: float = NEAR, failures: bool = False
) -> Iterator[Example]:
    """The examples of a run, problem by problem, each once.

    A row with a draft, Lean's feedback and a proof is a repair; so is a failed attempt with feedback and the proof of
    another sample that is most like it, where their likeness (Jaccard's coefficient of shingles) is `near` at least.
    With `failures` there are also the failed attempts with their feedback, which have no answer.
    """
    for problem in results.problems:
        if problem in exclude:
            continue
        for negation in (False, True):
            rows = [row for row in results.by_problem[problem.name] if row.negation is negation]
            yield from _once(_made(_Maker(results.settings, problem), rows, near, failures))


def write_examples(found: Iterable[Example], path: Path) -> Mapping[str, int]:
    """Writes them as JSON lines; gives their number by kind. Raises ProjectError where the file cannot be written."""
    kinds: Counter[str] = Counter()
    lines = []
    for example in found:
        kinds[example.metadata.kind.value] += 1
        lines.append(example.model_dump_json() + "\n")
    write(path, "".join(lines).encode())
    return dict(sorted(kinds.items()))


class _Failed(NamedTuple):
    """A text that is no proof, and what Lean has against it."""

    row: Row
    body: str
    helpers: str
    feedback: tuple[str, ...]

    @property
    def text(self) -> str:
        return _text(self.helpers, self.body)


def _made(maker: _Maker, rows: Sequence[Row], near: float, failures: bool) -> Iterator[Example]:
    """All examples of one statement, those that say the same included."""
    proofs = [row for row in rows if maker.is_proof(row)]
    for row in proofs:
        yield maker.proof(row)
        if draft := _draft(row):
            yield maker.repair(draft, row, None)
    proved = {_text(row.helpers, row.body) for row in proofs}
    failed = [one for row in rows if (one := _failed(row)) and one.text not in proved]
    yield from _mended(maker, failed, proofs, near)
    if failures:
        yield from map(maker.failure, failed)


def _mended(maker: _Maker, failed: Iterable[_Failed], proofs: Iterable[Row], near: float) -> Iterator[Example]:
    """Failed attempts with the proof that is most like each."""
    distinct = {normal(text): (shingles(text), row) for row in proofs if (text := _text(row.helpers, row.body))}
    compared = list(distinct.values())[:_MOST]
    for one in failed if compared else ():
        mine = shingles(one.text)
        like, row = max(((likeness(mine, text), row) for text, row in compared), key=lambda pair: pair[0])
        if like >= near:
            yield maker.repair(one, row, round(like, 3))


def _draft(row: Row) -> _Failed | None:
    """What a model wrote before the repair, where Lean had something against it."""
    if not (row.drafted and row.feedback) or row.drafted == row.body:
        return None
    # Lemmas that the draft does not speak of are the repair's.
    helpers = row.helpers if ".helper." in row.drafted else ""
    return _Failed(row, row.drafted, helpers, row.feedback)


def _failed(row: Row) -> _Failed | None:
    """The text of a row that came to nothing, as the model wrote it; None where there is none, or no feedback."""
    if row.ended not in _FAILED:
        return None
    if draft := _draft(row):
        return draft
    feedback = row.feedback or ((row.why,) if row.ended is Ended.REJECTED and row.why else ())
    return _Failed(row, row.body, row.helpers, feedback) if row.body and feedback else None


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the examples of one problem."""

    settings: Mapping[str, Any]
    problem: Problem

    def is_proof(self, row: Row) -> bool:
        """Has the judge called it proved, and can that be?"""
        wanted = Ended.DISPROVED if row.negation else Ended.PROVED
        false = self.problem.truth is Truth.FALSE and not row.negation
        return row.ended is wanted and bool(row.body) and not false

    def proof(self, row: Row) -> Example:
        kind = Kind.DISPROOF if row.negation else Kind.PROOF
        about = self.about(kind, row, body=_text(row.helpers, row.body))
        return _example(about, self.asked(row.negation), self.answered(row))

    def repair(self, failed: _Failed, row: Row, near: float | None) -> Example:
        """`failed` mended by the proof `row`; `near` where they are of two attempts."""
        about = self.about(Kind.REPAIR, row, body=_text(row.helpers, row.body), draft=failed.text, near=near)
        return _example(about, self.said_of(failed), self.answered(row))

    def failure(self, failed: _Failed) -> Example:
        return _example(self.about(Kind.FAILURE, failed.row, draft=failed.text), self.said_of(failed))

    def asked(self, negation: bool) -> str:
        """The user's question."""
        task = _DISPROVE.format(self.name) if negation else _PROVE
        pieces = (task, self.problem.informal.strip(), _fenced(self.problem.text, "lean4"))
        return "\n\n".join(piece for piece in pieces if piece)

    @property
    def name(self) -> str:
        """The theorem's, as it is written there."""
        there = slot(self.problem)
        return there.source[slice(*there.name)]

    def said_of(self, failed: _Failed) -> str:
        """The user's question with an attempt that fails, and why."""
        code = _fenced(answer(self.problem, failed.row, failed.body, failed.helpers), "lean4")
        said = _fenced("\n\n".join(failed.feedback), "text")
        return f"{self.asked(failed.row.negation)}\n\nThis attempt fails:\n\n{code}\n\nLean says of it:\n\n{said}"

    def answered(self, row: Row) -> str:
        return _fenced(answer(self.problem, row), "lean4")

    def about(self, kind: Kind, row: Row, *, body: str = "", draft: str = "", near: float | None = None) -> Metadata:
        settings, temperature = self.settings, self.settings.get("temperature")
        return Metadata(
            kind=kind,
            problem=self.problem.name,
            statement=self.problem.digest,
            digest=digest_of(kind, self.problem.digest, row.negation, draft, body),
            suite=str(settings.get("suite", "")),
            split=self.problem.split,
            run=str(settings["run"]),
            agent=row.agent,
            model=row.model,
            prompt=row.prompt,
            policy=row.policy,
            temperature=temperature if isinstance(temperature, int | float) else None,
            sample=row.sample,
            negation=row.negation,
            began=row.began,
            body=body,
            draft=draft,
            near=near,
        )


def _example(about: Metadata, asked: str, answered: str = "") -> Example:
    turns = (("system", _SYSTEM), ("user", asked), *((("assistant", answered),) if answered else ()))
    return Example(messages=tuple(Message(role=role, content=text) for role, text in turns), metadata=about)


def _once(found: Iterable[Example]) -> Iterator[Example]:
    """Without those that differ from an earlier one in comments and white space alone."""
    seen: set[str] = set()
    for example in found:
        if example.digest not in seen:
            seen.add(example.digest)
            yield example


def _text(helpers: str, body: str) -> str:
    return f"{helpers.strip()}\n\n{body}".strip() if helpers.strip() else body


def _fenced(text: str, language: str) -> str:
    """A block that no line of the text ends."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"
