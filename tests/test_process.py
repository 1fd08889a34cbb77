"""Processes with an owner: they end when they should, and they take their children with them.

Whether a process is gone is seen from the other end of a pipe that it holds open: it closes when the last holder dies.
"""

import asyncio
import os
import signal
import subprocess
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from prover.errors import ProcessFlooded, ProcessTimeout, ResourceExhausted, ToolchainBroken
from prover.lean import process
from prover.lean.process import LEASH, Command, Limits

SECONDS = 30.0
FAMILY = "sleep 1000 & echo up; wait"  # a process with a child
PARENT = """
import asyncio, sys
from prover.lean import process
async def main():
    command = process.Command(("/bin/sh", "-c", "sleep 1000"))
    child = await process.start(command, stdout=sys.stdout.fileno())
    print("up", child.pid, flush=True)
    await child.wait()
asyncio.run(main())
"""


def shell(script: str, **env: str) -> Command:
    return Command(("/bin/sh", "-c", script), {"PATH": os.defpath, **env})


async def test_a_process_runs_to_its_end_and_both_streams_are_kept_apart() -> None:
    finished = await process.run(shell("echo out; echo err >&2; exit 3"), limits=Limits(SECONDS))
    assert (finished.returncode, finished.stdout, finished.stderr) == (3, b"out\n", b"err\n")
    assert finished.seconds < SECONDS


async def test_nothing_of_our_environment_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "secret")
    finished = await process.run(shell("env", LEAN_PATH="/x"), limits=Limits(SECONDS))
    assert b"SOME_API_KEY" not in finished.stdout
    assert b"LEAN_PATH=/x" in finished.stdout


async def test_standard_input_is_empty() -> None:
    finished = await process.run(shell("cat; echo end"), limits=Limits(SECONDS))
    assert finished.stdout == b"end\n"


async def test_a_process_that_takes_too_long_is_killed_with_its_children(tmp_path: Path) -> None:
    line = tmp_path / "line"
    os.mkfifo(line)
    held = os.open(line, os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(ProcessTimeout, match="sh did not end within 1 seconds"):
        await process.run(shell(f"exec 3>{line}; {FAMILY}"), limits=Limits(1.0))
    assert os.read(held, 1) == b""  # with a writer left this would raise BlockingIOError
    os.close(held)


async def test_a_cancelled_run_leaves_no_process_behind(tmp_path: Path) -> None:
    line = tmp_path / "line"
    os.mkfifo(line)
    running = asyncio.create_task(process.run(shell(f"exec 3>{line}; echo up >&3; sleep 1000"), limits=Limits(SECONDS)))
    with await asyncio.to_thread(line.open) as held:
        assert await asyncio.to_thread(held.readline) == "up\n"
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert held.read() == ""


async def test_children_that_outlive_their_parent_hold_the_run_until_its_limit_and_no_longer() -> None:
    # Python before 3.12 counts a process as ended when its pipes are; later ones end the run at once.
    try:
        finished = await process.run(shell("sleep 1000 & echo out"), limits=Limits(2.0))
    except ProcessTimeout:
        return
    assert finished.stdout == b"out\n"


@pytest.mark.parametrize("stream", ["", " >&2"], ids=["stdout", "stderr"])
async def test_a_process_that_prints_without_end_is_ended_at_once(stream: str) -> None:
    with pytest.raises(ProcessFlooded, match=r"^sh wrote more than 1000 bytes of output$"):
        await process.run(shell(f"cat /dev/zero{stream}"), limits=Limits(seconds=1e6, output=1000))


async def test_output_up_to_the_limit_is_kept_whole() -> None:
    finished = await process.run(shell("head -c 1000 /dev/zero"), limits=Limits(SECONDS, output=1000))
    assert finished.stdout == bytes(1000)


async def test_a_process_that_uses_up_its_processor_time_is_ended() -> None:
    with pytest.raises(ProcessTimeout, match=r"^sh used up its 1 seconds of processor time$"):
        await process.run(shell("while :; do :; done"), limits=Limits(SECONDS, processor=1))


async def test_a_process_that_ignores_the_end_of_its_processor_time_is_killed() -> None:
    with pytest.raises(ResourceExhausted, match=r"^sh was killed by the system"):
        await process.run(shell("trap '' XCPU; while :; do :; done"), limits=Limits(SECONDS, processor=1))


async def test_a_process_that_writes_a_large_file_is_ended(tmp_path: Path) -> None:
    with pytest.raises(ProcessFlooded, match=r"^sh wrote a file of more than 4096 bytes$"):
        await process.run(shell(f"exec cat /dev/zero > {tmp_path}/file"), limits=Limits(SECONDS, file=4096))
    assert (tmp_path / "file").stat().st_size == 4096


def test_a_limit_above_what_we_may_have_ourselves_is_lowered_to_that() -> None:
    leashed = process.leash(Command(("/bin/sh", "-c", "ulimit -f")), limits=Limits(1, file=1 << 30))
    finished = subprocess.run(
        ["/bin/sh", "-c", 'ulimit -f 8; exec "$@"', "sh", *leashed.argv],
        capture_output=True,
        check=True,
        timeout=SECONDS,
    )
    assert finished.stdout == b"8\n"


async def test_a_closed_pipe_ends_a_process_as_it_does_outside() -> None:
    # Python ignores the signal, and what it starts would do so too.
    finished = await process.run(shell("kill -PIPE $$; echo alive"), limits=Limits(SECONDS))
    assert (finished.returncode, finished.stdout) == (-signal.SIGPIPE, b"")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not enforce the limit")
async def test_a_process_that_wants_too_much_memory_does_not_get_it() -> None:
    greedy = Command((sys.executable, "-I", "-S", "-c", "bytearray(1 << 30)"))
    finished = await process.run(greedy, limits=Limits(SECONDS, memory=256 << 20))
    assert finished.returncode != 0
    assert b"MemoryError" in finished.stderr


async def test_no_core_is_dumped() -> None:
    finished = await process.run(shell("ulimit -c"), limits=Limits(SECONDS))
    assert finished.stdout == b"0\n"


async def test_a_program_that_is_not_there_is_told_from_one_that_fails() -> None:
    finished = await process.run(Command(("/nowhere/lean",)), limits=Limits(SECONDS))
    assert finished.not_started
    assert finished.stderr == b"/nowhere/lean: No such file or directory\n"
    assert not (await process.run(shell("exit 1"), limits=Limits(SECONDS))).not_started


async def test_a_machine_that_can_start_no_process_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ToolchainBroken, match="cannot start /bin/sh"):
        await process.start(Command(("/bin/sh",), cwd=tmp_path / "nowhere"))


async def test_ending_a_process_twice_does_no_harm() -> None:
    owned = await process.start(shell(FAMILY), stdin=PIPE)
    await process.end(owned)
    await process.end(owned)
    assert owned.returncode == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's request is Linux's")
def test_a_process_dies_with_its_parent_even_when_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline().startswith("up")
        parent.kill()
        # The child holds the same pipe: this returns when both are gone.
        assert parent.stdout.read() == ""


def test_a_process_whose_parent_died_before_the_leash_was_on_never_runs() -> None:
    stranger = 1  # never the parent of this child
    leash = [sys.executable, "-I", "-S", str(LEASH), str(stranger), "--", "/bin/echo", "ran"]
    finished = subprocess.run(leash, capture_output=True, check=False, timeout=SECONDS)
    assert (finished.returncode, finished.stdout) == (127, b"")


def test_a_question_can_be_asked_outside_and_inside_of_an_event_loop() -> None:
    async def inside() -> bytes:
        return process.run_blocking(shell("echo here"), limits=Limits(SECONDS)).stdout

    assert process.run_blocking(shell("echo here"), limits=Limits(SECONDS)).stdout == b"here\n"
    assert asyncio.run(inside()) == b"here\n"
