"""A model of a model, which knows a correct proof and spoils every step of what it says with the same probability.

Asked for a whole proof it gives the correct one, asked for a goal what stands in the correct one where the hole is;
each step of it (a tactic, or what stands before the blocks of one) gets a fault of `benchmarks.broken` with probability
`p`, independently. It sees no more than the prompt: it finds the place of a hole by the words around it, as they stand
there, and where these differ from the correct proof its answer does not fit. That it knows the proof makes it better
than a model, and that it never learns from what Lean says worse. Both contenders of `experiment` ask it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from random import Random
from textwrap import dedent, indent

from agents.models.base import Completion, Limits, Message, Reply, Role, Tool
from agents.repair.blocks import Block, Sort
from agents.repair.edits import Edit, applied
from agents.repair.layout import parse
from agents.repair.subgoals import MARK
from benchmarks.broken.mutations import mutated
from benchmarks.broken.originals import Original, originals
from prover.errors import AgentRefused
from prover.lean.lexer import tokens
from prover.model import Usage

_KINDS = ("lemma name", "wrong tactic", "off by one", "swapped", "Lean 3")  # that make sense for one step
_FRONT = ":= by\n"
_HOLE = "⟪hole⟫"
_BY = re.compile(r"by\b")
_TOKENS = Usage(1, 1)


class Fallible:
    """Implements `agents.models.base.Model`. The same questions in the same order get the same answers."""

    at_once = 1024

    def __init__(self, p: float, seed: int) -> None:
        self.name = f"fallible:{p:g}"
        self._p, self._seed = p, seed
        self._asked: Counter[str] = Counter()

    async def complete(
        self, messages: Sequence[Message], tools: Sequence[Tool] = (), n: int = 1, limits: Limits = Limits()
    ) -> Completion:
        """As many answers as are wanted; AgentRefused for a theorem that it does not know."""
        text = messages[-1].text
        theorem = next((one for one in originals().values() if _asks_for(one) in text), None)
        if theorem is None:
            raise AgentRefused(f"{self.name} does not know this theorem")
        answers = [self._answer(theorem, text) for _ in range(n)]
        replies = tuple(Reply(Message.of(Role.ASSISTANT, f"```lean\n{answer}\n```")) for answer in answers)
        return Completion(replies, _TOKENS, self.name)

    def _answer(self, theorem: Original, text: str) -> str:
        marked = _marked(text)
        correct = _FRONT + indent(missing(marked, theorem.proof), "  ") if marked else theorem.proof
        self._asked[theorem.name + correct] += 1
        choose = Random(f"{self._seed} {self._p} {theorem.name} {correct} {self._asked[theorem.name + correct]}")
        said = spoilt(correct, self._p, choose)
        return dedent(said.removeprefix(_FRONT)) if marked else said

    async def check(self) -> None:
        """It is there."""

    async def close(self) -> None:
        """Nothing is held."""


def _asks_for(theorem: Original) -> str:
    """What a prompt says that asks for this theorem."""
    slot = theorem.slot
    stated = slot.source[slot.command : slot.body[0]].rstrip()
    return f"The theorem to prove is `{slot.source[slice(*slot.name)]}`:\n\n```lean\n{stated} :="


def _marked(text: str) -> str:
    """The proof in the prompt that has the marked hole in it; empty where there is none."""
    blocks = text.split("```")
    return next((block.removeprefix("lean\n") for block in blocks[1::2] if MARK in block), "")


def missing(marked: str, correct: str) -> str:
    """What stands in the correct proof where the marked one has its hole, as tactics, by the words around the hole."""
    start, end = _between(marked.replace(MARK, _HOLE), correct)
    text = correct[start:end].rstrip()
    begins = any(block.start == start and block.sort is Sort.TACTIC for block in parse(correct).walk())
    if begin := _BY.match(text):
        start, text, begins = start + begin.end(), text[begin.end() :], True
    column = start - (correct.rfind("\n", 0, start) + 1)
    tactics = dedent(" " * column + text).strip("\n") if not text.startswith("\n") else dedent(text).strip("\n")
    if not tactics.strip():
        return "rfl"
    return tactics.lstrip() if begins else f"exact {tactics.lstrip()}"


def _between(marked: str, correct: str) -> tuple[int, int]:
    """From the first word after the last that both have before the hole, to the first that both have after it."""
    there = [token for token in tokens(correct) if token.significant]
    words = [token.text for token in tokens(marked.replace(_HOLE, "⟪")) if token.significant]
    hole = words.index("⟪")
    pairs = SequenceMatcher(None, words, [token.text for token in there], autojunk=False).get_matching_blocks()
    both = [(block.a + k, block.b + k) for block in pairs for k in range(block.size)]
    first = max((b + 1 for a, b in both if a < hole), default=0)
    last = min((b for a, b in both if a > hole), default=len(there))
    if first >= last:
        return 0, 0
    return there[first].start, there[last - 1].end


def spoilt(body: str, p: float, choose: Random) -> str:
    """The body with a fault in each step with that probability."""
    wrong = [step for step in steps(parse(body)) if choose.random() < p]
    return applied(body, [Edit(start, end, _wrong(body[start:end], choose)) for start, end in wrong])


def steps(block: Block) -> Iterator[tuple[int, int]]:
    """Where the steps of a proof stand, in order; a `·` alone is none."""
    own = (block.sort in (Sort.TACTIC, Sort.STEP) and block.word != "·") or (
        block.sort is Sort.TERM and not block.parts
    )
    if own:
        yield block.start, block.parts[0].start if block.parts else block.end
    for part in block.parts:
        yield from steps(part)


def _wrong(step: str, choose: Random) -> str:
    """The step with one fault; left out where no kind of fault has anything to break in it."""
    code = step.rstrip()
    front = f"{_FRONT}  "
    for kind in choose.sample(_KINDS, len(_KINDS)):
        text = mutated(front + code, [kind], choose.randrange(1 << 32), "step")
        if text is not None and text.startswith(front):
            return text.removeprefix(front) + step[len(code) :]
    return "skip" + step[len(code) :]
