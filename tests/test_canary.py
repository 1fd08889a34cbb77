"""Canaries on the real Lean: an honest judge refuses them and the run goes on; a credulous one is found out."""

import asyncio
import io
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from agents.base import Bench, GaveUp
from agents.scripted import Scripted
from prover import canary, cli, running
from prover.canary import ENDINGS, FALSEHOODS, Canaries, Decoy
from prover.config import Config
from prover.display import Display, ending, summary
from prover.errors import Unsound
from prover.git.repository import Repository
from prover.journal import Event, What
from prover.judge.gate import Gate, Judgement
from prover.lean.build import Build, Builder
from prover.model import Attempt, Outcome, Task, Verdict
from prover.project import Survey, Surveyor
from prover.running import Crew
from prover.runs import journal_path
from prover.state import State, fold
from prover.team import Team
from tests.test_story import git

Make = Callable[[Mapping[str, str]], Path]

TRUE = "theorem easy (n : Nat) : n + 0 = n := by\n  sorry\n"
FALSE = "theorem wrong (n : Nat) : n < 5 := by\n  sorry\n"
REFUTATION = ":= fun h => absurd (h 5) (by decide)"


def everywhere(theorem: str, body: str) -> dict[str, list[str]]:
    """The script of an agent that answers with `body` to whatever decoy stands behind the theorem."""
    return {theorem + ending: [body] for ending in ENDINGS}


async def run(
    root: Path, agent: Scripted, watch: Callable[[Event], None], workers: int = 1, name: str = "run"
) -> State:
    return (await running.run(crew_of(root, agent, watch, workers=workers), name=name)).record.state


def crew_of(root: Path, agent: Scripted, *watchers: Callable[[Event], None], workers: int = 1) -> Crew:
    config = Config(workers=workers, spares=0)
    return Crew.of(root, config, Team({agent.name: agent}), watchers, progress=lambda ready, total: None)


class Credulous(Gate):
    """A judge that calls `believed` proved, or everything; such a one stands nowhere but here."""

    believed: Collection[str] | None = None

    def glance(self, attempt: Attempt) -> Verdict | None:
        return None

    async def judge(
        self, names: Collection[str], before: Build, root: Path, *, free: bool = False, splits: Collection[str] = ()
    ) -> Judgement:
        judged = await super().judge(names, before, root, free=free, splits=splits)
        believed = names if self.believed is None else set(names) & set(self.believed)
        proved = Verdict(Outcome.PROVED, explanation="It sounds right.")
        return replace(judged, verdicts={**judged.verdicts, **dict.fromkeys(believed, proved)})


class BelievesWrong(Credulous):
    """A judge that can be told one falsehood."""

    believed = ("wrong",)


# Whole runs


async def test_an_honest_judge_refuses_the_decoys_and_the_run_merges_what_is_proved(project: Make) -> None:
    root, events = project({"A": TRUE}), list[Event]()
    script = {"easy": [":= by simp"], **everywhere("easy", ":= by omega")}

    state = await run(root, Scripted(script), events.append)

    assert set(state.merged) == {"easy"}
    assert list(state.canaries.values()) == ["rejected", "rejected"]
    assert state.refuted == {}
    false, negation = (event.data for event in events if event.what is What.CANARY)
    assert false["negates"] == ""
    assert false["body"] == negation["body"] == ":= by omega"
    assert (negation["negates"], negation["statement"]) == ("easy", ": ¬ (∀ (n : Nat), n + 0 = n)")
    # They were never on the branch, and nothing is left of their copy.
    assert git(root, "log", "--format=%s", "main..prover/run") == "Prove easy\n"
    assert git(root, "show", "prover/run:A.lean").count("theorem") == 1
    assert git(root, "worktree", "list").count("\n") == 1


async def test_a_judge_that_calls_a_decoy_proved_ends_the_run_and_nothing_is_merged(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "Gate", Credulous)
    root, events = project({"A": TRUE}), list[Event]()
    script = {"easy": [":= by simp"], **everywhere("easy", ":= by sorry")}

    with pytest.raises(Unsound, match=r"calls easy_\w+ proved, but it is false for ") as raised:
        await run(root, Scripted(script), events.append)

    assert "nothing more is merged" in raised.value.remedy
    assert git(root, "rev-parse", "prover/run") == git(root, "rev-parse", "main")
    assert [event.what for event in events if event.what in (What.JUDGED, What.MERGED)] == []
    # The journal says which one, and with which proof.
    last = events[-2]
    assert (last.what, last.data["outcome"], last.data["body"]) == (What.CANARY, "proved", ":= by sorry")
    assert events[-1].what is What.UNSOUND
    # Nobody goes on with such a run.
    with pytest.raises(Unsound, match=r"calls easy_\w+ proved"):
        await running.resume(crew_of(root, Scripted(script)), "run")
    assert str(journal_path(Repository.of(root), "run")) in raised.value.remedy
    assert git(root, "worktree", "list").count("\n") == 1


def test_the_command_ends_with_2_and_says_where_the_journal_is(
    project: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(running, "Gate", Credulous)
    root, script = project({"A": TRUE}), tmp_path / "script.toml"
    script.write_text("\n".join(f'{name} = ":= by sorry"' for name in everywhere("easy", "")))
    monkeypatch.setattr(sys, "argv", ["prover", "run", str(root), "--script", str(script), "--agent", "scripted"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("error: the judge calls easy_")
    assert said[1].startswith("   do: nothing more is merged; please report it with the journal at ")


async def test_a_negation_that_is_proved_is_news_and_the_run_goes_on(project: Make) -> None:
    root = project({"A": FALSE + TRUE})
    plans = {name: canary.plan(await survey_of(root), 2, name) for name in map(str, range(20))}
    name, negation = next((name, second.name) for name, (_, second) in plans.items() if second.negates == "wrong")
    script = {"wrong": [":= by omega"], "easy": [":= by simp"], negation: [REFUTATION]}
    state = await run(root, Scripted(script), lambda event: None, name=name)
    assert state.refuted == {"wrong": negation}
    assert set(state.merged) == {"easy"}
    assert state.open == {"wrong"}


class Patient(Scripted):
    """Keeps the answers to which `waits` applies until something has happened."""

    def __init__(self, negation: str, waits: Callable[[str], bool], until: Callable[[Event], bool]) -> None:
        super().__init__({"wrong": [":= by sorry"], negation: [REFUTATION]})
        self.waits, self.until, self.happened = waits, until, asyncio.Event()
        self.events: list[Event] = []

    def watch(self, event: Event) -> None:
        self.events.append(event)
        if self.until(event):
            self.happened.set()

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        if self.waits(task.declaration.name):
            await self.happened.wait()
        return await super().propose(task, bench)


async def test_a_theorem_whose_negation_is_proved_is_not_merged_whatever_the_judge_says(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "Gate", BelievesWrong)
    root = project({"A": FALSE})
    _, negation = canary.plan(await survey_of(root), 2, "run")
    agent = Patient(negation.name, lambda name: name == "wrong", lambda event: event.data.get("outcome") == "proved")
    with pytest.raises(Unsound, match=r"calls wrong_\w+ proved, and so is wrong, which it negates"):
        await run(root, agent, agent.watch, workers=2)
    last = agent.events[-2]
    assert (last.what, last.data["declaration"], last.data["outcome"]) == (What.JUDGED, "wrong", "proved")
    assert git(root, "rev-parse", "prover/run") == git(root, "rev-parse", "main")


async def test_a_negation_that_is_proved_after_its_theorem_was_merged_ends_the_run(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "Gate", BelievesWrong)
    root = project({"A": FALSE})
    _, negation = canary.plan(await survey_of(root), 2, "run")
    agent = Patient(negation.name, lambda name: name != "wrong", lambda event: event.what is What.MERGED)
    with pytest.raises(Unsound, match="and so is wrong, which it negates"):
        await run(root, agent, agent.watch, workers=2)
    assert [event.what for event in agent.events[-2:]] == [What.CANARY, What.UNSOUND]


# Which decoys there are


async def survey_of(root: Path) -> Survey:
    return await Surveyor.of(root, Config()).survey(root)


async def decoys(root: Path, count: int, seed: str = "seed") -> Mapping[str, Decoy]:
    """Those that a run of that name would have."""
    surveyor, repository = Surveyor.of(root, Config()), Repository.of(root)
    survey, gate = await surveyor.survey(root), Gate(surveyor.builder)
    begun = State(run=seed, tip=repository.resolve("HEAD"))
    async with canary.cage(begun, repository, surveyor, survey, gate, count) as canaries:
        await canaries.sow()
        return canaries.decoys


async def test_every_falsehood_is_false_where_it_says(project: Make, builder: Builder) -> None:
    text = ""
    for number, (statement, witness) in enumerate(FALSEHOODS.items()):
        values = " ".join(f"({value})" for value in witness)
        text += f"theorem f{number} {statement} := by\n  sorry\n"
        text += f"theorem r{number} : False := absurd (f{number} {values}) (by decide)\n"
    await builder.build(project({"A": text}))


async def test_the_runs_name_decides_which_decoys_there_are(project: Make) -> None:
    survey = await survey_of(project({"A": TRUE, "B": TRUE.replace("easy", "other")}))
    assert canary.plan(survey, 4, "one") == canary.plan(survey, 4, "one")
    assert len({str(canary.plan(survey, 4, str(seed))) for seed in range(9)}) == 9
    planned = canary.plan(survey, 8, "one")
    assert len({decoy.name for decoy in planned}) == 8
    assert [bool(decoy.negates) for decoy in planned] == [False, True] * 4
    assert canary.plan(survey, 0, "one") == []


async def test_a_name_that_is_taken_is_no_decoys(project: Make) -> None:
    taken = "".join(f"theorem easy{ending} : True := trivial\n" for ending in ENDINGS[1:])
    planned = canary.plan(await survey_of(project({"A": TRUE + taken})), 8, "one")
    assert [decoy.name for decoy in planned] == ["easy" + ENDINGS[0]]


async def test_a_project_with_nothing_open_has_no_decoys(project: Make) -> None:
    assert await decoys(project({"A": "theorem done : True := trivial\n"}), 2) == {}


async def test_decoys_stand_in_the_namespace_and_before_what_comes_next(project: Make) -> None:
    root = project({"A": f"namespace Deep\n\n{TRUE}\nend Deep\n\ntheorem last : True := trivial\n", "B": "import A\n"})
    found = await decoys(root, 4)
    assert len(found) == 4
    assert all(name.startswith("Deep.easy_") for name in found)


async def test_a_theorem_with_universes_of_its_own_is_negated_too(project: Make) -> None:
    found = await decoys(project({"A": "theorem poly.{u} (α : Type u) (a : α) : a = a := by\n  sorry\n"}), 4)
    assert {decoy.statement for decoy in found.values() if decoy.negates} == {
        ".{u} : ¬ (∀ (α : Type u) (a : α), a = a)"
    }


async def test_what_would_mean_something_else_where_it_stands_is_no_decoy(project: Make) -> None:
    included = "variable (n : Nat) (h : n = n + 1)\ninclude h\n\ntheorem odd : n = 7 := by\n  sorry\n"
    assert await decoys(project({"A": included}), 8) == {}


async def test_a_falsehood_about_something_of_the_project_is_no_decoy(project: Make) -> None:
    root = project({"A": "instance (priority := high) : HSub Nat Nat Nat := ⟨fun a _ => a⟩\n\n" + TRUE})
    found = {decoy.statement for decoy in (await decoys(root, 8)).values()}
    left_out = {decoy.statement for decoy in canary.plan(await survey_of(root), 8, "seed")} - found
    assert left_out
    assert all(" - " in statement for statement in left_out)


# When they are given


async def test_decoys_are_given_one_at_a_time_early_and_not_in_place_of_many_tasks(project: Make) -> None:
    root = project({"A": TRUE})
    survey = await survey_of(root)
    planned = canary.plan(survey, 3, "one")
    surveyor = Surveyor.of(root, Config())
    found = {decoy.name: decoy for decoy in planned}
    canaries = Canaries("one", 3, root, surveyor, survey, Gate(surveyor.builder), found)
    first, second, third = planned
    ended = [decoy.name for decoy in planned]
    assert canaries.next(0, [], idle=False) is None
    assert canaries.next(1, [], idle=False) == first
    assert canaries.next(9, ["of an earlier process"], idle=True) is None  # the first is not done with
    assert canaries.next(canary.SPACING, ended[:1], idle=False) is None
    assert canaries.next(canary.SPACING + 1, ended[:1], idle=False) == second
    assert canaries.next(canary.SPACING + 1, ended[:2], idle=True) == third
    assert canaries.next(99, ended, idle=True) is None


# What a person sees of them


def seen(outcome: str, negates: str = "") -> Event:
    decoy = Decoy("a_aux", "a", ": 1 = 2", () if negates else ("1",))
    return Event(1, 1.0, What.CANARY, {**decoy.as_json(), "agent": "automation", "outcome": outcome})


def shown(event: Event) -> str:
    out = Console(file=io.StringIO(), width=100)
    display = Display(out)
    display(event)
    out.print(summary(display.state))
    assert isinstance(out.file, io.StringIO)
    return " ".join(out.file.getvalue().split())


def test_a_refused_decoy_is_one_line_and_counted_in_the_summary() -> None:
    for outcome in ("nothing", "rejected"):
        text = shown(seen(outcome))
        assert "canary refused a_aux by automation it is false for 1" in text
        assert "canaries │ 1 refused" in text
    assert "canaries │ 1 resource" in shown(seen("resource"))


def test_a_theorem_whose_negation_is_proved_is_said_to_be_false() -> None:
    state = fold([Event(1, 1.0, What.SURVEYED, {"declarations": 1, "theorems": 1, "open": ["a"]}), seen("proved", "a")])
    assert state.refuted == {"a": "a_aux"}
    out = Console(file=io.StringIO(), width=100)
    out.print(ending(state))
    assert isinstance(out.file, io.StringIO)
    assert "its negation is proved" in out.file.getvalue()
