"""The settings of a run: one frozen Config from the project's `prover.toml`, every key with a default.

An unknown key, a wrong type or a number out of range is a ConfigError that names the key. The CLI overrides single
values; nobody else makes a Config.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from agents.base import asks_a_model
from agents.models.base import Limits as ReplyLimits
from agents.models.base import Price
from prover.budget import Rule
from prover.errors import ConfigError
from prover.lean.pool import WorkerLimits
from prover.lean.replay import Replay
from prover.lean.sandbox import Choice
from prover.model import Budget

# No declaration is worth more unless somebody says so: what 64 attempts have not proved, the next ones seldom do.
ATTEMPTS = 64
SECONDS, ASKING_SECONDS = 45.0, 900.0  # of one attempt: what looks for tactics is quick, who thinks is not
CHECKS, ASKING_CHECKS = 40, 400  # of one attempt; a repair of what a model has answered takes some 20
CALL_SECONDS = 600.0
BATCH_SECONDS = 86_400.0  # of a call in a batch, and so of an attempt: the server may take a day for it
_BATCH = "anthropic-batch:"


class Limits(BaseModel):
    """What may be used up at most; None is no limit.

    The seconds of a run are its own wall seconds, those of a declaration or an agent are the sum of its attempts'.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    attempts: int | None = Field(default=None, gt=0)
    seconds: float | None = Field(default=None, gt=0)
    tokens: int | None = Field(default=None, gt=0)
    dollars: float | None = Field(default=None, gt=0)

    @classmethod
    def parsed(cls, texts: Sequence[str]) -> Self:
        """From `["dollars=20", "seconds=3600"]`; raises ConfigError that names the key, also for one given twice."""
        given = dict(text.partition("=")[::2] for text in texts)
        remedy = f"give KEY=NUMBER, KEY one of {', '.join(cls.model_fields)}, each at most once"
        if len(given) < len(texts):
            raise ConfigError(f"a limit is given twice: {' '.join(texts)}", remedy)
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            first = error.errors()[0]
            raise ConfigError(f"the limit `{first['loc'][0]}`: {first['msg']}", remedy) from error

    def in_force(self) -> dict[str, float]:
        """The limits that there are, by unit."""
        return {unit: limit for unit, limit in self if limit is not None}


class Config(BaseModel):
    """Seconds are wall seconds, sizes are GiB."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    toolchain: str | None = Field(
        default=None, description="embedded, elan:NAME or path:FILE; by default what the project asks for"
    )
    sandbox: Choice = Field(default="auto", description="of a native Lean; by default the strongest there is")
    replay: Replay = Field(
        default="required", description="`optional`: proofs count where a native Lean ships no kernel to ask again"
    )
    agents: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="in the order in which a declaration gets them; see prover.team"
    )
    blueprint: str | None = Field(default=None, description="the LaTeX plan; by default where leanblueprint has it")
    model: str | None = Field(
        default=None, description="whom agents ask: anthropic:NAME, openai:NAME, vllm:NAME@URL and so on"
    )
    samples: int = Field(default=8, ge=1, le=1024, description="proofs that the sampler asks for in one attempt")
    turns: int = Field(default=12, ge=1, le=256, description="answers of the model in one conversation")
    repair: bool = Field(
        default=True, description="of a model's proof that Lean refuses, without asking again; costs no tokens"
    )
    max_tokens: int = Field(default=16_384, ge=1, description="of one answer, thinking included")
    thinking: int = Field(default=0, ge=0, description="tokens of an answer for thinking; 0 leaves it to the model")
    temperature: float | None = Field(default=None, ge=0, le=2, description="by default the model's own")
    call_seconds: float | None = Field(
        default=None, gt=0, description="wall limit of one call of a model; by default 600, and a day in batches"
    )
    prices: dict[str, Price] = Field(
        default_factory=dict, description="of models, by name, over those that come with the package"
    )
    search: bool = Field(
        default=True,
        description="for premises, by agents that ask a model; a library is indexed once, in a minute",
    )
    corpus: Path | None = Field(default=None, description="a LeanDojo corpus.jsonl that is searched as well")
    canaries: int = Field(default=2, ge=0, le=8, description="decoys given to the agents, to test the judge")
    workers: int = Field(default=2, ge=1, le=1024, description="warm Lean workers, and attempts at once")
    conversations: int = Field(default=16, ge=1, le=4096, description="attempts at once that ask a model, besides")
    spares: int = Field(default=2, ge=0, le=256, description="further workers, ready for other modules' imports")
    race: int = Field(default=1, ge=1, le=16, description="agents at one declaration at once; the first proof wins")
    budget_rule: Rule = Field(default=Rule.ADAPTIVE, description="which declaration gets the next attempt")
    limits: Limits = Field(default=Limits(), description="of the run")
    declaration_limits: Limits = Field(default=Limits(attempts=ATTEMPTS), description="of each declaration")
    agent_limits: dict[str, Limits] = Field(default_factory=dict, description="by the agent's name")
    attempt_seconds: float | None = Field(
        default=None, gt=0, description="wall limit of one attempt; by default 45, and 900 for agents that ask a model"
    )
    attempt_checks: int | None = Field(
        default=None, ge=1, description="of the pool; by default 40, and 400 for agents that ask a model"
    )
    check_seconds: float = Field(default=30.0, gt=0, description="wall limit of one check by a warm worker")
    build_seconds: float = Field(default=120.0, gt=0, description="wall limit of compiling one module")
    build_gib: float = Field(default=8.0, gt=0, description="memory that compiling one module may ask for")
    worker_gib: float = Field(default=4.0, gt=0, description="a worker above this is replaced between checks")
    worker_checks: int = Field(default=2000, ge=1, description="a worker is replaced after this many checks")
    jobs: int = Field(default=2, ge=1, le=256, description="modules compiled at once")

    @classmethod
    def of(cls, project: Path, **overrides: Any) -> Self:
        """The project's settings with the CLI's on top: None says nothing, a limit leaves the others."""
        path = project / "prover.toml"
        try:
            written = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(f"cannot read {path}: {error}", "mend the file or remove it") from error
        if isinstance(corpus := written.get("corpus"), str):
            written["corpus"] = project / corpus  # the file is the project's, an option the user's
        try:
            return cls(**_over(written, overrides))
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            raise ConfigError(
                f"{path.name}: {key}: {first['msg']}", "see docs/configuration.md for the keys"
            ) from error

    @field_validator("declaration_limits", mode="before")
    @classmethod
    def _and_attempts(cls, given: object) -> object:
        """A limit on money, say, leaves the one on attempts as it is."""
        return {"attempts": ATTEMPTS, **given} if isinstance(given, dict) else given

    def budget_of(self, agent: str) -> Budget:
        """What one attempt of an agent may use."""
        asking = BATCH_SECONDS if self._in_batches(agent) else ASKING_SECONDS
        thinks = asks_a_model(agent)
        seconds, checks = (asking, ASKING_CHECKS) if thinks else (SECONDS, CHECKS)
        return Budget(self.attempt_seconds or seconds, self.attempt_checks or checks)

    @property
    def worker_limits(self) -> WorkerLimits:
        """What one warm worker may use before it is replaced."""
        return WorkerLimits(self.check_seconds, int(self.worker_gib * 2**30), self.worker_checks)

    def limits_of(self, agent: str) -> ReplyLimits:
        """The limits of one call of the agent's model."""
        seconds = self.call_seconds or (BATCH_SECONDS if self._in_batches(agent) else CALL_SECONDS)
        return ReplyLimits(self.max_tokens, seconds, self.temperature, thinking=self.thinking)

    def model_of(self, agent: str) -> str | None:
        """Whom an agent asks: `refiner=MODEL` has one of its own."""
        return agent.partition("=")[2] or self.model

    def _in_batches(self, agent: str) -> bool:
        return (self.model_of(agent) or "").startswith(_BATCH)


def _over(written: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    settings = dict(written)
    for key, value in overrides.items():
        if isinstance(value, Limits):
            given = written.get(key, {})
            settings[key] = {**given, **value.in_force()} if isinstance(given, dict) else given
        elif value is not None:
            settings[key] = value
    return settings
