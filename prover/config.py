"""The settings of a run: one frozen Config from the project's `prover.toml`, every key with a default.

An unknown key, a wrong type or a number out of range is a ConfigError that names the key. The CLI overrides single
values; nobody else makes a Config.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from prover.errors import ConfigError
from prover.lean.replay import Replay
from prover.lean.sandbox import Choice
from prover.model import Budget


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
    workers: int = Field(default=2, ge=1, le=256, description="attempts at once, and warm Lean workers")
    spares: int = Field(default=2, ge=0, le=256, description="further workers, ready for other modules' imports")
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
        """The project's settings with the CLI's on top; an override of None says nothing."""
        path = project / "prover.toml"
        try:
            written = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(f"cannot read {path}: {error}", "mend the file or remove it") from error
        try:
            return cls(**{**written, **{key: value for key, value in overrides.items() if value is not None}})
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            raise ConfigError(
                f"{path.name}: {key}: {first['msg']}", "see docs/configuration.md for the keys"
            ) from error

    @property
    def budget(self) -> Budget:
        """What one attempt may use."""
        return Budget(seconds=self.attempt_seconds, checks=self.attempt_checks)
