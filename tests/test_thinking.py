"""Whole runs with an agent that asks a model: the real command line, SDK, journal and Lean, and a server of ours."""

import asyncio
import json
import os
import signal
import socket
import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from prover import run_cli
from prover.errors import AgentError, ConfigError
from prover.example import create
from prover.journal import Journal, What
from prover.lean.toolchain import Toolchain
from tests.fake_anthropic import KEY, Broken, FakeAnthropic
from tests.mathematician import WRONG, Mathematician
from tests.test_story import git

SOLUTIONS = Path(__file__).parent / "data" / "solutions" / "worked_example.toml"
OPEN = """
def double (n : Nat) : Nat := n + n

/-- Twice as much, and once more. -/
theorem double_succ (n : Nat) : double (n + 1) = double n + 2 := by
  sorry
"""
PROOFS = {"double_succ": ":= by\n  unfold double\n  omega"}


Make = Callable[[Mapping[str, str]], Path]
YES, COULD_NOT = 0, 2


async def prover(*words: str | Path, key: str = KEY, kill: asyncio.Event | None = None) -> tuple[int, str, str]:
    """A command of ours in a process of its own: its exit code, and what it said. It is killed at the event's word."""
    environ = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from prover.cli import main; main()", *map(str, words)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environ | {"COLUMNS": "200"} | ({"ANTHROPIC_API_KEY": key} if key else {}),
    )
    talk = asyncio.create_task(process.communicate())
    if kill is not None:
        await kill.wait()
        process.kill()
    out, err = await talk
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


def events(root: Path, what: What) -> list[Mapping[str, Any]]:
    """The data of the run's events of a kind."""
    with Journal.read(root / ".prover" / "runs" / "run-1" / "journal.sqlite") as journal:
        return [event.data for event in journal.events() if event.what is what]


def by(server: FakeAnthropic, *more: str) -> list[str]:
    """The options of a run whose refiner asks the server."""
    return ["--agent", "refiner", "--model", f"anthropic:claude-opus-4-5@{server.url}", "--workers", "1", *more]


@pytest.fixture
def root(project: Make, toolchain: Toolchain) -> Path:
    root = project({"M": OPEN})
    # No decoys, no index of the library, which takes a minute, and no repair: here it is about the conversation.
    (root / "prover.toml").write_text("canaries = 0\nsearch = false\nrepair = false\n")
    git(root, "add", "prover.toml")
    git(root, "-c", "user.name=User", "-c", "user.email=user@localhost", "commit", "-q", "-m", "settings")
    return root


async def test_a_refiner_looks_errs_mends_and_its_proof_is_merged(root: Path) -> None:
    (root / ".env").write_text(f"ANTHROPIC_API_KEY={KEY}\n")
    async with FakeAnthropic(answer=Mathematician(PROOFS)) as server:
        code, out, err = await prover("run", root, *by(server, "--limit", "dollars=2"), key="")
    assert code == YES, out + err
    files = [file for file in root.rglob("*") if file.is_file() and file.name != ".env"]
    assert len(files) > 10
    assert not [file for file in files if KEY.encode() in file.read_bytes()]
    first, second, third = events(root, What.SPENT)
    # What the first request has put into the cache, the second one reads, and so on.
    assert first["usage"]["cache_write"] > 0
    assert second["usage"]["cache_read"] == first["usage"]["cache_write"] + first["usage"]["cache_read"]
    assert third["usage"]["cache_read"] > second["usage"]["cache_read"]
    assert "n + 1" in str(server.requests[1]["messages"][-1])  # the goal, from Lean
    assert WRONG in str(server.requests[2]["messages"])
    assert "Lean does not accept this proof" in str(server.requests[2]["messages"][-1])
    paid = sum(call["dollars"] for call in (first, second, third))
    assert paid == pytest.approx(server.bill.dollars)
    assert [data["agent"] for data in events(root, What.MERGED)] == ["refiner"]

    code, out, _ = await prover("report", root, "--json", "--no-graph")
    (work,) = json.loads(out)["agents"]
    assert (work["proved"], work["spent"]["tokens"]) == (1, sum(call["tokens"] for call in (first, second, third)))
    code, out, _ = await prover("show", "1", "--project", root)
    assert code == YES
    for seen in ("You are an expert in Lean 4", "Let me see the goal.", WRONG, "That was no tactic", "proved"):
        assert seen in out


async def test_after_a_kill_the_conversation_goes_on_and_only_the_call_in_flight_is_paid_twice(root: Path) -> None:
    async with FakeAnthropic(answer=Mathematician(PROOFS), faults=[None, Broken("stall")]) as server:
        killed, _, _ = await prover("run", root, *by(server), kill=server.stalled)
        assert killed == -signal.SIGKILL
        # Nothing has to be said again: the run knows whom it has asked.
        code, _, err = await prover("resume", root, "--workers", "1", key="sk-ant-wrong")
        assert (code, "401" in err) == (COULD_NOT, True)
        assert not events(root, What.RESUMED)
        code, out, err = await prover("resume", root, "--workers", "1")
        assert code == YES, out + err
        asked = [len(request["messages"]) for request in server.requests]
    assert asked == [1, 3, 3, 5]  # the first answer is in the journal, and is not asked for again
    assert [data["attempt"] for data in events(root, What.ASSIGNED)] == [1]
    # What was in flight is charged the most that it can have cost, and then once more as it is answered.
    charged = [(data["number"], data["usage"] is None) for data in events(root, What.SPENT)]
    assert charged == [(0, False), (1, True), (1, False), (2, False)]


def lonely() -> str:
    """A port of this machine on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.parametrize(
    ("key", "model", "says"),
    [
        ("", "claude-opus-4-5@{url}", "there is no key"),
        ("sk-ant-wrong", "claude-opus-4-5@{url}", "401"),
        (KEY, "claude-nonesuch@{url}", "claude-nonesuch"),
        (KEY, "claude-opus-4-5@{down}", "cannot be reached"),
    ],
)
async def test_a_model_that_cannot_be_asked_is_said_in_one_line_and_nothing_has_begun(
    root: Path, key: str, model: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", key)
    async with FakeAnthropic() as server:
        name = "anthropic:" + model.format(url=server.url, down=lonely())
        with pytest.raises(AgentError, match=says) as caught:
            await asyncio.to_thread(run_cli.run, root, model=name)
    assert "\n" not in f"{caught.value}{caught.value.remedy}"
    assert caught.value.remedy
    assert not key or key not in f"{caught.value}{caught.value.remedy}"
    assert not list((root / ".prover").glob("runs/*/journal.sqlite"))
    assert server.requests == []


def test_a_limit_on_money_wants_to_know_the_price(root: Path) -> None:
    name = "vllm:someones/prover@http://127.0.0.1:9/v1"
    with pytest.raises(ConfigError, match="the price of vllm:someones/prover") as caught:
        run_cli.run(root, model=name, limit=["dollars=1"])
    assert f'prices."{name}"' in caught.value.remedy


@pytest.mark.slow
@pytest.mark.timeout(1800)
async def test_on_the_worked_example_the_refiner_proves_what_automation_cannot(tmp_path: Path) -> None:
    root = create(tmp_path / "text")
    solutions: dict[str, str] = tomllib.loads(SOLUTIONS.read_text(encoding="utf-8"))
    mathematician = Mathematician({name.removeprefix("Numbers."): proof for name, proof in solutions.items()})
    async with FakeAnthropic(answer=mathematician) as server:
        code, out, err = await prover("run", root, "--agent", "automation", *by(server, "--limit", "dollars=20"))
    agents = {data["declaration"]: data["agent"] for data in events(root, What.MERGED)}
    hard = {name for name, agent in agents.items() if agent == "refiner"}
    print(out, err, len(agents), sorted(hard), sep="\n")
    assert code == YES
    assert {"Numbers.binomial_theorem", "Numbers.vandermonde", "Numbers.fermat"} <= hard
    second = [data["usage"] for data in events(root, What.SPENT) if data["number"] == 1]
    assert len(second) >= len(hard)
    assert all(usage["cache_read"] > 0 for usage in second)
    print((await prover("report", root, "--no-graph"))[1])
