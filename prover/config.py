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

from prover.budget import Rule
from prover.errors import ConfigError
from prover.lean.replay import Replay
from prover.lean.sandbox import Choice
from prover.model import Budget

# No declaration is worth more unless somebody says so: what 64 attempts have not proved, the next ones seldom do.
ATTEMPTS = 64


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
    agents: tuple[str, ...] = Field(
        default=("automation",), min_length=1, description="in the order in which a declaration gets them"
    )
    blueprint: str | None = Field(default=None, description="the LaTeX plan; by default where leanblueprint has it")
    canaries: int = Field(default=2, ge=0, le=8, description="decoys given to the agents, to test the judge")
    workers: int = Field(default=2, ge=1, le=1024, description="attempts at once, and warm Lean workers")
    spares: int = Field(default=2, ge=0, le=256, description="further workers, ready for other modules' imports")
    race: int = Field(default=1, ge=1, le=16, description="agents at one declaration at once; the first proof wins")
    budget_rule: Rule = Field(default=Rule.ADAPTIVE, description="which declaration gets the next attempt")
    limits: Limits = Field(default=Limits(), description="of the run")
    declaration_limits: Limits = Field(default=Limits(attempts=ATTEMPTS), description="of each declaration")
    agent_limits: dict[str, Limits] = Field(default_factory=dict, description="by the agent's name")
    attempt_seconds: float = Field(default=45.0, gt=0)
    attempt_checks: int = Field(default=40, ge=1)
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

    @property
    def budget(self) -> Budget:
        """What one attempt may use."""
        return Budget(seconds=self.attempt_seconds, checks=self.attempt_checks)


def _over(written: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    settings = dict(written)
    for key, value in overrides.items():
        if isinstance(value, Limits):
            given = written.get(key, {})
            settings[key] = {**given, **value.in_force()} if isinstance(given, dict) else given
        elif value is not None:
            settings[key] = value
    return settings
