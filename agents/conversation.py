"""One conversation with a model, the only one of an attempt: what has been said so far, and the next answer.

Each answer is one call, numbered 0, 1, 2, …, and goes on from the one before. An attempt that begins anew reads what
was said already: then the recorded messages count, whatever would be said today. The refiner and the planner use this.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from agents.base import Bench, GaveUp
from agents.models.base import Limits, Message, Reply, Stop, Tool
from agents.models.caller import Caller
from prover.model import Attempt

React = Callable[[Reply, int], Awaitable[Attempt | Message]]


class Conversation:
    """`messages` are all so far, the model's among them; `prompt` is the label of the prompt file."""

    def __init__(self, caller: Caller, bench: Bench, prompt: str, limits: Limits, tools: Sequence[Tool] = ()) -> None:
        self.messages: tuple[Message, ...] = ()
        self._caller, self._bench, self._prompt, self._limits, self._tools = caller, bench, prompt, limits, tools
        self._number = 0

    @property
    def recorded(self) -> bool:
        """Is the next answer known already, and with it what leads to it?"""
        return self._bench.said(self._number) is not None

    async def ask(self, *new: Message) -> Reply:
        """The model's answer to these messages after all before; they need not be given where it is recorded.

        Raises what the caller raises.
        """
        before, number = self.messages, self._number
        (exchange,) = await self._caller.ask(
            self._bench,
            number,
            (*before, *new),
            self._tools,
            limits=self._limits,
            prompt=self._prompt,
            continues=number - 1 if number else None,
        )
        reply = exchange.completion.replies[0]
        known = () if exchange.continues is None else before
        self.messages = (*known, *exchange.messages, reply.message)
        self._number += 1
        return reply

    async def until_found(self, opening: Sequence[Message], turns: int, react: React) -> Attempt | GaveUp | None:
        """Answers and reactions in turn, until one is an attempt; None when the turns are used.

        `react` is given a reply and how many more there may be. It is not asked about a reply whose reaction has been
        sent before: no question is put to Lean a second time.
        """
        new = tuple(opening)
        for left in range(turns - 1, -1, -1):
            reply = await self.ask(*new)
            if self.recorded:
                continue
            if reply.stop is Stop.REFUSED:
                return GaveUp("the model would not answer")
            if not reply.message.blocks:  # and no server takes back a message that says nothing
                return GaveUp("the model's answer was empty")
            reaction = await react(reply, left)
            if isinstance(reaction, Attempt):
                return reaction
            new = (reaction,)
        return None
