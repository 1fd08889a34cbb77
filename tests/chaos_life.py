"""One life of a run's process, which may be told at what moment it is to die: `python -m tests.chaos_life`.

Starts or resumes the run of a project, as `prover run` does, with the answers of a script, and prints each event as a
line of JSON. A doom is `event:merged:after:2` (the second time that this event has been written), the same with
`before`, or `git:advance:after:1` (that call of the repository has returned, and nobody knows); the process then kills
itself with SIGKILL. With `--stub` it is the project of `benchmarks.perf.stub`, without Lean.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from agents.base import Bench, GaveUp
from agents.scripted import Scripted
from prover import running, runs
from prover.config import Config
from prover.errors import ProverError
from prover.git.repository import Repository
from prover.journal import Event, Journal, What
from prover.lean.build import nobody
from prover.model import Attempt, Task
from prover.running import Crew
from prover.team import Team
from tests.stub_run import stub_crew

GIT = ("start", "advance", "add_worktree", "remove_worktree", "reset", "commit", "tree", "sweep")
WORKERS = 4


def dooms() -> list[str]:
    """Every kind of moment at which a life can end, the first time that it comes."""
    written = [f"event:{what}:{when}:1" for what in What for when in ("before", "after")]
    return written + [f"git:{call}:{when}:1" for call in GIT for when in ("before", "after")]


class Careful(Scripted):
    """Asks Lean before it proposes, so that there are workers to be killed. What Lean says is not its concern."""

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        answer = await super().propose(task, bench)
        if isinstance(answer, Attempt):
            await bench.try_bodies([answer.body])
        return answer


def doom(text: str) -> None:
    """Arranges for the end, before or after the so manieth event of a kind or call of git; `*` is any."""
    kind, name, when, count = text.split(":")
    left = int(count)

    def pass_(what: str, now: str) -> None:
        nonlocal left
        left -= now == when
        if now == when and left == 0:
            print(f"dies {when} {kind}:{what}", file=sys.stderr, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)

    for call in ("extend",) if kind == "event" else GIT if name == "*" else (name,):
        owner = Journal if kind == "event" else Repository
        setattr(owner, call, _doomed(getattr(owner, call), call, name, pass_))


def _doomed(whole: Callable[..., Any], call: str, name: str, pass_: Callable[[str, str], None]) -> Callable[..., Any]:
    @functools.wraps(whole)
    def doomed(self: object, *arguments: Any, **named: Any) -> Any:
        seen = [str(what) for what, _ in arguments[0]] if call == "extend" else [call]
        meant = [what for what in seen if name in (what, "*")][:1]
        for what in meant:
            pass_(what, "before")
        result = whole(self, *arguments, **named)
        for what in meant:
            pass_(what, "after")
        return result

    return doomed


def show(event: Event) -> None:
    print(json.dumps(event.as_json()), flush=True)


async def live(crew: Crew) -> None:
    """As `prover run`: goes on with the run if it was left before its end."""
    left = runs.abandoned(crew.repository, crew.repository.resolve("HEAD"))
    await (running.resume(crew, left.run) if left else running.run(crew))


def crew_of(given: argparse.Namespace) -> Crew:
    scripted = (Careful if given.careful else Scripted).from_file(given.script)
    if given.stub:
        return stub_crew(given.root, [scripted], show, workers=WORKERS)
    config = Config(workers=2 if given.careful else WORKERS, spares=0, canaries=1)
    return Crew.of(given.root, config, Team({scripted.name: scripted}), [show], nobody)


def main(words: Iterable[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("script", type=Path)
    parser.add_argument("--doom", default="")
    parser.add_argument("--stub", action="store_true")
    parser.add_argument("--careful", action="store_true")
    given = parser.parse_args(list(words))
    if given.doom:
        doom(given.doom)
    try:
        asyncio.run(live(crew_of(given)))
    except ProverError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
