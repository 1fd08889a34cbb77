"""One agent at one task: its answer within its budget, or in one line why there is none.

The boundary that isolates an agent: whatever it does ends its attempt, never the run. What may work a little later is
tried again, with exponential back-off. The coordinator calls `propose` for every attempt.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, stop_before_delay
from tenacity.wait import wait_exponential_jitter

from agents.base import Agent, Bench, GaveUp
from prover.errors import (
    AgentMisconfigured,
    AgentRefused,
    AgentUnavailable,
    BudgetSpent,
    ConfigError,
    JournalError,
    LeanError,
    ProverError,
    ToolchainError,
    unwrapped,
)
from prover.model import Attempt, Fault, Task

TRIES = 4  # of an agent that what it needs fails
_TRANSIENT = (AgentUnavailable, LeanError)
_JITTER = wait_exponential_jitter(initial=1.0, max=30.0)
_LONGEST = 500  # characters of a reason; a server may answer with a page
_FAULTS = {
    (BudgetSpent,): Fault.LIMIT,
    _TRANSIENT: Fault.TRANSIENT,
    (AgentMisconfigured, ConfigError, ToolchainError): Fault.CONFIGURATION,
}
_ENDED = {
    Fault.LIMIT: "stopped",
    Fault.TRANSIENT: "could not go on",
    Fault.CONFIGURATION: "is not configured",
    Fault.BUG: "failed",
}


@dataclass(frozen=True, slots=True)
class Nothing:
    """The attempt is over without a proposal; `fault` is empty where the agent did not fail but found none.

    `best` is what it had all the same, in its own words.
    """

    why: str
    fault: Fault | Literal[""] = ""
    best: GaveUp | None = None


def backoff(call: RetryCallState) -> float:
    """Seconds until the next try: exponential with jitter, and no less than the server has asked for."""
    error = call.outcome and call.outcome.exception()
    return max(_JITTER(call), error.after if isinstance(error, AgentUnavailable) else 0.0)


async def propose(
    agent: Agent, task: Task, bench: Bench, wait: Callable[[RetryCallState], float] = backoff
) -> Attempt | Nothing:
    """The agent's answer, with the task's number on it, or why there is none.

    Raises JournalError when the run is no longer ours to write, and CancelledError when it is cancelled from outside.
    """
    clock = asyncio.timeout(task.budget.seconds)
    try:
        async with clock:
            return _checked(await _patiently(agent, task, bench, wait), task)
    except JournalError:
        raise
    except AgentRefused as error:
        return Nothing(_line(f"{task.agent} was refused an answer: {error}"))
    except asyncio.CancelledError as error:
        if _is_cancelled():
            raise
        return _nothing(error, task)
    except SystemExit as error:
        return _nothing(error, task)
    except Exception as error:  # noqa: BLE001  boundary: an agent's bug is its attempt's end, not the run's
        if clock.expired():
            return Nothing(f"{task.agent} found nothing within {task.budget.seconds:.0f} s")
        return _nothing(error, task)


def _is_cancelled() -> bool:
    """By whoever runs us; a CancelledError may also come from something that the agent has awaited."""
    running = asyncio.current_task()
    return running is not None and running.cancelling() > 0


async def _patiently(agent: Agent, task: Task, bench: Bench, wait: Callable[[RetryCallState], float]) -> object:
    """Asks again after a transient failure, as long as the budget's time does not run out before the next try."""
    retrying = AsyncRetrying(
        retry=retry_if_exception(_may_work_later),
        stop=stop_after_attempt(TRIES) | stop_before_delay(task.budget.seconds),
        wait=wait,
        reraise=True,
    )
    return await retrying(_asked, agent, task, bench)


def _may_work_later(error: BaseException) -> bool:
    """Unless whoever called the server has been patient already."""
    return isinstance(error, _TRANSIENT) and not (isinstance(error, AgentUnavailable) and error.tried)


async def _asked(agent: Agent, task: Task, bench: Bench) -> object:
    try:
        return await agent.propose(task, bench)
    except ExceptionGroup as group:
        raise unwrapped(group) from None


def _checked(answer: object, task: Task) -> Attempt | Nothing:
    """Raises where an answer cannot be the journal's: another's, no text, or text that is no Unicode."""
    if isinstance(answer, GaveUp):
        "\n".join((answer.body, answer.helpers, *answer.feedback)).encode()
        return Nothing(_line(answer.why), best=answer if answer.body else None)
    if not isinstance(answer, Attempt):
        raise TypeError(f"it answered with {type(answer).__name__}")
    if (answer.declaration, answer.agent) != (task.declaration.name, task.agent):
        raise ValueError(f"it answered for {answer.declaration} as {answer.agent}")
    "\n".join((answer.body, answer.helpers, answer.drafted, *answer.history, *answer.feedback)).encode()
    return replace(answer, number=task.number)


def _nothing(error: BaseException, task: Task) -> Nothing:
    """What the error says of the agent; its own words where it is one of ours."""
    fault = next((fault for kinds, fault in _FAULTS.items() if isinstance(error, kinds)), Fault.BUG)
    words = "".join(traceback.format_exception_only(error))
    if isinstance(error, ProverError):
        words = f"{error}; {error.remedy}" if error.remedy else str(error)
    return Nothing(_line(f"{task.agent} {_ENDED[fault]}: {words}"), fault)


def _line(text: str) -> str:
    """On one line that the journal can hold, however long and strange the text is."""
    line = " ".join(text.split()).encode(errors="backslashreplace").decode()
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
