"""One worker: what it answers, and what it makes of a process that dies, hangs or talks nonsense."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from prover.errors import CheckTimeout, ToolchainBroken, WorkerDied
from prover.lean.hints import Severity
from prover.lean.process import Limits, run
from prover.lean.toolchain import Toolchain
from prover.lean.worker import TAIL, LeanWorker
from prover.model import Position
from tests.fakes import FakeToolchain

SOON = 20.0  # seconds for what takes milliseconds, on a machine that is busy


@pytest.fixture
async def fake() -> AsyncIterator[LeanWorker]:
    """A worker whose Lean does as the text says."""
    worker = LeanWorker(FakeToolchain())
    await worker.start()
    yield worker
    await worker.close()


async def heard(worker: LeanWorker, text: str) -> list[str]:
    return [message.text for message in (await worker.check(text, timeout=SOON)).messages]


async def death(worker: LeanWorker, text: str) -> str:
    with pytest.raises(WorkerDied) as caught:
        await worker.check(text, timeout=SOON)
    assert not worker.alive
    return str(caught.value)


async def test_a_check_returns_the_messages_of_its_own_text(fake: LeanWorker) -> None:
    assert await heard(fake, "error: one") == ["one"]
    assert await heard(fake, "error: two\nerror: three") == ["two", "three"]
    assert await heard(fake, "nothing wrong") == []
    assert fake.checks == 3


async def test_messages_about_an_older_text_are_never_returned_for_a_newer_one(fake: LeanWorker) -> None:
    assert await heard(fake, "error: old") == ["old"]
    assert await heard(fake, "error: new\nlate still about the old text") == ["new"]


async def test_goals_come_back_in_the_order_of_the_positions(fake: LeanWorker) -> None:
    check = await fake.check("a\nb", goals_at=[Position(1, 0), Position(9, 0), Position(0, 0)], timeout=SOON)
    assert check.goals == (("⊢ line 1",), None, ("⊢ line 0",))


async def test_what_the_worker_asks_us_is_answered_even_under_an_id_of_ours(fake: LeanWorker) -> None:
    assert await heard(fake, "error: one\nask") == ["one"]


async def test_a_message_of_megabytes_is_read_whole(fake: LeanWorker) -> None:
    (message,) = await heard(fake, "huge 5000000")
    assert len(message) == 5_000_000


async def test_a_text_of_megabytes_is_sent_whole(fake: LeanWorker) -> None:
    assert await heard(fake, "-- α\n" * 100_000 + "error: the end") == ["the end"]


async def test_a_worker_that_dies_is_reported_with_its_exit_code_and_last_words(fake: LeanWorker) -> None:
    assert await death(fake, "die") == "the Lean worker ended with exit code 3; it said: out of cheese"


async def test_a_worker_that_is_killed_is_reported_with_the_signal(fake: LeanWorker) -> None:
    (pid,) = await heard(fake, "pid")
    os.kill(int(pid), 9)
    assert "exit code -9" in await death(fake, "anything")


async def test_a_worker_that_dies_inside_a_message_broke_the_protocol(fake: LeanWorker) -> None:
    assert "a message ends after 10 of 500 bytes" in await death(fake, "die_inside")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (r"say Segmentation fault\n", "is no header"),
        (r"say Content-Length: 12\n\n", "is no header"),
        (r"say Content-Length: 3\r\n\r\n{{}", "is no JSON"),
        (r"say Content-Length: 999999999999\r\n\r\n", "longer than any"),
        (r"say \r\n", "is no header"),
        ("say " + "x" * 100_000, "does not end"),
        ("body [1]", "is no JSON-RPC message"),
        ('body {"method": "textDocument/publishDiagnostics", "params": {"diagnostics": 7}}', "PublishDiagnostics"),
        ('body {"method": "textDocument/publishDiagnostics"}', "PublishDiagnostics"),
    ],
)
async def test_nonsense_on_stdout_ends_the_worker_and_is_named(fake: LeanWorker, line: str, complaint: str) -> None:
    message = await death(fake, line)
    assert "broke the protocol" in message
    assert complaint in message


async def test_an_error_instead_of_an_answer_ends_the_worker(fake: LeanWorker) -> None:
    refusal = {"id": 3, "error": {"code": -32601, "message": "no such method"}}
    assert "no such method" in await death(fake, f"body {json.dumps(refusal)}")


async def test_stderr_never_stops_a_worker_and_only_its_tail_is_kept(fake: LeanWorker) -> None:
    assert await heard(fake, "error: one\nchat 200000") == ["one"]
    message = await death(fake, "die")
    assert "and no more" in message
    assert len(message) < TAIL + 200


async def test_a_check_without_answer_times_out_and_the_next_text_is_answered(fake: LeanWorker) -> None:
    with pytest.raises(CheckTimeout, match=r"no answer within 0\.05 seconds"):
        await fake.check("hang", timeout=0.05)
    assert await heard(fake, "error: one") == ["one"]


async def test_a_cancelled_check_leaves_the_worker_usable_and_its_answer_is_passed_over(
    fake: LeanWorker, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    cancelled = asyncio.create_task(fake.check(f"error: cancelled\nwait {gate}", timeout=SOON))
    writer = await asyncio.to_thread(gate.open, "wb")  # when the worker is in the middle of the check
    cancelled.cancel()
    await asyncio.wait([cancelled])
    writer.close()
    assert cancelled.cancelled()
    assert await heard(fake, "error: next") == ["next"]


async def test_a_text_with_another_header_is_refused(fake: LeanWorker) -> None:
    await fake.check("import Init\nerror: one", timeout=SOON)
    with pytest.raises(ValueError, match="keeps the header"):
        await fake.check("import Std\nerror: one", timeout=SOON)


async def test_a_text_that_is_no_unicode_is_refused_and_does_no_harm(fake: LeanWorker) -> None:
    await fake.check("", timeout=SOON)
    with pytest.raises(ValueError, match="surrogates"):
        await fake.check("error: \ud83d", timeout=SOON)
    assert await heard(fake, "error: one") == ["one"]


async def test_goals_that_are_none_of_lean_end_the_worker(fake: LeanWorker) -> None:
    with pytest.raises(WorkerDied, match="PlainGoal"):
        await fake.check('goals {"goals": 7}', goals_at=[Position(0, 0)], timeout=SOON)


async def test_closing_ends_a_deaf_worker_and_what_it_has_started(fake: LeanWorker) -> None:
    pids = [int((await heard(fake, line))[0]) for line in ("child", "pid")]
    processes = [psutil.Process(pid) for pid in pids]
    with pytest.raises(CheckTimeout):
        await fake.check("deaf", timeout=0.05)
    await fake.close()
    await fake.close()
    assert psutil.wait_procs(processes, timeout=SOON)[1] == []
    assert not fake.alive
    assert fake.memory() == 0


async def test_closing_while_a_check_waits_ends_the_check(fake: LeanWorker) -> None:
    waiting = asyncio.create_task(fake.check("hang", timeout=SOON))
    await asyncio.wait([waiting], timeout=0.05)
    await fake.close()
    with pytest.raises(WorkerDied):
        await waiting


async def test_memory_is_the_resident_size_of_the_process(fake: LeanWorker) -> None:
    await fake.check("", timeout=SOON)
    before = fake.memory()
    await fake.check(f"grow {50 << 20}", timeout=SOON)
    assert fake.memory() - before > 45 << 20


async def test_a_worker_given_up_before_its_start_leaves_no_process() -> None:
    worker = LeanWorker(FakeToolchain())
    worker.kill()
    with pytest.raises(WorkerDied, match="given up"):
        await worker.start()
    assert not worker.alive


async def test_a_lean_that_exits_at_once_says_why() -> None:
    worker = LeanWorker(FakeToolchain("exit"), header="")
    with pytest.raises(WorkerDied, match="exit code 1; it said: this Lean does not start"):
        await worker.start()


async def test_a_lean_that_does_not_exist_is_named() -> None:
    worker = LeanWorker(FakeToolchain(program="/nowhere/lean"), header="")
    with pytest.raises((WorkerDied, ToolchainBroken), match="/nowhere/lean"):
        await worker.start()


async def test_imports_that_take_too_long_are_given_up() -> None:
    worker = LeanWorker(FakeToolchain("mute"), header="import Init", start_seconds=0.05)
    with pytest.raises(CheckTimeout, match=r"imports within 0\.05 seconds"):
        await worker.start()
    await worker.close()


# The real Lean.


@pytest.fixture(scope="module")
async def lean(toolchain: Toolchain) -> AsyncIterator[LeanWorker]:
    """A warm worker of the installed Lean."""
    worker = LeanWorker(toolchain, header="")
    await worker.start()
    yield worker
    await worker.close()


async def test_lean_accepts_a_proof_and_finds_fault_with_a_wrong_one(lean: LeanWorker) -> None:
    right = await lean.check("theorem t (x y : Nat) (h : x < y) : x + 1 ≤ y := by omega", timeout=60)
    wrong = await lean.check("-- π\ntheorem t (α : Nat) : α + 1 = α := by\n  omega\n", timeout=60)
    assert right.messages == ()
    (error,) = wrong.errors
    assert error.text.startswith("omega could not prove the goal")
    assert (error.start, error.end) == (Position(2, 2), Position(2, 7))


async def test_lean_warns_of_a_hole_where_it_is(lean: LeanWorker) -> None:
    check = await lean.check("\n/-- 𝔸 -/ theorem 𝔸 :\n  2 + 2 = 5 := sorry", timeout=60)
    (warning,) = check.messages
    assert warning.severity is Severity.WARNING
    assert warning.start == Position(1, 18)  # 𝔸 is two UTF-16 code units
    assert check.errors == ()


async def test_lean_tells_what_it_was_asked_to_print(lean: LeanWorker) -> None:
    check = await lean.check("#check Nat.add_comm", timeout=60)
    assert [(m.severity, m.text) for m in check.messages] == [
        (Severity.INFORMATION, "Nat.add_comm (n m : Nat) : n + m = m + n")
    ]


async def test_lean_shows_the_goals_inside_a_proof(lean: LeanWorker) -> None:
    text = "theorem t (p q : Prop) (a : p) (b : q) : p ∧ q := by\n  constructor\n  · exact a\n  · exact b\n"
    places = [Position(1, 2), Position(2, 4), Position(3, 11), Position(0, 3)]
    check = await lean.check(text, goals_at=places, timeout=60)
    before, left, after, outside = check.goals
    assert before == ("p q : Prop\na : p\nb : q\n⊢ p ∧ q",)
    assert left == ("case left\np q : Prop\na : p\nb : q\n⊢ p",)
    assert after == ()
    assert outside is None


async def test_a_range_of_several_lines_is_whole(lean: LeanWorker) -> None:
    check = await lean.check("example : 1 = 2 := by\n  skip\n  skip\n", timeout=60)
    (error,) = check.errors
    assert (error.start.line, error.end.line) == (0, 2)


DIVERGES = "set_option maxRecDepth 1000000 in\ntheorem t : (List.range 20000).foldl (· + ·) 0 = 1 := by decide\n"


async def test_a_proof_that_takes_for_ever_times_out_and_lean_lets_go_of_it(lean: LeanWorker) -> None:
    with pytest.raises(CheckTimeout):
        await lean.check(DIVERGES, timeout=0.5)
    assert (await lean.check("theorem t : 1 = 1 := rfl", timeout=60)).messages == ()


async def test_cancelling_a_check_makes_lean_let_go_of_it(lean: LeanWorker) -> None:
    diverging = asyncio.create_task(lean.check(DIVERGES, timeout=600))
    await asyncio.wait([diverging], timeout=0.5)
    diverging.cancel()
    await asyncio.wait([diverging])
    assert (await lean.check("theorem t : 1 = 1 := rfl", timeout=60)).messages == ()


async def test_a_worker_knows_the_modules_on_its_path(toolchain: Toolchain, tmp_path: Path) -> None:
    source = tmp_path / "Mine.lean"
    source.write_text("module\n\npublic theorem mine : 2 + 2 = 4 := rfl\n")
    words = ("-R", tmp_path, "-o", tmp_path / "Mine.olean", source)
    compiled = await run(toolchain.command(words, writes=[tmp_path], cwd=tmp_path), limits=Limits(seconds=120))
    assert compiled.returncode == 0, compiled.stderr
    worker = LeanWorker(toolchain, lean_path=[tmp_path])
    await worker.start()
    try:
        assert await heard(worker, "module\nimport Mine\n\ntheorem t : 2 + 2 = 4 := mine\n") == []
    finally:
        await worker.close()
