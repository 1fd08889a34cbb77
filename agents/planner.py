"""A plan from a model: lemmas from which the theorem follows, and the proof from them; others prove the lemmas.

What is proposed has been elaborated at the bench, and no lemma of it is false for small numbers; a plan that does not
hold is mended over a few answers. Whether it is progress is for the judge to say. `agents.splitter` does without a
model.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from agents.asking import Asking, told
from agents.base import Bench, GaveUp
from agents.conversation import Conversation
from agents.earlier import summary
from agents.extraction import extract
from agents.feedback import errors, tried
from agents.lemmas import Proof, settled, too_deep
from agents.models.base import Message, Reply, Role
from agents.models.caller import Caller
from agents.portfolio import local_name
from agents.prompts import Prompt, prompt
from prover.errors import BudgetSpent
from prover.model import Attempt, Task

_TURNS = 6  # a plan that does not hold by then is not the right one


class Planner:
    """A second attempt makes sense: it is told which lemmas could not be proved, or why the judge saw no progress."""

    tries = 2

    def __init__(self, caller: Caller, settings: Asking, name: str = "planner") -> None:
        self.name = name
        self._caller, self._settings = caller, settings

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        """A proof from new lemmas, or a whole one where the lemmas turn out simple; or what the last plan lacked."""
        if too_deep(task):
            return GaveUp("it is a lemma of a lemma, which is not taken apart any further")
        words, turns = prompt("planner"), min(_TURNS, self._settings.turns)
        opening = words.opening(**await told(task, bench), earlier=summary(task.earlier))
        talk = Conversation(self._caller, bench, words.label, words.limits(self._settings.limits))
        work = _Work(self.name, task, bench, words)
        found = await talk.until_found(opening, turns, work.react)
        return found or GaveUp(f"no plan that holds in {turns} answers; {' '.join(work.last.split())}")


@dataclass(slots=True)
class _Work:
    """What one plan after the other leads to. `last` is what the last lacked."""

    agent: str
    task: Task
    bench: Bench
    words: Prompt
    last: str = ""
    history: list[str] = field(default_factory=list)

    async def react(self, reply: Reply, left: int) -> Attempt | Message:
        """The attempt when the plan holds; else what to say to it."""
        proof = extract(reply.message.text, self.task)
        if proof is None:
            self.last = "the last answer had no plan in it"
            return self._say("nothing to check", left)
        trial = await tried(self.bench, proof, lemmas_may_be_open=True)
        why = "" if trial.closes else errors(trial, proof)
        if not why:
            proof, why = await self._settled(proof)
        if not why:
            return self._attempt(proof)
        self.last = f"the last: {why}"
        self.history.append(f"plan refused: {' '.join(why.split())[:200]}")
        return self._say("refused", left, feedback=why)

    async def _settled(self, proof: Proof) -> tuple[Proof, str]:
        """As `lemmas.settled`; a plan that holds is not lost when there are no checks left to examine its lemmas."""
        try:
            return await settled(self.bench, proof)
        except BudgetSpent:
            return proof, ""

    def _attempt(self, proof: Proof) -> Attempt:
        still_open = [lemma.tag for lemma in proof.lemmas if lemma.open]
        self.history.append(f"a plan that leaves {', '.join(still_open) or 'nothing'} open")
        history, splits = tuple(self.history), bool(still_open)
        return Attempt(self.task.declaration.name, self.agent, proof.body, history, proof.helpers, splits)

    def _say(self, section: str, left: int, **values: str) -> Message:
        return Message.of(Role.USER, self.words.say(section, name=local_name(self.task), left=left, **values))
