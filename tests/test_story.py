"""The one path, walked once: an open declaration becomes a task, an attempt, a verdict, a merge. Read this first."""

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from agents.scripted import Scripted
from prover import running
from prover.config import Config
from prover.journal import Event, What
from prover.lean.toolchain import Toolchain
from prover.project import Survey
from prover.running import Crew
from prover.state import State
from prover.team import Team

SOURCE = """
/-- Twice a number. -/
def double (n : Nat) : Nat := n + n

theorem double_zero : double 0 = 0 := by
  sorry

/-- Complete, but it rests on the theorem above. -/
theorem double_zero_add (n : Nat) : double 0 + n = n := by
  rw [double_zero, Nat.zero_add]
"""


async def walk(root: Path, script: dict[str, list[str]]) -> tuple[State, Survey, list[Event]]:
    """A run with scripted answers and one worker."""
    events: list[Event] = []
    config, team = Config(workers=1, spares=0, canaries=0), Team({"scripted": Scripted(script)})
    crew = Crew.of(root, config, team, [events.append], progress=lambda ready, total: None)
    finished = await running.run(crew, name="story")
    return finished.record.state, finished.survey, events


def git(root: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True, timeout=60).stdout


async def test_an_open_declaration_is_proved_and_merged(
    toolchain: Toolchain, project: Callable[[Mapping[str, str]], Path]
) -> None:
    root = project({"Double": SOURCE})

    state, survey, events = await walk(root, {"double_zero": [":= rfl"]})

    # Every transition is one event, in the order of the path.
    path = [What.STARTED, What.SURVEYED, What.ASSIGNED, What.PROPOSED, What.JUDGED, What.MERGED, What.BUILT, What.ENDED]
    assert [event.what for event in events] == path
    surveyed, assigned, proposed, judged, merged, built = (event.data for event in events[1:7])
    assert surveyed == {"declarations": 3, "theorems": 2, "open": ["double_zero", "double_zero_add"]}
    assert assigned["declaration"] == "double_zero"
    assert proposed["body"] == ":= rfl"
    assert (judged["outcome"], judged["reasons"]) == ("proved", [])
    # It is accepted, as a commit, before the branch moves. What rested on the hole is closed with it.
    assert judged["commit"] == merged["commit"] == git(root, "rev-parse", "prover/story").strip()
    assert merged["closed"] == ["double_zero", "double_zero_add"]
    assert (built["attempts"], built["builds"], built["merged"]) == (1, 1, 1)
    assert state.counts() == {"declarations": 3, "theorems": 2, "open": 0, "proved": 2, "merged": 1}
    assert survey.graph.open() == frozenset()

    # The proof is a commit on the run's branch, made by the agent, with the verdict in it.
    assert git(root, "log", "--format=%s", "main..prover/story") == "Prove double_zero\n"
    trailers = git(root, "log", "-1", "--format=%an %(trailers:unfold,separator=%x2C)", "prover/story").strip()
    assert trailers == "scripted Declaration: double_zero,Agent: scripted,Attempt: 1,Verdict: proved"
    assert "theorem double_zero : double 0 = 0 := rfl" in git(root, "show", "prover/story:Double.lean")

    # The user's branch and checkout are as they were, and nothing is left behind.
    assert "sorry" in (root / "Double.lean").read_text()
    assert git(root, "status", "--porcelain") == ""
    assert git(root, "worktree", "list").count("\n") == 1
