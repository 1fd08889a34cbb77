"""What confines a native Lean: it sees the folders that it is given, writes to those it may, and has no network.

Finds the strongest that this machine has, by trying it: bubblewrap (namespaces, in which nothing else exists), else
landlock (the kernel refuses every other file) with seccomp and, where users may make them, namespaces. A `Sandbox`
turns a command into a confined one; `_confine.py` gives up the rights in the process itself. Knows nothing about Lean.
Called by the native toolchain; the embedded Lean has Node's sandbox.
"""

from __future__ import annotations

import json
import platform
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal, Protocol

from prover.errors import ProverError, ToolchainBroken, ToolchainError
from prover.lean import _confine
from prover.lean.process import Command, Limits, run_blocking

Choice = Literal["auto", "bubblewrap", "landlock", "none"]

CONFINE = Path(_confine.__file__)
PYTHON = Path(sys.executable).resolve()  # free of the links of a virtual environment, so that it starts inside
NOWHERE = "/nonexistent"  # the home of one who has none
PROCESSES = 512  # and threads, of a program that may start others
TRIAL = Limits(seconds=20, output=1 << 16)
# Prints what it could do and should not, then that it was there.
PROBE = """
import os, socket, sys
folder, port = sys.argv[1:]
deeds = {
    "read a file that it was not given": lambda: open(folder + "/private"),
    "write outside of its folder": lambda: open(folder + "/new", "w"),
    "reach the network": lambda: socket.create_connection(("127.0.0.1", int(port)), 5),
    "start a process": lambda: os.fork() or os._exit(0),
}
for deed, attempt in deeds.items():
    try:
        attempt()
    except OSError:
        continue
    print(deed)
print("tried", flush=True)
os._exit(0)
"""
# Programs and libraries of the system, and what the C library and Lean's runtime ask about the machine.
SYSTEM = tuple(
    Path(path)
    for path in (
        *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store", "/gnu/store"),
        *("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/sys/devices/system/cpu"),
    )
)


class Sandbox(Protocol):
    """A way to confine a command. Values: two with the same fields do the same."""

    @property
    def description(self) -> str:
        """`bubblewrap`, `landlock, seccomp and namespaces`, …: ends the sentence "is confined by"."""
        ...

    def confine(
        self, command: Command, *, reads: Iterable[Path] = (), writes: Sequence[Path] = (), processes: bool = False
    ) -> Command:
        """The command that runs `command` with these rights and no others.

        `reads` are existing files and folders that it may read and execute, beside the system's programs and
        libraries; `writes` are existing folders that it may read and change, the first of which is its home and its
        place for temporary files. Without `processes` it can start no other process, only threads.
        """
        ...


@dataclass(frozen=True, slots=True)
class Unconfined:
    """No sandbox, for those who said so."""

    description: str = "nothing"

    def confine(
        self, command: Command, *, reads: Iterable[Path] = (), writes: Sequence[Path] = (), processes: bool = False
    ) -> Command:
        """The command as it is."""
        return command


@dataclass(frozen=True, slots=True)
class Landlock:
    """Landlock and seccomp, in namespaces of its own where the machine allows that to its users."""

    namespaces: bool

    @property
    def description(self) -> str:
        return "landlock, seccomp and namespaces" if self.namespaces else "landlock and seccomp"

    def confine(
        self, command: Command, *, reads: Iterable[Path] = (), writes: Sequence[Path] = (), processes: bool = False
    ) -> Command:
        """See `Sandbox.confine`."""
        policy = {
            "namespaces": self.namespaces,
            "most": PROCESSES if self.namespaces else 0,  # outside of them all processes of the user would count
            "reads": _texts([*SYSTEM, Path("/proc"), *reads]),
            "writes": _texts(writes),
        }
        return _moved(command, _confined(command.argv, processes, policy), writes)


@dataclass(frozen=True, slots=True)
class Bubblewrap:
    """The program `bwrap`: a file system, a network and a table of processes of its own."""

    program: Path

    @property
    def description(self) -> str:
        return "bubblewrap"

    def confine(
        self, command: Command, *, reads: Iterable[Path] = (), writes: Sequence[Path] = (), processes: bool = False
    ) -> Command:
        """See `Sandbox.confine`."""
        # The interpreter is there for the last step, which takes from the program what bubblewrap leaves it.
        visible = [*SYSTEM, Path(sys.base_prefix), PYTHON, CONFINE, *reads]
        readable = [word for path in _texts(visible) for word in ("--ro-bind-try", path, path)]
        writable = [word for path in _texts(writes) for word in ("--bind", path, path)]
        policy = {"namespaces": False, "most": PROCESSES, "reads": None, "writes": None}
        argv = (
            *(str(self.program), "--unshare-all", "--die-with-parent", "--cap-drop", "ALL"),
            *("--proc", "/proc", "--dev", "/dev"),
            *(*readable, *writable, "--remount-ro", "/dev", "--remount-ro", "/"),
            *("--chdir", str(command.cwd or "/"), "--"),
            *_confined(command.argv, processes, policy),
        )
        return _moved(command, argv, writes)


def find(choice: Choice = "auto") -> Sandbox:
    """The sandbox of that choice; `auto` is the strongest that works here.

    Raises ToolchainError when it does not work here.
    """
    if choice == "none":
        return Unconfined()
    tried = {"bubblewrap": _bubblewrap, "landlock": _landlock}
    for name, attempt in tried.items():
        if choice in ("auto", name) and (found := attempt()) is not None:
            return found
    what = "" if choice == "auto" else f" by {choice}"
    raise ToolchainError(
        f"a native Lean cannot be confined{what} on this machine",
        'install bubblewrap, or say `sandbox = "none"` in prover.toml',
    )


@cache
def _bubblewrap() -> Sandbox | None:
    program = shutil.which("bwrap")
    return _working(Bubblewrap(Path(program).resolve())) if program else None


@cache
def _landlock() -> Sandbox | None:
    if platform.machine() not in _confine.ARCHITECTURE or _confine.landlock_abi() < _confine.OLDEST:
        return None
    return _working(Landlock(namespaces=True)) or _working(Landlock(namespaces=False))


def leaks(sandbox: Sandbox) -> list[str]:
    """What a program in the sandbox can do and should not, found out by one that tries. Raises ToolchainBroken when
    none runs in it, and ResourceExhausted."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as server:
        Path(folder, "private").touch()
        words = (folder, str(server.getsockname()[1]))
        command = Command((str(PYTHON), "-I", "-S", "-c", PROBE, *words), cwd=Path("/usr"))
        confined = sandbox.confine(command, reads=[Path(sys.base_prefix), PYTHON])
        finished = run_blocking(confined, limits=TRIAL)
    *found, last = finished.stdout.decode(errors="replace").splitlines() or [""]
    if last != "tried":
        said = finished.stderr.decode(errors="replace").strip().split("\n")[-1]
        raise ToolchainBroken(f"nothing runs in the sandbox {sandbox.description}: {said}")
    return found


def _working(sandbox: Sandbox) -> Sandbox | None:
    """The sandbox, if programs run in it and stay in it."""
    try:
        return None if leaks(sandbox) else sandbox
    except ProverError:
        return None


def _confined(argv: Sequence[str], processes: bool, policy: Mapping[str, object]) -> tuple[str, ...]:
    """The program, started by `_confine.py` under this policy."""
    return (str(PYTHON), "-I", "-S", str(CONFINE), json.dumps({**policy, "processes": processes}), *argv)


def _moved(command: Command, argv: tuple[str, ...], writes: Sequence[Path]) -> Command:
    """The command, started this way, with its home and its temporary files where it may write, or nowhere."""
    home = str(writes[0].resolve()) if writes else NOWHERE
    return replace(command, argv=argv, env={**command.env, "HOME": home, "TMPDIR": home}, name=command.called)


def _texts(paths: Iterable[Path]) -> list[str]:
    """Absolute and, but for the system's own, free of symbolic links, the outer ones first."""
    return sorted({str(path if path in SYSTEM else path.resolve()) for path in paths})
