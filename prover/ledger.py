"""What may still be spent: hard limits on money, tokens, attempts and time, held against three accounts.

The run, each declaration and each agent has an account. Before a paid call the most that it can cost is held against
all three, so that what is spent and what is held together never exceed a limit; afterwards the call is charged what it
did cost. What is spent is read from the run's state; a charge is handed to whoever writes the journal. Nothing here
awaits, so no other attempt comes between a check and its hold. The coordinator owns the ledger.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeGuard, TypeVar

from prover.config import Config
from prover.errors import BudgetSpent
from prover.journal import What
from prover.model import Budget, Fault, Spent, Task
from prover.record import about
from prover.state import Flight, State

Number = TypeVar("Number", int, float)
RUN = "the run"
_NOTHING = Spent()
CONFIGURATION_FAULTS, FAULTS = 3, 5  # of an agent in a row, after which it is not asked again


@dataclass(eq=False)
class Hold:
    """The most that a paid call under way can cost; its caller writes into `tokens` and `dollars` what it did cost."""

    attempt: int
    declaration: str
    agent: str
    most: Spent
    tokens: int | None = None
    dollars: float | None = None

    def cost(self) -> Spent:
        """What the call is charged: what it is known to have cost, or else all that was held."""
        tokens = self.tokens if _is_cost(self.tokens) else self.most.tokens
        dollars = self.dollars if _is_cost(self.dollars) else self.most.dollars
        return Spent(tokens=int(tokens), dollars=dollars)


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

    `record` writes an event into the journal and folds it into `state` before it returns.
    """

    def __init__(
        self, state: State, config: Config, record: Callable[..., object], clock: Callable[[], float] = time.time
    ) -> None:
        self._state, self._record, self._clock = state, record, clock
        self._budget = config.budget
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
        return replace(self._budget, seconds=min(self._budget.seconds, *left, math.inf))

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

    def reserve(self, attempt: int, declaration: str, agent: str, *, tokens: int, dollars: float) -> Hold:
        """Holds the most that a call can cost; BudgetSpent, and nothing is held, when a limit does not leave that."""
        if not (_is_cost(tokens) and _is_cost(dollars)):
            raise ValueError(f"no call costs {tokens} tokens and {dollars} dollars")
        most = Spent(tokens=tokens, dollars=dollars)
        for account in self._accounts(declaration, agent):
            if why := account.short(most):
                self._refused[account.owner, agent] = most
                raise BudgetSpent(why, "raise the limit and resume the run")
        hold = Hold(attempt, declaration, agent, most)
        for owner in _owners(declaration, agent):
            self._holds[owner].add(hold)
            self._sum_up(owner)
        return hold

    def settle(self, hold: Hold, what: str) -> None:
        """The call is over: gives back what was held, and has written down what it cost."""
        for owner in _owners(hold.declaration, hold.agent):
            self._holds[owner].remove(hold)
            self._sum_up(owner)
        cost, which = hold.cost(), about(hold.attempt, hold.declaration, hold.agent)
        self._record(What.SPENT, **which, tokens=cost.tokens, dollars=cost.dollars, call=what)

    def purse(self, task: Task) -> TaskPurse:
        """What the attempt at a task pays from."""
        return TaskPurse(self, task)

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
            with_agents = sum(1 for flight in flights if flight.proposal is None)
            held += Spent(seconds=with_agents * self._budget.seconds)
        return Account(owner, limits, spent, held)


@dataclass(frozen=True, slots=True)
class TaskPurse:
    """Implements `agents.base.Purse` for one attempt."""

    ledger: Ledger
    task: Task

    @contextmanager
    def paying(self, *, tokens: int, dollars: float, what: str) -> Iterator[Hold]:
        """However the call ends, it is charged: also when it is cancelled, or fails."""
        name, agent = self.task.declaration.name, self.task.agent
        hold = self.ledger.reserve(self.task.number, name, agent, tokens=tokens, dollars=dollars)
        try:
            yield hold
        finally:
            self.ledger.settle(hold, what)


def _owners(declaration: str, agent: str) -> tuple[str, str, str]:
    return RUN, declaration, f"the agent {agent}"


def _is_cost(amount: Number | None) -> TypeGuard[Number]:
    """Whatever a server may have answered: neither below zero, nor infinite, nor no number at all."""
    return isinstance(amount, int | float) and 0 <= amount < math.inf


def _shown(number: float) -> str:
    return f"{number:,.10g}"
