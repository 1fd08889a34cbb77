"""Examine a toolchain by using it: is it whole, does it start, does it compile, does its sandbox hold.

Each question gives one row that says what is wrong and what to do. Called by `prover toolchain doctor` and
`prover doctor`; a run does not ask, since each answer takes seconds.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Coroutine
from dataclasses import asdict, dataclass
from pathlib import Path

from prover.errors import ProverError, ToolchainBroken
from prover.lean.embedded import installation
from prover.lean.embedded.lean import Embedded
from prover.lean.kernels import kernel_as_wanted
from prover.lean.native import Native
from prover.lean.process import Finished, Limits, run
from prover.lean.replay import warnings
from prover.lean.sandbox import Sandbox, leaks
from prover.lean.toolchain import Toolchain

PATIENCE = Limits(seconds=120)
UNCONFINED = "install bubblewrap, and say nothing of a sandbox in prover.toml"
REINSTALL = "run `prover toolchain install --force`"
MODULE = "module\npublic theorem two : 1 + 1 = 2 := by omega\n"
OUTSIDE = '#eval IO.FS.readFile "/etc/passwd"\n'


Question = Callable[[Toolchain], Coroutine[None, None, str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One question, answered: fine, or what is wrong and what to do."""

    subject: str
    problem: str = ""
    remedy: str = ""

    @property
    def fine(self) -> bool:
        return not self.problem

    def as_json(self) -> dict[str, str | bool]:
        return {**asdict(self), "fine": self.fine}


async def doctor(toolchain: Toolchain) -> list[Row]:
    """A row for each question, in the order of asking. Never raises for what is wrong with the toolchain."""
    questions: list[tuple[str, Question]] = [
        (f"{toolchain.name} starts", starts),
        (f"{toolchain.name} compiles a theorem", compiles),
    ]
    if isinstance(toolchain, Embedded):
        questions = [(f"{toolchain.name} is whole", whole), *questions, (f"{toolchain.name} is confined", confined)]
    if isinstance(toolchain, Native):
        questions.append((f"{toolchain.name} is confined by {toolchain.sandbox.description}", holds(toolchain.sandbox)))
    known = "".join(f"; note: {warning}" for warning in warnings(toolchain.version))
    questions.append((f"{toolchain.name} has a kernel that can be asked again{known}", replayable))
    return [await _row(subject, question(toolchain)) for subject, question in questions]


async def _row(subject: str, question: Coroutine[None, None, str]) -> Row:
    try:
        problem = await question
    except ProverError as error:
        return Row(subject, str(error), error.remedy or REINSTALL)
    return Row(subject, problem, REINSTALL if problem else "")


async def replayable(toolchain: Toolchain) -> str:
    """There is a kernel to ask again about compiled modules. Raises ToolchainError where there is none."""
    kernel_as_wanted(toolchain, [], "required")
    return ""


async def whole(toolchain: Toolchain) -> str:
    """Every file is what was installed."""
    bad = installation.damaged(toolchain.library.parent.parent)
    return f"{len(bad)} files are damaged, the first is {bad[0]}" if bad else ""


async def starts(toolchain: Toolchain) -> str:
    """It says its version. Its exit code is no evidence: the embedded one ends `--version` with 24."""
    finished = await run(toolchain.command(["--version"]), limits=PATIENCE)
    return "" if toolchain.version.encode() in finished.stdout else f"--version says {_last_words(finished)!r}"


async def compiles(toolchain: Toolchain) -> str:
    """A module becomes compiled data."""
    with tempfile.TemporaryDirectory() as folder:
        finished = await _compile(toolchain, MODULE, Path(folder))
        return "" if (Path(folder) / "Doctor.olean").is_file() else f"no module data: {_last_words(finished)}"


async def confined(toolchain: Toolchain) -> str:
    """A file outside of what it was given does not exist for it."""
    with tempfile.TemporaryDirectory() as folder:
        finished = await _compile(toolchain, OUTSIDE, Path(folder))
    return "" if b"no such file" in finished.stdout else "it can read files that it was not given"


def holds(confinement: Sandbox) -> Question:
    """A program in the sandbox gets nowhere."""

    async def question(_: Toolchain) -> str:
        if found := await asyncio.to_thread(leaks, confinement):
            raise ToolchainBroken(f"a program in it can {', '.join(found)}", UNCONFINED)
        return ""

    return question


async def _compile(toolchain: Toolchain, text: str, folder: Path) -> Finished:
    source = folder / "Doctor.lean"
    source.write_text(text, encoding="utf-8")
    words = ("-R", folder, "-o", folder / "Doctor.olean", source)
    return await run(toolchain.command(words, writes=[folder]), limits=PATIENCE)


def _last_words(finished: Finished) -> str:
    said = (finished.stdout + finished.stderr).decode(errors="replace").strip()
    return said.split("\n")[-1] if said else f"nothing, and it ends with {finished.returncode}"
