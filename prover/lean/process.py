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
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil

from prover.errors import ProcessFlooded, ProcessTimeout, ResourceExhausted, ToolchainBroken
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
    name: str = ""  # where the program is started by another one

    @property
    def called(self) -> str:
        """What error messages call it."""
        return self.name or Path(self.argv[0]).name


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process may use.

    `seconds` is wall time, of the process with whatever it starts. `output` is how many bytes each of stdout and
    stderr may have. The rest the kernel enforces on each process by itself (setrlimit(2)): `memory` bounds the private
    writable memory that it has asked for, in bytes (RLIMIT_DATA; Linux alone does so). That is more than what is
    resident: the embedded Lean needs 4 GiB to start. A process that gets no more ends by itself. `processor` is
    seconds of all its threads together, `file` the bytes of one file that it writes.
    """

    seconds: float
    memory: int | None = None
    output: int = 16 << 20
    processor: int | None = None
    file: int | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """A process that ended by itself. `returncode` is negative for a signal, as in `subprocess`."""

    returncode: int
    stdout: bytes
    stderr: bytes
    seconds: float

    @property
    def not_started(self) -> bool:
        """The program could not be executed at all; `stderr` says why."""
        return self.returncode == NOT_STARTED


def leash(command: Command, *, limits: Limits | None = None) -> Command:
    """The command that starts `command` on the leash. Only a child of the present process can run it."""
    bounds = {"DATA": limits.memory, "CPU": limits.processor, "FSIZE": limits.file} if limits else {}
    words = (f"{name}={bound}" for name, bound in bounds.items() if bound is not None)
    launcher = (sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), *words, "--")
    return replace(command, argv=(*launcher, *command.argv))


async def start(
    command: Command, *, limits: Limits | None = None, stdin: int = PIPE, stdout: int = PIPE, stderr: int = PIPE
) -> Process:
    """Start `command` on the leash. The caller owns the process and must `end` it, whatever happens.

    Of the limits only those that the kernel enforces hold here; time and output are the owner's business. The kernel
    ties the leash to the thread that starts the process: call it from one that stays.
    Raises ToolchainBroken when the system cannot start another process.
    """
    leashed = leash(command, limits=limits)
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
        raise ToolchainBroken(f"cannot start {command.name or command.argv[0]}: {error.strerror}") from error


def kill(process: Process) -> None:
    """Kill the process and all of its group without waiting for its end; `end` must follow."""
    # Also after the leader's end: what it left behind still has its group.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def resident(process: Process | None, *, started: bool = False) -> int:
    """Resident bytes of the process, and with `started` of those that it started; 0 when it is gone."""
    return int(_measured(process, started, lambda one: one.memory_info().rss))


def processor(process: Process | None, *, started: bool = False) -> float:
    """Processor seconds that the process has used, and with `started` those that it started; 0 when it is gone."""
    return _measured(process, started, lambda one: sum(one.cpu_times()[:2]))


def _measured(process: Process | None, started: bool, measure: Callable[[psutil.Process], float]) -> float:
    if process is None:
        return 0.0
    try:
        itself = psutil.Process(process.pid)
        return sum(map(measure, (itself, *(itself.children(recursive=True) if started else ()))))
    except psutil.NoSuchProcess:
        return 0.0


async def end(process: Process) -> None:
    """Kill the process and all of its group, and reap it. Harmless when it has ended already."""
    kill(process)
    await process.wait()


async def run(command: Command, *, limits: Limits) -> Finished:
    """Run `command` with empty stdin until it, and whatever else holds its output open, ends by itself.

    Raises ResourceExhausted at a limit: ProcessTimeout for time, ProcessFlooded for output and files, and itself where
    the system killed the process. At a limit, and when cancelled, the whole process group is killed and reaped
    before the exception goes on.
    """
    began = time.monotonic()
    process = await start(command, limits=limits, stdin=DEVNULL)
    assert process.stdout is not None
    assert process.stderr is not None
    async with asyncio.TaskGroup() as group:
        out = group.create_task(_read(process.stdout, limits.output, process))
        err = group.create_task(_read(process.stderr, limits.output, process))
        try:
            returncode = await _returncode(process, limits.seconds)
        finally:
            await end(process)
            # The pipes close with the group; the event loop must see that before the owner goes on.
            await asyncio.wait((out, err))
    stdout, stderr = out.result(), err.result()
    name = command.called
    if max(len(stdout), len(stderr)) > limits.output:
        raise ProcessFlooded(f"{name} wrote more than {limits.output} bytes of output")
    if returncode is None:
        raise ProcessTimeout(f"{name} did not end within {limits.seconds:g} seconds")
    if (error := _stopped(name, returncode, limits)) is not None:
        raise error
    return Finished(returncode, stdout, stderr, time.monotonic() - began)


def run_blocking(command: Command, *, limits: Limits) -> Finished:
    """`run` for the few short questions asked outside of any event loop; the same errors."""
    # A loop of its own in a thread of its own, so that a caller inside a running loop may ask too.
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(lambda: asyncio.run(run(command, limits=limits))).result()


def ended_by(returncode: int) -> int:
    """The signal that ended the process, or 0. Shells and bubblewrap say 128 more than the signal."""
    return -returncode if returncode < 0 else max(0, returncode - 128)


def _stopped(name: str, returncode: int, limits: Limits) -> ResourceExhausted | None:
    """The limit at which the kernel has ended the process, if it was one."""
    match ended_by(returncode):
        case signal.SIGXCPU:
            return ProcessTimeout(f"{name} used up its {limits.processor} seconds of processor time")
        case signal.SIGXFSZ:
            return ProcessFlooded(f"{name} wrote a file of more than {limits.file} bytes")
        case signal.SIGKILL:
            return ResourceExhausted(f"{name} was killed by the system, as it does when memory runs out")
    return None


async def _returncode(process: Process, seconds: float) -> int | None:
    """What the process ended with, or None when it did not end in time."""
    try:
        return await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        return None


async def _read(stream: asyncio.StreamReader, limit: int, process: Process) -> bytes:
    """Everything up to `limit` bytes and one more; whoever writes that one is killed."""
    kept = bytearray()
    while chunk := await stream.read(CHUNK):
        kept += chunk[: limit + 1 - len(kept)]
        if len(kept) > limit:
            kill(process)
    return bytes(kept)
