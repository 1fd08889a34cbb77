"""What the user asks for, as an Order: the suite with what is chosen of it, the agent, and the settings to compare by.

Reads the suite and the project's settings; runs nothing. Called by `prover bench run`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from prover.bench.merging import Shard
from prover.bench.policy import Allocation
from prover.bench.problem import Problem, Suite, Truth
from prover.bench.running import Order
from prover.config import Config
from prover.errors import ConfigError
from prover.lean.packages import identity
from prover.project import Surveyor
from prover.team import Team

# Of the settings of a run, those that change what a sample is.
_CONFIG = ("attempt_seconds", "attempt_checks", "check_seconds", "build_seconds", "build_gib", "replay", "search")
_ASKING = ("turns", "repair", "max_tokens", "thinking", "temperature")


@dataclass(frozen=True)
class Choice:
    """Which problems of a suite; empty is all of them. `first` takes so many of what is left; None takes all."""

    splits: Collection[str] = ()
    levels: Collection[str] = ()
    domains: Collection[str] = ()
    names: Collection[str] = ()
    first: int | None = None

    def of(self, suite: Suite) -> Suite:
        """The suite with the problems that were chosen. Raises ConfigError for a value that no problem has."""
        found = suite.problems
        for what, wanted in (("split", self.splits), ("level", self.levels), ("domain", self.domains)):
            found = _kept(found, what, wanted)
        found = _kept(found, "name", self.names)
        return suite.only(found[: self.first])


@dataclass(frozen=True)
class Sampling:
    """How many samples, given out how."""

    samples: int = 1
    policy: Allocation = Allocation.UNIFORM
    least: float = 0.0
    disprove: bool | None = None  # by default where the suite has statements that are false on purpose
    shard: str = ""


def order_of(
    suite: Suite, config: Config, sampling: Sampling, project: Path | None, script: Path | None = None
) -> Order:
    """The order. Raises ConfigError for an agent, a model or a shard that makes no sense, ToolchainError."""
    team = Team.of(project or Path(), config, script)
    config = _with_rules(config, suite, asks=team.asks)
    surveyor = Surveyor.of(project or Path(), config, packages=project is not None)
    if len(team.agents) != 1:
        raise ConfigError(f"{len(team.agents)} agents at once: {', '.join(team.agents)}", "a benchmark is of one agent")
    (agent,) = team.agents.values()
    disprove = sampling.disprove
    if disprove is None:
        disprove = any(problem.truth is Truth.FALSE for problem in suite.problems)
    return Order(
        suite,
        _dealt(suite, sampling.shard),
        config,
        team,
        surveyor,
        1 if agent.tries == 1 else sampling.samples,
        sampling.policy,
        sampling.least,
        disprove,
        project,
    )


def _with_rules(config: Config, suite: Suite, *, asks: bool) -> Config:
    """The settings with the suite's own limit, where the user has none, and no other on attempts than the samples."""
    limits = config.declaration_limits.model_copy(update={"attempts": None})
    seconds = config.attempt_seconds or (None if asks else suite.attempt_seconds)
    return config.model_copy(update={"declaration_limits": limits, "attempt_seconds": seconds})


def _dealt(suite: Suite, shard: str) -> tuple[Problem, ...]:
    """The problems of the shard; all of them where none is named."""
    problems = Shard.parse(shard).of(suite.problems) if shard else suite.problems
    if not problems:
        raise ConfigError(f"shard {shard} has no problem: there are {len(suite.problems)}", "make fewer shards")
    return problems


def settings_of(order: Order, shard: str = "") -> dict[str, Any]:
    """What the run is of, as its config.json has it, but for its name."""
    config, toolchain, suite = order.config, order.surveyor.builder.toolchain, order.suite
    model = config.model_of(order.agent.name) if order.team.asks else None
    asking = {key: getattr(config, key) for key in _ASKING} if order.team.asks else {"repair": False}
    asking |= {"replies": config.samples} if order.team.asks else {}
    return {
        "suite": suite.name,
        "origin": suite.origin,
        "digest": suite.digest,
        "toolchain": toolchain.name,
        "packages": identity(order.project, toolchain.packages) if order.project else "",
        "agent": order.agent.name,
        "model": model or "",
        "samples": order.samples,
        "policy": order.policy.value,
        "least_chance": order.least,
        "disprove": order.disprove,
        "shard": shard,
        "version": version("lemmaworks"),
        **{key: getattr(config, key) for key in _CONFIG},
        **asking,
        "workers": config.workers,
        "limits": config.limits.in_force(),
    }


def _kept(problems: tuple[Problem, ...], what: str, wanted: Collection[str]) -> tuple[Problem, ...]:
    there = {getattr(problem, what) for problem in problems}
    if missing := sorted(set(wanted) - there):
        few = ", ".join(sorted(there - {""})[:8])
        remedy = f"there are: {few}" if few else "no problem of the suite has one"
        raise ConfigError(f"no problem has the {what} {missing[0]!r}", remedy)
    return tuple(problem for problem in problems if not wanted or getattr(problem, what) in wanted)
