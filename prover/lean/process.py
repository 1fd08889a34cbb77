"""Processes with an owner: nothing we start outlives us, and nothing runs without limits.

`start` gives a live process to an owner who will `end` it (the Lean worker); `run` sees one through from start to
finish. Both put it on the leash: own session, killed by the kernel when we die, no core dumps, a bound on memory.
Knows nothing about Lean. Called by the toolchains, the workers, the build and the judge.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from prover.errors import ProcessTimeout, ToolchainBroken
from prover.lean._leash import NOT_STARTED

LEASH = Path(__file__).with_name("_leash.py")
CHUNK = 1 << 16  # bytes read at a time


@dataclass(frozen=True, slots=True)
class Command:
    """A program with its arguments, its complete environment and its working directory.

    The environment is never merged with ours: the user's keys and tokens stay here.
    """

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process may use.

    `seconds` is wall time. `memory` bounds the private writable memory that it has asked for, in bytes (Linux
    RLIMIT_DATA; other systems do not enforce it). That is more than what is resident: the embedded Lean needs
    5 GiB to start. A process that gets no more ends by itself, Node with signal 5. `output` is how many bytes
    each of stdout and stderr may have; what comes after is read, dropped and counted.
    """

    seconds: float
    memory: int | None = None
    output: int = 16 << 20


@dataclass(frozen=True, slots=True)
class Finished:
    """A process that ended by itself. `returncode` is negative for a signal, as in `subprocess`."""

    returncode: int
    stdout: bytes
    stderr: bytes
    seconds: float
    dropped: int = 0

    @property
    def not_started(self) -> bool:
        """The program could not be executed at all; `stderr` says why."""
        return self.returncode == NOT_STARTED


def leash(command: Command, *, memory: int | None = None) -> Command:
    """The command that starts `command` on the leash. Only a child of the present process can run it."""
    limit = () if memory is None else (str(memory),)
    launcher = (sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), *limit, "--")
    return replace(command, argv=(*launcher, *command.argv))


async def start(
    command: Command, *, memory: int | None = None, stdin: int = PIPE, stdout: int = PIPE, stderr: int = PIPE
) -> Process:
    """Start `command` on the leash. The caller owns the process and must `end` it, whatever happens.

    The kernel ties the leash to the thread that starts the process: call it from one that stays.
    Raises ToolchainBroken when the system cannot start another process.
    """
    leashed = leash(command, memory=memory)
    try:
        return await asyncio.create_subprocess_exec(
            *leashed.argv,
            env=dict(leashed.env),
            cwd=leashed.cwd,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
    except OSError as error:
        raise ToolchainBroken(f"cannot start {command.argv[0]}: {error.strerror}") from error


def kill(process: Process) -> None:
    """Kill the process and all of its group without waiting for its end; `end` must follow."""
    # Also after the leader's end: what it left behind still has its group.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


async def end(process: Process) -> None:
    """Kill the process and all of its group, and reap it. Harmless when it has ended already."""
    kill(process)
    await process.wait()


async def run(command: Command, *, limits: Limits) -> Finished:
    """Run `command` with empty stdin until it, and whatever else holds its output open, ends by itself.

    Raises ProcessTimeout at the wall limit. At the limit, and when cancelled, the whole process group is
    killed and reaped before the exception goes on.
    """
    began = time.monotonic()
    process = await start(command, memory=limits.memory, stdin=DEVNULL)
    assert process.stdout is not None
    assert process.stderr is not None
    async with asyncio.TaskGroup() as group:
        out = group.create_task(_read(process.stdout, limits.output))
        err = group.create_task(_read(process.stderr, limits.output))
        try:
            returncode = await _returncode(process, limits.seconds)
        finally:
            await end(process)
            # The pipes close with the group; the event loop must see that before the owner goes on.
            await asyncio.wait((out, err))
    if returncode is None:
        raise ProcessTimeout(f"{Path(command.argv[0]).name} did not end within {limits.seconds:g} seconds")
    (stdout, lost_out), (stderr, lost_err) = out.result(), err.result()
    return Finished(returncode, stdout, stderr, time.monotonic() - began, lost_out + lost_err)


def run_blocking(command: Command, *, limits: Limits) -> Finished:
    """`run` for the few short questions asked outside of any event loop; the same errors."""
    # A loop of its own in a thread of its own, so that a caller inside a running loop may ask too.
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(lambda: asyncio.run(run(command, limits=limits))).result()


async def _returncode(process: Process, seconds: float) -> int | None:
    """What the process ended with, or None when it did not end in time."""
    try:
        return await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        return None


async def _read(stream: asyncio.StreamReader, limit: int) -> tuple[bytes, int]:
    """Everything up to `limit` bytes, and the number of bytes dropped after it."""
    kept, dropped = bytearray(), 0
    while chunk := await stream.read(CHUNK):
        room = limit - len(kept)
        kept += chunk[:room]
        dropped += max(0, len(chunk) - room)
    return bytes(kept), dropped
