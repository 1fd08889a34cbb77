"""Starts a program on a leash: `python -I -S _leash.py PARENT [LIMIT=VALUE…] -- PROGRAM ARGUMENT…`.

The kernel kills the program when PARENT (a process id) dies, it leads a session of its own, it dumps no core, and
each LIMIT (`DATA`, `CPU`, … of setrlimit(2)) holds for it. Uses nothing but the standard library and becomes the
program by exec, so nothing of it stays in memory. Called by `prover.lean.process` alone.
"""

import ctypes
import os
import resource
import signal
import sys

NOT_STARTED = 127  # what a shell answers when the program cannot be started
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def die_with(parent: int) -> None:
    """Ask the kernel for SIGKILL at the parent's death; end at once where it has died already.

    The order closes the race: a parent that dies before the request is seen by `getppid` after it.
    macOS knows no such request; there a worker ends when its standard input does.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(NOT_STARTED)


def set_limit(which: int, value: int) -> None:
    """Never above what holds already. Processor time has a second between the request to end and the kill."""
    _, most = resource.getrlimit(which)
    hard = value + 1 if which == resource.RLIMIT_CPU else value
    if most != resource.RLIM_INFINITY:
        value, hard = min(value, most), min(hard, most)
    resource.setrlimit(which, (value, hard))


def main(arguments: list[str]) -> None:
    """Become the program; exit with 127 and one line on stderr where it cannot be started."""
    split = arguments.index("--")
    (parent, *limits), program = arguments[:split], arguments[split + 1 :]
    die_with(int(parent))
    if os.getpgrp() != os.getpid():
        os.setsid()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name, value in (limit.split("=") for limit in limits):
        set_limit(getattr(resource, f"RLIMIT_{name}"), int(value))
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores them, and the program would inherit that
        signal.signal(ignored, signal.SIG_DFL)
    try:
        os.execv(program[0], program)
    except OSError as error:
        print(f"{program[0]}: {error.strerror}", file=sys.stderr)
        sys.exit(NOT_STARTED)


if __name__ == "__main__":
    main(sys.argv[1:])
