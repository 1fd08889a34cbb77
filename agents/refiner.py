"""A linear conversation with a model: it proposes a proof, reads what Lean says of it, and mends it, with tools.

It ends with the first proof that closes the statement at the bench, wherever that comes up, or when its turns are used.
A proof that is refused is repaired without the model first. What is not closed is never proposed.
"""

from __future__ import annotations

from dataclasses import replace

from agents.asking import Asking, told
from agents.base import Bench, GaveUp
from agents.conversation import Conversation
from agents.earlier import summary
from agents.extraction import extract
from agents.feedback import first_line, tried
from agents.lemmas import Proof
from agents.models.base import Message, Reply, Role, Stop, ToolResult, ToolUse
from agents.models.caller import Caller
from agents.portfolio import local_name
from agents.prompts import Prompt, prompt
from agents.repair.answers import Mended, handed_in, refused
from agents.tools import TOOLS, Toolbox
from prover.model import Attempt, Task


class Refiner:
    """Several attempts make sense: a model does not say the same twice, and is told what became of those before."""

    tries = 4

    def __init__(self, caller: Caller, settings: Asking, name: str = "refiner") -> None:
        self.name = name
        self._caller, self._settings = caller, settings

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        """The first proof that closes the statement, or what was wrong with the last."""
        words, turns = prompt("refiner"), self._settings.turns
        opening = words.opening(**await told(task, bench), earlier=summary(task.earlier))
        talk = Conversation(self._caller, bench, words.label, words.limits(self._settings.limits), TOOLS)
        work = _Work(self.name, task, bench, words, repairs=self._settings.repair)
        found = await talk.until_found(opening, turns, work.react)
        return found or replace(work.best, why=f"no proof in {turns} answers; {work.last}")


class _Work:
    """What one reply after the other leads to. `last` says in one line what came of the last, `best` has the last proof
    that Lean has refused."""

    def __init__(self, agent: str, task: Task, bench: Bench, words: Prompt, *, repairs: bool) -> None:
        self.last, self.best = "", GaveUp("")
        self._repairs = repairs
        self._agent, self._task, self._bench, self._words = agent, task, bench, words
        self._tools = Toolbox(task, bench, repairs=repairs)
        self._history: list[str] = []

    async def react(self, reply: Reply, left: int) -> Attempt | Message:
        """The attempt when the reply has brought a proof; else what to say to it."""
        if reply.message.tool_uses:
            return await self._used(reply.message.tool_uses)
        proof = extract(reply.message.text, self._task)
        if proof is None:
            self._note("the last answer had no proof in it")
            broken_off = reply.stop is Stop.LENGTH
            return self._say("broken off" if broken_off else "nothing to check", left)
        trial = await tried(self._bench, proof)
        if trial.closes:
            return self._attempt(proof)
        self._note(f"the last proof was refused: {first_line(trial)}")
        self.best = GaveUp("", proof.body, proof.helpers, trial.messages)
        found = await refused(self._task, self._bench, proof, trial, repairs=self._repairs, tells=left > 0)
        if isinstance(found, Mended):
            self._note(found.how)
            return self._attempt(found)
        return self._say("refused", left, feedback=found)

    async def _used(self, uses: tuple[ToolUse, ...]) -> Attempt | Message:
        """The tools' answers, in order; the attempt as soon as one of them has brought a proof."""
        results: list[ToolResult] = []
        for use in uses:
            results.append(await self._tools.use(use))
            if self._tools.found:
                return self._attempt(self._tools.found)
        self._note(f"the last answer used {', '.join(use.name for use in uses)}")
        return Message(Role.USER, tuple(results))

    def _attempt(self, found: Proof | Mended) -> Attempt:
        return handed_in(self._task, self._agent, found, (*self._history, "closes the statement"))

    def _say(self, section: str, left: int, **values: str) -> Message:
        name = local_name(self._task)
        return Message.of(Role.USER, self._words.say(section, name=name, left=left, **values))

    def _note(self, what: str) -> None:
        self.last = what
        self._history.append(what.removeprefix("the last "))
