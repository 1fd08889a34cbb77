"""Gives up rights and becomes a program: `python -I -S _confine.py POLICY PROGRAM ARGUMENT…`.

POLICY is a JSON object, made by `prover.lean.sandbox` alone: `reads` and `writes` are the folders and files to which
landlock restricts the program (null where something else restricts it), `namespaces` asks for user, network and IPC
namespaces of its own, `processes` says whether it may start processes, `most` how many it may have with their threads
(0: no limit).
Whatever cannot be given up ends it with 126 and one line on stderr: it never runs with more rights than asked for.
Uses nothing but the standard library, and works by system calls for which Python has no functions.
"""

import ctypes
import json
import os
import platform
import resource
import struct
import sys
from pathlib import Path
from typing import Any

NOT_CONFINED = 126
PROGRAM_MISSING = 127

CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWNET = 0x08000000, 0x10000000, 0x40000000  # linux/sched.h
CLONE_THREAD = 0x00010000
PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 22, 24, 38  # linux/prctl.h
CAPABILITIES = 64  # more than any kernel has

# linux/landlock.h. What an ABI does not know must not be asked of it.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on every machine
VERSION_FLAG, PATH_BENEATH = 1, 1
OLDEST = 3  # before it a confined program could truncate files that it may not write
EXECUTE, READ_FILE, READ_DIR = 1 << 0, 1 << 2, 1 << 3
FILE_RIGHTS = EXECUTE | READ_FILE | 1 << 1 | 1 << 14 | 1 << 15  # those that a rule for a file may name
READING = EXECUTE | READ_FILE | READ_DIR
DEVICE = READ_FILE | 1 << 1
NETWORK, SCOPES = 0b11, 0b11  # TCP bind and connect; abstract sockets and signals
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")

# linux/seccomp.h, linux/filter.h, linux/audit.h
SECCOMP_FILTER, ALLOW, ERRNO = 2, 0x7FFF0000, 0x00050000
LOAD, JUMP_EQUAL, JUMP_GREATER_EQUAL, JUMP_SET, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
EPERM, ENOSYS, X32 = 1, 38, 0x40000000
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# Leaving the process group, by which we kill; sockets (landlock knows nothing of those that are files), also by way of
# a ring; watching others.
FORBIDDEN = {
    "x86_64": {"socket": 41, "ptrace": 101, "setpgid": 109, "setsid": 112, "io_uring_setup": 425},
    "aarch64": {"socket": 198, "ptrace": 117, "setpgid": 154, "setsid": 157, "io_uring_setup": 425},
}
# Owner, mode, times and attributes: landlock lets a program change those of every file of its user. The program is
# told that it succeeded, since tools like lake set modes and stop when they cannot.
PRETENDED = {
    "x86_64": (90, 91, 92, 93, 94, 132, 188, 189, 190, 197, 198, 199, 235, 260, 261, 268, 280, 452, 463, 466, 469),
    "aarch64": (5, 6, 7, 14, 15, 16, 52, 53, 54, 55, 88, 452, 463, 466, 469),
}
STARTING = {"x86_64": (57, 58), "aarch64": ()}  # fork, vfork
CLONE, CLONE3 = {"x86_64": 56, "aarch64": 220}, 435

libc = ctypes.CDLL(None, use_errno=True)


def call(number: int, *arguments: Any) -> int:
    """The system call; raises OSError."""
    return checked(libc.syscall(ctypes.c_long(number), *arguments))


def prctl(option: int, value: int, third: Any = 0) -> int:
    """Raises OSError."""
    return checked(libc.prctl(option, ctypes.c_ulong(value), third, 0, 0))


def checked(answer: int) -> int:
    if answer < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return answer


def enter_namespaces() -> None:
    """No network but an unconfigured loopback, no right over anything outside; user and group stay the same."""
    user, group = os.getuid(), os.getgid()
    checked(libc.unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC))
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        Path("/proc/self", name).write_text(text, encoding="ascii")


def drop_capabilities() -> None:
    """What is not in the bounding set is gone after exec, for root too."""
    for capability in range(CAPABILITIES):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:  # no such capability, or no right to drop: then there is none to lose
            continue


def limit_processes(most: int) -> None:
    """Processes and threads of this user in this user namespace; the kernel counts none for root."""
    _, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    if most and (hard == resource.RLIM_INFINITY or hard > most):
        resource.setrlimit(resource.RLIMIT_NPROC, (most, most))


def landlock_abi() -> int:
    """0 where the kernel has no landlock, or has it switched off."""
    if sys.platform != "linux":
        return 0
    try:
        return call(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint(VERSION_FLAG))
    except OSError:
        return 0


def restrict(reads: list[str], writes: list[str]) -> None:
    """Landlock: files outside of these cannot be opened, made, changed or executed. Missing ones are left out."""
    abi = landlock_abi()
    if abi < OLDEST:
        raise OSError(ENOSYS, "the kernel's landlock is too old")
    everything = (1 << 15) - 1 if abi < 5 else (1 << 16) - 1
    attribute = struct.pack("QQQ", everything, NETWORK if abi >= 4 else 0, SCOPES if abi >= 6 else 0)
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    rules = call(CREATE_RULESET, attribute, ctypes.c_size_t(size), ctypes.c_uint(0))
    for paths, rights in ((reads, READING), (writes, everything & ~EXECUTE), (DEVICES, DEVICE)):
        for path in paths:
            allow(rules, path, rights)
    call(RESTRICT_SELF, ctypes.c_int(rules), ctypes.c_uint(0))
    os.close(rules)


def allow(rules: int, path: str, rights: int) -> None:
    """Adds a rule for what is at the path and below."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    rights = rights if Path(path).is_dir() else rights & FILE_RIGHTS
    call(ADD_RULE, ctypes.c_int(rules), PATH_BENEATH, struct.pack("=Qi", rights, place), ctypes.c_uint(0))
    os.close(place)


def filter_calls(machine: str, *, processes: bool) -> None:
    """Seccomp: refuses the calls listed above, and without `processes` all that start another process."""
    program = bpf(machine, processes=processes)
    instructions = ctypes.create_string_buffer(b"".join(program))
    pointer = struct.pack("HxxxxxxP", len(program), ctypes.addressof(instructions))
    prctl(PR_SET_SECCOMP, SECCOMP_FILTER, pointer)


def bpf(machine: str, *, processes: bool) -> list[bytes]:
    """The filter, one instruction each: code, jump if true, jump if false, constant (linux/filter.h).

    It sees the call's number at offset 0, the architecture at 4 and the first argument's lower half at 16.
    """

    def refuse(number: int, error: int) -> list[bytes]:
        return [instruction(JUMP_EQUAL, 0, 1, number), instruction(RETURN, 0, 0, ERRNO | error)]

    lines = [
        instruction(LOAD, 0, 0, 4),
        instruction(JUMP_EQUAL, 1, 0, ARCHITECTURE[machine]),
        instruction(RETURN, 0, 0, ERRNO | ENOSYS),  # 32-bit calls have other numbers
        instruction(LOAD, 0, 0, 0),
        instruction(JUMP_GREATER_EQUAL, 0, 1, X32),
        instruction(RETURN, 0, 0, ERRNO | ENOSYS),
    ]
    for number in FORBIDDEN[machine].values():
        lines += refuse(number, EPERM)
    for number in PRETENDED[machine]:
        lines += refuse(number, 0)
    if not processes:
        for number in STARTING[machine]:
            lines += refuse(number, EPERM)
        # Its flags are in memory, where a filter cannot look; libraries then use `clone`, whose flags are an argument.
        lines += refuse(CLONE3, ENOSYS)
        lines += [instruction(JUMP_EQUAL, 0, 3, CLONE[machine]), instruction(LOAD, 0, 0, 16)]
        lines += [instruction(JUMP_SET, 1, 0, CLONE_THREAD), instruction(RETURN, 0, 0, ERRNO | EPERM)]
    return [*lines, instruction(RETURN, 0, 0, ALLOW)]


def instruction(code: int, if_true: int, if_false: int, constant: int) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, constant)


def main(text: str, *program: str) -> None:
    """Give up the rights in an order in which none is needed any more, then become the program."""
    policy = json.loads(text)
    machine = platform.machine()
    try:
        if policy["namespaces"]:
            enter_namespaces()
        drop_capabilities()
        limit_processes(policy["most"])
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        if policy["reads"] is not None:
            restrict(policy["reads"], policy["writes"])
        filter_calls(machine, processes=policy["processes"])
    except (OSError, KeyError) as error:
        print(f"cannot be confined: {error}", file=sys.stderr)
        sys.exit(NOT_CONFINED)
    try:
        os.execv(program[0], program)
    except OSError as error:
        print(f"{program[0]}: {error.strerror}", file=sys.stderr)
        sys.exit(PROGRAM_MISSING)


if __name__ == "__main__":
    main(*sys.argv[1:])
