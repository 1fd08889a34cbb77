"""The pool: every check is answered by somebody, there are never too many processes, and none is left."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from prover.errors import CheckTimeout, ProverError, WorkerDied
from prover.lean.crew import Replaced
from prover.lean.pool import TRIES, LeanPool, WorkerLimits
from tests.fakes import FAKE_LEAN, FakeToolchain

SOON = 20.0
LIMITS = WorkerLimits(seconds=SOON, start=SOON)


@pytest.fixture
async def pool() -> AsyncIterator[LeanPool]:
    """Two fake workers and a spare."""
    async with LeanPool(FakeToolchain(), size=2, limits=LIMITS) as pool:
        yield pool


async def heard(pool: LeanPool, text: str) -> str:
    return " ".join(message.text for message in (await pool.check(text)).messages)


def children() -> list[psutil.Process]:
    """The fake Leans that are alive."""
    found = []
    for process in psutil.Process().children():
        try:
            if str(FAKE_LEAN) in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


async def test_each_of_many_checks_gets_its_own_answer(pool: LeanPool) -> None:
    answers = await asyncio.gather(*(heard(pool, f"error: {number}") for number in range(100)))
    assert answers == [str(number) for number in range(100)]
    assert pool.statistics().checks == 100


async def test_no_more_workers_answer_than_the_pool_has_and_no_more_run_than_with_the_spare(pool: LeanPool) -> None:
    texts = [f"import {'ABC'[number % 3]}\npid" for number in range(30)]
    running: list[int] = []

    async def check(text: str) -> str:
        answer = await heard(pool, text)
        running.append(len(children()))
        return answer

    await asyncio.gather(*map(check, texts))
    assert max(running) <= 3


async def test_checks_are_answered_in_the_order_in_which_they_came() -> None:
    done: list[int] = []
    async with LeanPool(FakeToolchain(), size=1, limits=LIMITS) as pool:

        async def check(number: int) -> None:
            await pool.check(f"error: {number}")
            done.append(number)

        await asyncio.gather(*map(check, range(20)))
    assert done == list(range(20))


async def test_a_check_waits_for_a_worker_but_its_limit_does_not_run_meanwhile(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    async with LeanPool(FakeToolchain(), size=1, limits=LIMITS) as pool:
        first = asyncio.create_task(pool.check(f"wait {gate}"))
        writer = await asyncio.to_thread(gate.open, "wb")
        second = asyncio.create_task(pool.check("error: second", timeout=1))
        await asyncio.wait([second], timeout=1.2)
        assert not second.done()
        writer.close()
        await first
        assert (await second).seconds < 1


async def test_a_dead_worker_is_replaced_and_its_check_is_answered_by_another(pool: LeanPool, tmp_path: Path) -> None:
    before = await heard(pool, "pid")
    answer = await heard(pool, f"die_once {tmp_path / 'died'}\npid")
    assert answer.isdigit()
    assert answer != before
    assert pool.statistics().replaced == {Replaced.DIED: 1}
    assert pool.statistics().lost == 0


async def test_a_worker_killed_while_idle_costs_no_check(pool: LeanPool) -> None:
    pid = await heard(pool, "pid")
    for _ in range(TRIES + 1):
        os.kill(int(pid), signal.SIGKILL)
        pid = await heard(pool, "pid")
    assert pool.statistics().lost == 0


async def test_a_check_that_kills_every_worker_is_given_up_and_the_pool_goes_on(pool: LeanPool) -> None:
    with pytest.raises(WorkerDied, match=r"3 Lean workers in a row died.*out of cheese"):
        await pool.check("die")
    assert await heard(pool, "error: still here") == "still here"
    assert pool.statistics().replaced == {Replaced.DIED: TRIES}
    assert pool.statistics().lost == 1


async def test_a_worker_that_times_out_is_replaced_and_its_check_is_not_repeated(pool: LeanPool) -> None:
    before = await heard(pool, "pid")
    with pytest.raises(CheckTimeout):
        await pool.check("hang", timeout=0.05)
    assert await heard(pool, "pid") != before
    assert pool.statistics().replaced == {Replaced.STUCK: 1}


async def test_a_worker_that_grows_fat_is_replaced_after_its_answer() -> None:
    limits = WorkerLimits(seconds=SOON, memory=100 << 20, start=SOON)
    async with LeanPool(FakeToolchain(), size=1, limits=limits) as pool:
        before = await heard(pool, "pid")
        assert await heard(pool, "pid") == before
        assert await heard(pool, f"grow {120 << 20}\npid") == before
        assert await heard(pool, "pid") != before
        assert pool.statistics().replaced == {Replaced.FAT: 1}


async def test_a_worker_is_replaced_after_so_many_checks() -> None:
    async with LeanPool(FakeToolchain(), size=1, limits=WorkerLimits(seconds=SOON, checks=3, start=SOON)) as pool:
        pids = [await heard(pool, "pid") for _ in range(7)]
    assert [len(set(pids[start : start + 3])) for start in (0, 3, 6)] == [1, 1, 1]
    assert len(set(pids)) == 3
    assert pool.statistics().replaced == {Replaced.WORN: 2}


async def test_texts_with_the_same_header_share_a_worker_and_others_do_not(pool: LeanPool) -> None:
    first = [await heard(pool, f"import A\n-- {number}\npid") for number in range(3)]
    other = await heard(pool, "import B\npid")
    assert len(set(first)) == 1
    assert other not in first
    assert await heard(pool, "import A\npid") == first[0]


async def test_the_header_that_was_used_longest_ago_makes_room(pool: LeanPool) -> None:
    a, b, c = [await heard(pool, f"import {name}\npid") for name in "ABC"]
    assert await heard(pool, "import A\npid") == a
    await heard(pool, "import D\npid")
    assert pool.statistics().replaced == {Replaced.HEADER: 1}
    assert await heard(pool, "import A\npid") == a
    assert await heard(pool, "import C\npid") == c
    assert await heard(pool, "import B\npid") != b


async def test_without_spares_a_worker_with_another_header_still_makes_room() -> None:
    async with LeanPool(FakeToolchain(), size=1, spares=0, limits=LIMITS) as pool:
        answers = await asyncio.gather(*(heard(pool, f"import {name}\nerror: {name}") for name in "ABAB"))
    assert answers == ["A", "B", "A", "B"]


async def test_a_warm_spare_has_its_imports_already_and_yields_to_other_headers() -> None:
    async with LeanPool(FakeToolchain(), size=1, limits=LIMITS, warm="import A") as pool:
        assert await heard(pool, "import A\nversion") == "2"  # the first version was the header alone
        assert await heard(pool, "import B\nerror: other") == "other"
        assert await heard(pool, "import C\nerror: third") == "third"
        assert len(children()) <= 2


async def test_a_cancelled_check_leaves_its_worker_in_service(pool: LeanPool, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    before = await heard(pool, "pid")
    check = asyncio.create_task(pool.check(f"wait {gate}\nhang"))
    writer = await asyncio.to_thread(gate.open, "wb")
    check.cancel()
    await asyncio.wait([check])
    writer.close()
    assert check.cancelled()
    answers = await asyncio.gather(*(heard(pool, "pid") for _ in range(8)))
    assert before in answers
    assert pool.statistics().replaced == {}


async def test_cancelling_a_check_that_waits_its_turn_does_no_harm(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    async with LeanPool(FakeToolchain(), size=1, limits=LIMITS) as pool:
        first = asyncio.create_task(pool.check(f"wait {gate}"))
        writer = await asyncio.to_thread(gate.open, "wb")
        second, third = (asyncio.create_task(heard(pool, f"error: {name}")) for name in ("second", "third"))
        await asyncio.wait([second, third], timeout=0)
        second.cancel()
        writer.close()
        await first
        assert await third == "third"
        assert second.cancelled()


async def test_a_check_cancelled_at_the_moment_it_gets_a_worker_gives_it_back() -> None:
    async with LeanPool(FakeToolchain(), size=1, limits=LIMITS) as pool:

        async def first() -> None:
            await pool.check("error: first")
            second.cancel()  # the worker has been handed on, and nobody else has run since

        begun = asyncio.create_task(first())
        second = asyncio.create_task(heard(pool, "error: second"))
        await asyncio.wait([begun, second])
        assert second.cancelled()
        assert await heard(pool, "error: third") == "third"
        assert pool.statistics().replaced == {}


@pytest.mark.parametrize("toolchain", [FakeToolchain("exit"), FakeToolchain(program="/nowhere/lean")])
@pytest.mark.parametrize("warm", [None, ""])
async def test_a_lean_that_does_not_start_is_an_error_and_not_a_wait(
    toolchain: FakeToolchain, warm: str | None
) -> None:
    async with LeanPool(toolchain, size=2, limits=LIMITS, warm=warm) as pool:
        with pytest.raises(ProverError, match=r"does not start|/nowhere/lean"):
            await pool.check("error: one")


async def test_the_owners_exception_comes_out_as_it_is_and_no_process_is_left() -> None:
    async def work() -> None:
        async with LeanPool(FakeToolchain(), size=2, limits=LIMITS) as pool:
            await pool.check("")
            assert children()
            raise KeyError("the owner's own")

    with pytest.raises(KeyError, match="the owner's own"):
        await work()
    assert children() == []


async def test_cancelling_the_owner_ends_everything_also_what_is_still_starting() -> None:
    opened = asyncio.Event()

    async def work() -> None:
        async with LeanPool(FakeToolchain("mute"), size=2, spares=2, limits=LIMITS, warm="") as pool:
            opened.set()
            await pool.check("")

    owner = asyncio.create_task(work())
    await opened.wait()
    owner.cancel()
    await asyncio.wait([owner])
    assert owner.cancelled()
    assert children() == []


async def test_closing_the_pool_ends_the_checks_that_wait_and_those_that_run() -> None:
    async with LeanPool(FakeToolchain(), size=1, limits=LIMITS) as pool:
        checks = [asyncio.create_task(pool.check("hang")) for _ in range(3)]
        await asyncio.wait(checks, timeout=0.2)
    outcomes = await asyncio.gather(*checks, return_exceptions=True)
    assert all(isinstance(outcome, RuntimeError) and "closed" in str(outcome) for outcome in outcomes)
    with pytest.raises(RuntimeError, match="closed"):
        await pool.check("")
    assert children() == []


OWNER = """
import asyncio
import signal
from prover.lean.pool import LeanPool, WorkerLimits
from tests.fakes import FakeToolchain

async def main():
    async with LeanPool(FakeToolchain(), size=2, limits=WorkerLimits()) as pool:
        pids = await asyncio.gather(*(pool.check("pid") for _ in range(2)))
        print("ready", flush=True)
        await pool.check("deaf")

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it from the start
asyncio.run(main())
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_no_worker_outlives_a_program_that_is_killed_or_interrupted(how: signal.Signals) -> None:
    root = Path(__file__).parent.parent
    owner = subprocess.Popen([sys.executable, "-c", OWNER], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert owner.stdout is not None
    try:
        assert owner.stdout.readline() == b"ready\n"
        workers = psutil.Process(owner.pid).children(recursive=True)
        owner.send_signal(how)
        owner.communicate(timeout=SOON)
    finally:
        owner.kill()
    assert len(workers) == 3
    assert psutil.wait_procs(workers, timeout=SOON)[1] == []


@pytest.mark.parametrize(("size", "spares"), [(0, 1), (1, -1)])
def test_a_pool_without_workers_is_refused(size: int, spares: int) -> None:
    with pytest.raises(ValueError, match="at least one worker"):
        LeanPool(FakeToolchain(), size=size, spares=spares)
