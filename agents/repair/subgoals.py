"""Asks a model for what automation leaves open in a proof, hole by hole: tactics for one goal, and nothing else.

Each question costs some of a given number of samples, which is the limit over all holes of an attempt. What comes of an
answer is for `agents.repair.flow` to find out, which calls this; nothing is tried here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import dedent, indent

from agents.asking import Asking, shortened, told
from agents.base import Bench
from agents.extraction import blocks
from agents.leantext import commands, masked
from agents.lemmas import has_hole
from agents.models.caller import Caller
from agents.prompts import prompt
from agents.repair.shop import Draft, Hole
from prover.errors import BudgetSpent
from prover.model import Task

MARK = "sorry /- this one -/"
_LABELS = {"", "lean", "lean4", "tactic", "tactics"}
_THOUGHT = re.compile(r"</think(?:ing)?>")
_BEGINS = re.compile(r"\s*(?::=\s*)?(?P<by>by\b)?")
_TERM = ("fun ", "λ", "⟨", "@")
_GOAL, _WAS, _WHY = 4_000, 2_000, 1_200  # characters


class Subgoals:
    """Implements `agents.repair.flow.Asker`. `left` are the samples that may still be asked for.

    The calls of an attempt are numbered from `start` on in the order of the questions, so that one which begins anew
    reads what was said.
    """

    def __init__(self, caller: Caller, settings: Asking, *, left: int | None = None, start: int = 0) -> None:
        self.left = settings.samples if left is None else left
        self._caller, self._limits = caller, settings.limits
        self._number = start

    async def answers(self, task: Task, bench: Bench, draft: Draft, hole: Hole, goal: str) -> Sequence[str]:
        """Tactics as after `by`, none twice, those with holes last; none when the samples or the money are used.

        Half of the hole's share of the samples is asked for at once: what the answers leave open gets the others.
        Raises what the caller raises, but for BudgetSpent.
        """
        count = min(self.left, max(1, -(-self.left // (2 * len(draft.holes)))))
        if count <= 0:
            return ()
        words = prompt("subgoal")
        values = {**await told(task, bench, about=goal), **_shown(draft, hole, goal)}
        number, self._number, self.left = self._number, self._number + count, self.left - count
        try:
            exchanges = await self._caller.ask(
                bench,
                number,
                words.opening(**values),
                n=count,
                limits=words.limits(self._limits),
                prompt=words.label,
            )
        except BudgetSpent:
            self.left = 0
            return ()
        texts = (reply.message.text for exchange in exchanges for reply in exchange.completion.replies)
        return sorted(dict.fromkeys(filter(None, map(tactics, texts))), key=has_hole)


def _shown(draft: Draft, hole: Hole, goal: str) -> dict[str, object]:
    """What the prompt says of the hole."""
    marked = draft.body[: hole.start] + MARK + draft.body[hole.end :]
    column = hole.start - (draft.body.rfind("\n", 0, hole.start) + 1)
    was = shortened(dedent(" " * column + hole.was).strip("\n"), _WAS)
    why = shortened(hole.why.strip(), _WHY)
    return {"mark": MARK, "marked": marked, "was": was, "why": why, "goal": shortened(goal, _GOAL)}


def tactics(reply: str) -> str:
    """The tactics in a reply, as they stand after `by`: of its blocks the last without holes, or else the last.

    Empty where there are none. A reply without a block is taken for tactics; of a statement that is given with its
    proof, the proof counts.
    """
    answer = _THOUGHT.split(reply)[-1]
    found = [text for label, code in blocks(answer) if label in _LABELS and (text := _normal(code))]
    complete = [text for text in found if not has_hole(text)]
    return next(reversed(complete or found), "")


def _normal(code: str) -> str:
    """A proof as tactics, in the first column, without `by` in front of it."""
    proofs = [command.body for command in commands(dedent(code)) if command.body]
    code = proofs[-1] if proofs else code
    begin = _BEGINS.match(masked(code))
    end = begin.end() if begin else 0
    as_term = begin is not None and not begin["by"] and (":=" in begin[0] or code[end:].startswith(_TERM))
    head = "exact " if as_term else ""
    rest = re.sub(r"[^\n]", " ", code[:end]) + code[end:]  # in the columns where it stood
    return _aligned(rest, head) if masked(rest).strip() else ""


def _aligned(text: str, head: str = "") -> str:
    """Without the margin. Where the first line stands further right than others, as after `by`, these belong to it."""
    first, *others = _without_empty_ends(text)
    rest = dedent("\n".join(others))
    column = len(first) - len(first.lstrip())
    margins = [len(line) - len(line.lstrip()) for line in others if line.strip()]
    if not margins or (column <= min(margins) and not head):
        return head + dedent("\n".join([first, *others]))
    return f"{head}{first.strip()}\n{indent(rest, '  ')}"


def _without_empty_ends(text: str) -> Iterator[str]:
    """The lines from the first to the last that is not empty."""
    lines = [line.rstrip() for line in text.expandtabs(2).splitlines()]
    full = [number for number, line in enumerate(lines) if line]
    yield from lines[full[0] : full[-1] + 1]
