"""Who proposes in a run: its agents by name, and the models that they ask.

An agent that asks a model is written `refiner`, for the model of the settings, or `refiner=MODEL` for one of its own;
that is its name in the journal, too. Made by the command line; `prover.running` has the models checked before a run
begins, and closes them after it.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from agents.asking import Asking
from agents.automation import Automation
from agents.base import Agent, asks_a_model
from agents.mender import Mender
from agents.models.caller import Caller
from agents.models.registry import Models
from agents.planner import Planner
from agents.refiner import Refiner
from agents.sampler import Sampler
from agents.scripted import Scripted
from agents.splitter import Splitter
from prover.config import Config
from prover.errors import ConfigError, unwrapped
from prover.ledger import PRICE_IT

NAME_IT = "give --model, or `model` in prover.toml: anthropic:claude-opus-4-5, vllm:NAME@http://HOST:PORT/v1"


@dataclass(frozen=True)
class Team:
    """The agents in the order in which a declaration gets them."""

    agents: Mapping[str, Agent]
    models: Models = field(default_factory=lambda: Models.of(Path(), {}, {}))

    @classmethod
    def of(
        cls,
        project: Path,
        config: Config,
        script: Path | None = None,
        *,
        environ: Mapping[str, str] = os.environ,
        is_tracked: Callable[[Path], bool] = lambda file: False,
    ) -> Team:
        """Raises ConfigError for an agent or a model that makes no sense; `is_tracked` says whether git has a file."""
        models = Models.of(project, config.prices, environ, is_tracked)
        known = _known(config, script, models)
        names = config.agents or default(config.model)
        names = ("scripted", *names) if script and "scripted" not in names else names
        for name in names:
            if name.partition("=")[0] not in known:
                remedy = f"choose among {', '.join(known)}; `scripted` needs --script"
                raise ConfigError(f"there is no agent `{name}`", remedy)
        if unknown := sorted(config.agent_limits.keys() - {*names, *known, "scripted"}):
            raise ConfigError(f"agent_limits: there is no agent `{unknown[0]}`", f"choose among {', '.join(known)}")
        team = cls({name: known[name.partition("=")[0]](name) for name in names}, models)
        team._demand_prices(config)
        return team

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[AsyncExitStack]:
        """What a run holds open: its models first, so that one that cannot be asked leaves everything as it was.

        Of several errors of ours at once the first is raised, on its own.
        """
        try:
            async with AsyncExitStack() as stack:
                stack.push_async_callback(self.models.close)
                await self.models.check()
                yield stack
        except ExceptionGroup as group:
            raise unwrapped(group) from None

    @property
    def asks(self) -> bool:
        """Does any of the agents ask a model?"""
        return any(map(asks_a_model, self.agents))

    def _demand_prices(self, config: Config) -> None:
        """A limit on money needs to know what a call can cost at most."""
        every = (config.limits, config.declaration_limits, *config.agent_limits.values())
        unpriced = [caller.name for caller in self.models.callers if caller.price is None]
        if unpriced and any(limits.dollars is not None for limits in every):
            message = f"money is limited, and the price of {unpriced[0]} is not known"
            raise ConfigError(message, PRICE_IT.format(unpriced[0]))


def default(model: str | None) -> Sequence[str]:
    """Automation first, since it is free; then who suits the model: vLLM mostly serves provers of whole proofs."""
    if model is None:
        return ("automation",)
    return ("automation", "sampler" if model.startswith("vllm:") else "refiner")


def _known(config: Config, script: Path | None, models: Models) -> dict[str, Callable[[str], Agent]]:
    """What makes each kind of agent, from its name in the run."""
    known: dict[str, Callable[[str], Agent]] = {"automation": lambda _: Automation(), "splitter": lambda _: Splitter()}
    if script is not None:
        known["scripted"] = lambda _: Scripted.from_file(script)

    def maker(kind: Callable[[Caller, Asking, str], Agent]) -> Callable[[str], Agent]:
        def make(name: str) -> Agent:
            if (model := config.model_of(name)) is None:
                raise ConfigError(f"the agent `{name}` has no model to ask", NAME_IT)
            asking = Asking(config.samples, config.turns, config.repair, config.limits_of(name))
            return kind(models.caller(model), asking, name)

        return make

    return known | {
        "sampler": maker(Sampler),
        "refiner": maker(Refiner),
        "planner": maker(Planner),
        "mender": maker(Mender),
    }
