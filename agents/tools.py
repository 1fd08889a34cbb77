"""The tools of a model that works at the bench: their schemas, and their answers.

A model may send anything: what does not fit a schema is answered with what to send instead. Every answer is bounded in
length. A proof that closes the statement while a tool is used is remembered in `Toolbox.found`. The refiner uses this.
"""

from __future__ import annotations

import json
import re
from textwrap import dedent
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agents.asking import shortened
from agents.base import Bench
from agents.extraction import extract, read
from agents.feedback import errors, goals, tried
from agents.lemmas import Proof
from agents.models.base import Tool, ToolResult, ToolUse
from agents.portfolio import body
from agents.repair.answers import Mended, refused
from prover.model import Task

_BY = re.compile(r"\A\s*(?::=\s*)?by\b[ \t]*\n?")
_ANSWER = 6_000  # characters of an answer
_FILE = 200  # lines of a file at once
Lean = Annotated[str, Field(max_length=20_000)]


class _Input(BaseModel):
    """What a tool is sent; the docstring of each is what the model reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Check(_Input):
    """Lean checks a proof and answers with its errors by line. One that it accepts is handed in at once."""

    text: Lean = Field(description="the theorem with its proof, or what stands in its place from `:=` on")


class Goals(_Input):
    """The goals that are left after some tactics, as Lean prints them."""

    tactics: Lean = Field(default="", description="the tactics so far, as after `by`; nothing for the theorem's goal")


class TryTactics(_Input):
    """Tries several ways to finish the proof, each on its own, after the same beginning."""

    before: Lean = Field(default="", description="the tactics so far, as after `by`")
    tactics: list[Lean] = Field(min_length=1, max_length=16, description="ways to go on; each should close all goals")


class Search(_Input):
    """Looks for declarations of the project and of its libraries, by a name, by words, or by a goal."""

    query: str = Field(min_length=1, max_length=2_000)


class ReadFile(_Input):
    """Reads a file of the project."""

    path: str = Field(min_length=1, max_length=500, description="the path in the project, such as Numbers/Sum.lean")
    line: int = Field(default=1, ge=1, description=f"the first line to be read; up to {_FILE} lines are")


_INPUTS: dict[str, type[_Input]] = {
    "check": Check,
    "goals": Goals,
    "try_tactics": TryTactics,
    "search": Search,
    "read_file": ReadFile,
}
TOOLS = tuple(Tool(name, input_.__doc__ or "", input_.model_json_schema()) for name, input_ in _INPUTS.items())


class Toolbox:
    """The tools at one task. Raises what the bench raises: BudgetSpent, and LeanError when a worker dies."""

    def __init__(self, task: Task, bench: Bench, *, repairs: bool = False) -> None:
        self._task, self._bench, self._repairs = task, bench, repairs
        self.found: Proof | Mended | None = None

    async def use(self, use: ToolUse) -> ToolResult:
        """A tool's answer."""
        kind = _INPUTS.get(use.name)
        if kind is None:
            return ToolResult(use.id, f"There is no tool {use.name!r}; there are {', '.join(_INPUTS)}.", failed=True)
        try:
            answer = await self._answer(kind.model_validate(use.input))
        except ValidationError as error:
            return ToolResult(use.id, shortened(_wrong(use.name, kind, error), _ANSWER), failed=True)
        return ToolResult(use.id, shortened(answer, _ANSWER))

    async def _answer(self, sent: _Input) -> str:
        match sent:
            case Check():
                return await self._check(sent.text)
            case Goals():
                return await goals(self._bench, _after_by(sent.tactics) or ":= by skip")
            case TryTactics():
                return await self._try(sent)
            case Search():
                return await self._search(sent.query)
            case ReadFile():
                return self._read(sent)
        raise AssertionError(sent)

    async def _check(self, text: str) -> str:
        proof = extract(text, self._task) if "```" in text else read(text, self._task)
        if proof is None:
            return (
                "This is not a proof of the theorem: send the whole theorem, or what stands in its place from `:=` on."
            )
        trial = await tried(self._bench, proof)
        if trial.closes:
            self.found = proof
            return "Lean accepts it."
        found = await refused(self._task, self._bench, proof, trial, repairs=self._repairs)
        if isinstance(found, Mended):
            self.found = found
            return found.how
        return found

    async def _try(self, sent: TryTactics) -> str:
        bodies = [_after_by(f"{sent.before}\n{tactic}") for tactic in sent.tactics]
        trials = await self._bench.try_bodies(bodies)
        answers = []
        for tactic, trial in zip(sent.tactics, trials, strict=True):
            if trial.closes and self.found is None:
                self.found = Proof(trial.body)
            said = "closes the theorem" if trial.closes else errors(trial, Proof(trial.body))
            answers.append(f"`{shortened(tactic, 200)}`: {shortened(said, _ANSWER // len(bodies))}")
        return "\n\n".join(answers)

    async def _search(self, query: str) -> str:
        found = await self._bench.search(query)
        lines = []
        for premise in found:
            marks = ("", " (not proved)")[not premise.proved] + ("", " (not imported here)")[not premise.importable]
            doc = f"\n  {shortened(' '.join(premise.doc.split()), 200)}" if premise.doc else ""
            lines.append(f"{premise.name} : {shortened(' '.join(premise.type.split()), 400)}{marks}{doc}")
        return "\n".join(lines) or "Nothing is found."

    def _read(self, sent: ReadFile) -> str:
        try:
            lines = self._bench.read(sent.path).splitlines()
        except FileNotFoundError:
            return f"There is no file {sent.path} in the project."
        shown = lines[sent.line - 1 : sent.line - 1 + _FILE]
        return "\n".join(shown) + f"\n(lines {sent.line} to {sent.line - 1 + len(shown)} of {len(lines)})"


def _after_by(tactics: str) -> str:
    """The body that consists of these tactics, whether or not the model has sent `by` with them; empty without any."""
    lines = _BY.sub("", tactics).strip("\n")
    return body(dedent(lines)) if lines.strip() else ""


def _wrong(name: str, kind: type[_Input], error: ValidationError) -> str:
    """What was wrong with the input, and what to send."""
    first = [f"{'.'.join(map(str, e['loc'])) or 'the input'}: {e['msg']}" for e in error.errors()[:5]]
    schema = json.dumps(kind.model_json_schema()["properties"])
    return f"{name} cannot be used so: {'; '.join(first)}. Send an object with {schema}."
