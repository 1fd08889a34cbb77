"""One `lean --worker`: a process that holds one document and says what Lean thinks of it.

Responsibilities (and nothing else): start the process, keep the one document and its versions, put one text at a
time to Lean and collect messages and goals, notice when the process is gone or talks nonsense, end it.
Queueing, retries, replacement and limits over many checks are the pool's; a worker is used by one caller at a time.

A check is a full-text change of the document, then Lean's own request `textDocument/waitForDiagnostics`, which is
answered when that version is elaborated; goals are `$/lean/plainGoal`. Lean re-elaborates only what changed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs
from cattrs.errors import BaseValidationError
from lsprotocol import types as lsp
from lsprotocol.converters import get_converter

from prover.errors import CheckTimeout, WorkerDied
from prover.lean import process
from prover.lean.hints import Check, Message, Severity
from prover.lean.source import split_header
from prover.lean.toolchain import Toolchain
from prover.lean.wire import Broken, Json, Wire
from prover.model import Position

DOCUMENT = "file:///Check.lean"  # never a file: it names the one document
# Lean would hold back messages for 200 ms; its linters speak of style and take a fifth of the time of a small check;
# and a theorem's proof in a thread of its own costs more than it saves where there is a worker for each processor.
ARGUMENTS = ("--worker", "-Dserver.reportDelayMs=0", "-Dlinter.all=false", "-DElab.async=false")
TAIL = 4000  # bytes of stderr kept for an error message
START_SECONDS = 120.0

_lsp = get_converter()
_SEVERITY = {
    lsp.DiagnosticSeverity.Error: Severity.ERROR,
    lsp.DiagnosticSeverity.Warning: Severity.WARNING,
    lsp.DiagnosticSeverity.Information: Severity.INFORMATION,
    lsp.DiagnosticSeverity.Hint: Severity.INFORMATION,
}


@attrs.define
class PlainGoal:
    """Lean's answer to `$/lean/plainGoal` (`Lean.Lsp.PlainGoal` in Lean's source)."""

    goals: list[str]


class LeanWorker:
    """A Lean process and its document. `start` it, `check` texts that share one header, `close` it.

    The header (imports) of the first text is the worker's for good: Lean would have to restart to change it.
    A check that is cancelled or times out goes on inside Lean until the next one replaces its text; Lean stops
    most elaboration then, and what it cannot stop keeps a processor busy. So the pool gives up a worker after a
    timeout and makes sure of one after a cancellation.
    """

    def __init__(
        self,
        toolchain: Toolchain,
        *,
        header: str | None = None,
        lean_path: Sequence[Path] = (),
        start_seconds: float = START_SECONDS,
    ) -> None:
        self._command = toolchain.command(ARGUMENTS, lean_path=lean_path)
        self._start_seconds = start_seconds
        self._process: asyncio.subprocess.Process | None = None
        self._killed = False
        self._version = 0
        self._request = 0
        self._published: list[Json] = []  # as they came: Lean says all of them again whenever there is a new one
        self._stderr = b""
        self.header = header  # None as long as the worker may take any
        self.checks = 0

    @property
    def alive(self) -> bool:
        """The process runs, as far as the event loop knows."""
        return self._process is not None and self._process.returncode is None

    def memory(self) -> int:
        """Resident bytes of the process, with those that it started; 0 when it is gone."""
        # A sandbox may be a process of its own around Lean; elsewhere the search costs more than it finds.
        return process.resident(self._process, started=bool(self._command.name))

    def processor(self) -> float:
        """Processor seconds used so far; 0 when it is gone."""
        return process.processor(self._process, started=bool(self._command.name))

    async def start(self) -> None:
        """Start the process and, where a header was given, import what that asks for.

        Raises ToolchainBroken when the process cannot be started, and what `check` raises. The caller must `close`
        the worker in any case.
        """
        self._process = await process.start(self._command)
        assert self._process.stdin
        assert self._process.stdout
        assert self._process.stderr
        self._wire = Wire(self._process.stdout, self._process.stdin)
        self._listener = asyncio.create_task(self._listen(self._process.stderr))
        if self._killed:
            await self.close()
            raise WorkerDied("the Lean worker was given up while it started")
        parameters = lsp.InitializeParams(capabilities=lsp.ClientCapabilities())
        self._ask("initialize", _lsp.unstructure(parameters))  # a file worker does not answer this one
        if self.header is not None:
            await self._open(self.header)

    async def check(self, text: str, *, goals_at: Sequence[Position] = (), timeout: float) -> Check:
        """Put `text` to Lean; return its messages, and the goals at the positions.

        `timeout` is wall seconds, in which the imports of a worker's first header are not counted.
        Raises CheckTimeout, WorkerDied (ended, or broke the protocol) and ValueError for a foreign header and for
        what is no Unicode text.
        """
        header, _ = split_header(text)
        if self._version == 0:
            await self._open(header)
        if header != self.header:
            raise ValueError("a worker keeps the header of its first text")
        self.checks += 1
        began, used = time.monotonic(), self.processor()
        try:
            async with asyncio.timeout(timeout):
                messages = await self._put(text)
                goals = [await self._goals(position) for position in goals_at]
        except TimeoutError as error:
            raise CheckTimeout(f"Lean gave no answer within {timeout:g} seconds") from error
        return Check(messages, tuple(goals), time.monotonic() - began, max(0.0, self.processor() - used))

    def kill(self) -> None:
        """End the process at once, or as soon as there is one, without waiting for its end. `close` must follow."""
        self._killed = True
        if self._process is not None and self._process.returncode is None:
            process.kill(self._process)

    async def close(self) -> None:
        """Kill the process with all that it started, and reap it. May be called at any time, also twice."""
        self._killed = True
        if self._process is not None:
            await process.end(self._process)
            await asyncio.wait([self._listener])

    async def _open(self, header: str) -> None:
        self.header = header
        try:
            async with asyncio.timeout(self._start_seconds):
                await self._put(header)
        except TimeoutError as error:
            message = f"Lean did not get through the imports within {self._start_seconds:g} seconds"
            raise CheckTimeout(message) from error

    async def _put(self, text: str) -> tuple[Message, ...]:
        """Make `text` the document's next version and wait until Lean is through with it."""
        self._version += 1
        self._published = []
        if self._version == 1:
            document = lsp.TextDocumentItem(DOCUMENT, "lean4", self._version, text)
            opened = _lsp.unstructure(lsp.DidOpenTextDocumentParams(document))
            # Lean's own extension: build nothing, there is no Lake to ask.
            self._tell("textDocument/didOpen", opened | {"dependencyBuildMode": "never"})
        else:
            change = lsp.TextDocumentContentChangeWholeDocument(text)
            version = lsp.VersionedTextDocumentIdentifier(self._version, DOCUMENT)
            changed = lsp.DidChangeTextDocumentParams(version, [change])
            self._tell("textDocument/didChange", _lsp.unstructure(changed))
        await self._answer("textDocument/waitForDiagnostics", {"uri": DOCUMENT, "version": self._version}, Any)
        try:
            return tuple(map(_message, self._published))
        except BaseValidationError as error:
            raise await self._broken(error) from error

    async def _goals(self, position: Position) -> tuple[str, ...] | None:
        place = lsp.Position(position.line, position.character)
        parameters = lsp.TextDocumentPositionParams(lsp.TextDocumentIdentifier(DOCUMENT), place)
        answer = await self._answer("$/lean/plainGoal", _lsp.unstructure(parameters), PlainGoal | None)
        return None if answer is None else tuple(answer.goals)

    def _tell(self, method: str, parameters: Json) -> None:
        self._wire.send({"method": method, "params": parameters})

    def _ask(self, method: str, parameters: Json) -> int:
        self._request += 1
        self._wire.send({"id": self._request, "method": method, "params": parameters})
        return self._request

    async def _answer(self, method: str, parameters: Json, shape: Any) -> Any:
        """Ask, and read on until the answer is there. Answers to questions that were given up are passed over."""
        request = self._ask(method, parameters)
        try:
            while (message := await self._wire.receive()) is not None:
                if "method" in message:
                    self._heed(message)
                elif message.get("id") == request:
                    if "error" in message:
                        raise Broken(f"{method} is answered by {message['error']}")
                    return _lsp.structure(message.get("result"), shape)
        except (Broken, BaseValidationError) as error:
            raise await self._broken(error) from error
        await self.close()
        assert self._process is not None
        code = self._process.returncode
        raise WorkerDied(f"the Lean worker ended with exit code {code}{self._last_words()}")

    async def _broken(self, error: Exception) -> WorkerDied:
        """Ends a worker that talks nonsense."""
        await self.close()
        return WorkerDied(f"the Lean worker broke the protocol: {error}{self._last_words()}")

    def _heed(self, message: Json) -> None:
        """Take in what Lean sends unasked: messages about the present version; everything else is not for us."""
        if message["method"] == lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS:
            match message.get("params"):
                case {"version": version, "diagnostics": list(diagnostics)}:
                    self._published = diagnostics if version == self._version else self._published
                case _:
                    raise Broken("PublishDiagnostics has no list of diagnostics, or no version")
        elif "id" in message:
            self._wire.send({"id": message["id"], "result": None})

    def _last_words(self) -> str:
        said = self._stderr.decode(errors="replace").strip()
        return f"; it said: {said}" if said else ""

    async def _listen(self, stderr: asyncio.StreamReader) -> None:
        """Keep the last of what Lean writes to stderr; a pipe that nobody reads would stop it."""
        while chunk := await stderr.read(TAIL):
            self._stderr = (self._stderr + chunk)[-TAIL:]


def _message(diagnostic: Json) -> Message:
    read = _lsp.structure(diagnostic, lsp.Diagnostic)
    # Lean's own extension: `range` is cut at the end of its first line, `fullRange` is not.
    place = _lsp.structure(diagnostic.get("fullRange", diagnostic["range"]), lsp.Range)
    severity = _SEVERITY[read.severity or lsp.DiagnosticSeverity.Error]
    return Message(severity, read.message, _position(place.start), _position(place.end))


def _position(place: lsp.Position) -> Position:
    return Position(place.line, place.character)
