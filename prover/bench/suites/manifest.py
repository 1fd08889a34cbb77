"""`suite.toml`: what a folder of Lean files says of itself beside what is in the files.

    name = "core"
    licence = "Apache-2.0"
    toolchain = "lemmaworks/embedded:4.28.0-pre"
    truth = "checked"                       # whoever made it has proved each, and refuted the false ones
    false = ["List.length_append_wrong"]
    attempt_seconds = 5                     # wall limit of an attempt of an agent that asks no model

    [files]
    "Level1.lean" = {level = "1", split = "test"}

Called by `prover.bench.suites.reading`.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from prover.bench.problem import Problem, Suite, Truth
from prover.errors import ConfigError

FILE = "suite.toml"


class About(BaseModel):
    """What all statements of a file have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    level: str = ""
    split: str = ""
    domain: str = ""

    def of(self, problem: Problem) -> Problem:
        """The problem with what is said of its file; what the file itself says of it comes first."""
        return replace(
            problem,
            level=problem.level or self.level,
            split=self.split or problem.split,
            domain=problem.domain or self.domain,
        )


class Manifest(BaseModel):
    """A folder without one is as one with an empty one."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    name: str = ""
    licence: str = ""
    toolchain: str = ""
    truth: Literal["checked", "unknown"] = "unknown"
    wrong: tuple[str, ...] = Field(default=(), alias="false")
    attempt_seconds: float | None = Field(default=None, gt=0)
    files: dict[str, About] | tuple[str, ...] = ()

    @classmethod
    def of(cls, folder: Path) -> Manifest:
        """That of the folder; raises ConfigError that names the key."""
        file = folder / FILE
        if not file.is_file():
            return cls()
        try:
            return cls.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(f"{file} cannot be read: {error}", "mend it") from error
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(map(str, first["loc"]))
            raise ConfigError(f"{file}: `{key}`: {first['msg']}", f"its keys are {_keys()}") from error

    def paths(self, folder: Path) -> dict[Path, About]:
        """The Lean files in the order in which they are read. Raises ConfigError for one that is not there."""
        if not self.files:
            return dict.fromkeys(lean_files(folder), About())
        files = self.files if isinstance(self.files, dict) else dict.fromkeys(self.files, About())
        for name in files:
            if not (folder / name).is_file() or not _is_in(folder / name, folder):
                raise ConfigError(f"{folder / FILE}: there is no file {name} in the folder", "correct `files`")
        return {folder / name: about for name, about in files.items()}

    def judged(self, suite: Suite, folder: Path) -> Suite:
        """The suite with what the manifest says of its truth. Raises ConfigError for a name that is not there."""
        names = {problem.name for problem in suite.problems}
        if missing := [name for name in self.wrong if name not in names]:
            raise ConfigError(f"{folder / FILE}: `false` names {missing[0]}, which is not there", "correct `false`")
        others = Truth.TRUE if self.truth == "checked" else Truth.UNKNOWN
        wrong = frozenset(self.wrong)
        return suite.only(
            replace(problem, truth=Truth.FALSE if problem.name in wrong else others) for problem in suite.problems
        )


def lean_files(folder: Path) -> list[Path]:
    """The Lean files below the folder, sorted; none of Lake's, and none that is hidden."""
    found = (path for path in folder.rglob("*.lean") if path.is_file() and path.name != "lakefile.lean")
    return sorted(path for path in found if not _is_apart(path.relative_to(folder)))


def _is_apart(path: Path) -> bool:
    return any(part.startswith(".") or part in ("build", "lake-packages") for part in path.parts)


def _is_in(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _keys() -> str:
    return ", ".join(field.alias or name for name, field in Manifest.model_fields.items())
