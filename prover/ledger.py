"""What may still be spent: hard limits on money, tokens, attempts and time, held against three accounts.

The run, each declaration and each agent has an account. Before a paid call the most that it can cost is held against
all three, and written down, so that what is spent and what is held together never exceed a limit, whatever is killed;
afterwards the call is charged what it did cost. What is spent is read from the run's state; holds and charges are
handed to whoever writes the journal. Nothing here awaits, so no other attempt comes between a check and its hold. The
coordinator owns the ledger.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass, replace
from types import MappingProxyType
from typing import Any, TypeGuard, TypeVar

from prover.config import Config
from prover.errors import AgentMisconfigured, BudgetSpent
from prover.journal import What
from prover.model import Budget, Call, Fault, Spent, Task, Usage
from prover.record import about
from prover.state import Flight, State

Number = TypeVar("Number", int, float)
RUN = "the run"
PRICE_IT = 'give its dollars per million tokens in prover.toml: prices."{}" = {{ input = 0, output = 0 }}'
_NOTHING = Spent()
CONFIGURATION_FAULTS, FAULTS = 3, 5  # of an agent in a row, after which it is not asked again


@dataclass(eq=False)
class Hold:
    """The most that a paid call under way can cost. Implements `agents.base.Bill`: its caller writes into `usage` and
    `dollars` what it did cost, and into `said` what was said."""

    attempt: int
    declaration: str
    agent: str
    call: Call
    usage: Usage | None = None
    dollars: float | None = None
    said: str = ""

    @property
    def most(self) -> Spent:
        """What is held. A price that is not known holds no money: there is no limit on it, or no call."""
        return Spent(tokens=self.call.tokens, dollars=self.call.dollars or 0.0)

    def about(self) -> dict[str, Any]:
        """Which call it is, as the journal says it."""
        call = self.call
        which = {"number": call.number, "model": call.model, "prompt": call.prompt}
        return about(self.attempt, self.declaration, self.agent) | which

    def cost(self) -> dict[str, Any]:
        """What the call is charged: what it is known to have cost, or else all that was held."""
        known = self.usage if self.usage and all(map(_is_cost, astuple(self.usage))) else None
        dollars = self.dollars if _is_cost(self.dollars) else self.call.dollars
        return {
            "tokens": known.tokens if known else self.call.tokens,
            "dollars": dollars,
            "usage": asdict(known) if known else None,
        }


@dataclass(frozen=True, slots=True)
class Account:
    """What the run, a declaration or an agent may spend, has spent, and has held for what is under way."""

    owner: str
    limits: Mapping[str, float]  # by unit: the fields of Spent
    spent: Spent
    held: Spent

    def reached(self) -> str:
        """Which limit is reached; empty when none is."""
        for unit, limit in self.limits.items():
            if getattr(self.spent, unit) >= limit:
                return f"{self._limit(unit, limit)} is reached"
            if getattr(self.spent, unit) + getattr(self.held, unit) >= limit:
                return f"what is left of {self._limit(unit, limit)} is held for what is under way"
        return ""

    def short(self, most: Spent) -> str:
        """Which limit a call would exceed that costs so many tokens and dollars; empty when it fits."""
        total = self.spent + self.held + most
        for unit in self.limits.keys() & {"tokens", "dollars"}:
            limit, more = self.limits[unit], getattr(most, unit)
            if getattr(total, unit) > limit:
                return f"{self._limit(unit, limit)} does not leave the {_shown(more)} of one more call"
        return ""

    def seconds_left(self) -> float:
        """Infinitely many where there is no limit."""
        return max(0.0, self.limits.get("seconds", math.inf) - self.spent.seconds - self.held.seconds)

    def _limit(self, unit: str, limit: float) -> str:
        return f"the limit of {_shown(limit)} {unit} for {self.owner}"


class Ledger:
    """A run's limits, and what is held against them.

    `record` writes events into the journal and folds them into `state` before it returns: `Record.together`.
    """

    def __init__(
        self, state: State, config: Config, record: Callable[..., object], clock: Callable[[], float] = time.time
    ) -> None:
        self._state, self._record, self._clock = state, record, clock
        self._budget = config.budget_of
        self._limits = config.limits.in_force()
        self._declaration_limits = config.declaration_limits.in_force()
        self._agent_limits = {agent: limits.in_force() for agent, limits in config.agent_limits.items()}
        self._holds: dict[str, set[Hold]] = defaultdict(set)  # by an account's owner
        self._held: dict[str, Spent] = {}  # and their sum
        self._refused: dict[tuple[str, str], Spent] = {}  # by an account's owner and agent: the call that did not fit

    def allows(self, declaration: str, agent: str) -> str:
        """Empty, or why no attempt of this agent at this declaration may begin now.

        Where a call of the agent has been refused, none begins until as much is left as that call would have needed.
        """
        if agent in self._state.faults and (why := self.broken(agent)):
            return why
        for account in self._accounts(declaration, agent):
            refused = self._refused.get((account.owner, agent))
            if why := account.reached() or (account.short(refused) if refused else ""):
                return why
        return ""

    def exhausted(self) -> str:
        """Empty, or why no attempt at all may begin now."""
        return self._run().reached()

    def seconds_left(self) -> float | None:
        """Wall seconds that the run may still work; None where it has no limit."""
        return self._run().seconds_left() if "seconds" in self._limits else None

    def attempt_budget(self, declaration: str, agent: str) -> Budget:
        """What a new attempt may use, its seconds cut to what is left; to be asked before the attempt is assigned."""
        left = [account.seconds_left() for account in self._accounts(declaration, agent)]
        budget = self._budget(agent)
        return replace(budget, seconds=min(budget.seconds, *left, math.inf))

    def broken(self, agent: str) -> str:
        """The circuit breaker: empty, or why the agent is not asked again until the run is resumed.

        Attempts that a limit has ended do not count: that is not the agent's failure.
        """
        faults = [fault for fault in self._state.faults.get(agent, ()) if fault != Fault.LIMIT]
        if faults[-CONFIGURATION_FAULTS:] == [Fault.CONFIGURATION] * CONFIGURATION_FAULTS:
            return f"{agent} was not configured in {CONFIGURATION_FAULTS} attempts in a row; see `prover status`"
        if len(faults) >= FAULTS:
            return f"{agent} failed in {len(faults)} attempts in a row; see `prover status`"
        return ""

    def reserve(self, attempt: int, declaration: str, agent: str, call: Call) -> Hold:
        """Holds the most that a call can cost; BudgetSpent, and nothing is held, when a limit does not leave that.

        Raises AgentMisconfigured where money is limited and nobody knows what the call would cost.
        """
        hold = Hold(attempt, declaration, agent, call)
        if not (_is_cost(call.tokens) and _is_cost(hold.most.dollars)):
            raise ValueError(f"no call costs {call.tokens} tokens and {call.dollars} dollars")
        for account in self._accounts(declaration, agent):
            if call.dollars is None and "dollars" in account.limits:
                raise AgentMisconfigured(f"the price of {call.model} is not known", PRICE_IT.format(call.model))
            if why := account.short(hold.most):
                self._refused[account.owner, agent] = hold.most
                later = self._fits_without_others(declaration, agent, hold.most)
                raise BudgetSpent(why, "raise the limit and resume the run", later=later)
        self._record([(What.CALLING, {**hold.about(), "tokens": call.tokens, "dollars": call.dollars})], "")
        for owner in _owners(declaration, agent):
            self._holds[owner].add(hold)
            self._sum_up(owner)
        return hold

    def _fits_without_others(self, declaration: str, agent: str, most: Spent) -> bool:
        """Would there be enough for such a call if nothing else were under way?"""
        return not any(replace(account, held=_NOTHING).short(most) for account in self._accounts(declaration, agent))

    def settle(self, hold: Hold, seconds: float) -> None:
        """The call is over, after so many: gives back what was held, and has written down what it cost."""
        for owner in _owners(hold.declaration, hold.agent):
            self._holds[owner].remove(hold)
            self._sum_up(owner)
        self._record([(What.SPENT, {**hold.about(), **hold.cost(), "seconds": round(seconds, 3)})], hold.said)

    def purse(self, task: Task, said: Mapping[int, str] = MappingProxyType({})) -> TaskPurse:
        """What the attempt at a task pays from; `said` is what was said in its calls before the run was killed."""
        return TaskPurse(self, task, dict(said))

    def _sum_up(self, owner: str) -> None:
        """Anew each time: a sum of floating-point numbers that are added and taken away for days would drift."""
        holds = [hold.most for hold in self._holds[owner]]
        self._held[owner] = Spent(tokens=sum(h.tokens for h in holds), dollars=math.fsum(h.dollars for h in holds))

    def _accounts(self, declaration: str, agent: str) -> Iterator[Account]:
        """Those with limits among the three that an attempt is charged to; dispatch asks for thousands at a time."""
        state = self._state
        _, of_declaration, of_agent = _owners(declaration, agent)
        if self._limits:
            yield self._run()
        if self._declaration_limits:
            beside = (state.flights[number] for number in state.working.get(declaration, ()))
            spent = state.spent_on.get(declaration, _NOTHING)
            yield self._account(of_declaration, self._declaration_limits, spent, beside)
        if limits := self._agent_limits.get(agent):
            beside = (flight for flight in state.flights.values() if flight.agent == agent)
            yield self._account(of_agent, limits, state.spent_by.get(agent, _NOTHING), beside)

    def _run(self) -> Account:
        """A run's seconds are its own, however many attempts there are side by side."""
        worked = self._state.worked + max(0.0, self._clock() - self._state.last)
        spent = replace(self._state.spent, seconds=worked)
        return Account(RUN, self._limits, spent, self._held.get(RUN, _NOTHING))

    def _account(self, owner: str, limits: Mapping[str, float], spent: Spent, flights: Iterable[Flight]) -> Account:
        """An attempt that is with its agent may need its whole budget of seconds."""
        held = self._held.get(owner, _NOTHING)
        if "seconds" in limits:
            held += Spent(seconds=sum(self._budget(f.agent).seconds for f in flights if f.proposal is None))
        return Account(owner, limits, spent, held)


@dataclass(frozen=True, slots=True)
class TaskPurse:
    """Implements `agents.base.Purse` for one attempt."""

    ledger: Ledger
    task: Task
    exchanges: dict[int, str]  # by the number of the call

    @contextmanager
    def paying(self, call: Call) -> Iterator[Hold]:
        """However the call ends, it is charged: also when it is cancelled, or fails."""
        hold = self.ledger.reserve(self.task.number, self.task.declaration.name, self.task.agent, call)
        began = time.monotonic()
        try:
            yield hold
        finally:
            if hold.said:
                self.exchanges[call.number] = hold.said
            self.ledger.settle(hold, time.monotonic() - began)

    def said(self, number: int) -> str | None:
        """The exchange of a call that is over and has been answered."""
        return self.exchanges.get(number)


def _owners(declaration: str, agent: str) -> tuple[str, str, str]:
    return RUN, declaration, f"the agent {agent}"


def _is_cost(amount: Number | None) -> TypeGuard[Number]:
    """Whatever a server may have answered: neither below zero, nor infinite, nor no number at all."""
    return isinstance(amount, int | float) and 0 <= amount < math.inf


def _shown(number: float) -> str:
    return f"{number:,.10g}"
