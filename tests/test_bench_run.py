"""A benchmark from its statements to its results: real Lean, real judge, and an agent that answers from a script."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from agents.base import Bench, GaveUp
from agents.scripted import Scripted
from prover.bench import results
from prover.bench.export.examples import Kind
from prover.bench.export.training import examples
from prover.bench.judging import Court, proves
from prover.bench.making import make as make_files
from prover.bench.ordering import Sampling, order_of, settings_of
from prover.bench.policy import Allocation
from prover.bench.problem import Problem, Suite, Truth
from prover.bench.rows import Results
from prover.bench.running import Order, run
from prover.bench.workspace import Workspace, make
from prover.config import Config
from prover.errors import AgentMisconfigured, JournalError, ProjectError
from prover.journal import Event, Journal, What
from prover.judge.gate import Gate
from prover.lean.build import Builder
from prover.model import Attempt, Outcome, Task, Verdict
from prover.project import Surveyor
from prover.team import Team

TWICE = "def twice (n : Nat) : Nat := n + n"
THRICE = "def twice (n : Nat) : Nat := n + n + n"


def stated(name: str, statement: str, preamble: str = TWICE, level: str = "") -> Problem:
    return Problem(name, f"theorem {name} {statement}", preamble=preamble, level=level)


EASY = stated("easy", "(n : Nat) : twice n = n + n", level="1")
EVEN = stated("even", "(n : Nat) : twice n % 2 = 0", level="1")
HARD = stated("hard", "(f : Nat → Nat) (h : ∀ n, f (n + 1) > f (f n)) (n : Nat) : f n = n", level="2")
THREE = stated("three", ": twice 1 = 3", THRICE, level="2")
FALSE = replace(stated("small", "(n : Nat) : twice n < 9", level="2"), truth=Truth.FALSE)
ODD = stated("odd", '(n : Nat) : twice n = "a"')
SUITE = (EASY, EVEN, HARD, THREE, FALSE, ODD)
SCRIPT: Mapping[str, Sequence[str]] = {
    "easy": [":= rfl", ":= by omega", ":= rfl"],
    "even": [":= by sorry", ":= by unfold twice; omega"],
    "three": [":= by decide"],
}


@pytest.fixture
async def workspace(builder: Builder, tmp_path: Path) -> Workspace:
    return await make(tmp_path / "stated", SUITE, Surveyor(builder))


@pytest.fixture
async def court(builder: Builder, workspace: Workspace, tmp_path: Path) -> AsyncIterator[Court]:
    async with Gate.opened(builder) as gate:
        yield Court(gate, workspace, tmp_path / "judged")


def order(builder: Builder, *problems: Problem, samples: int = 1, script: object = None, **fields: object) -> Order:
    agent = Scripted(script or SCRIPT)  # type: ignore[arg-type]
    suite = Suite("small", problems)
    made = Order(suite, problems, Config(), Team({agent.name: agent}), Surveyor(builder), samples)
    return replace(made, **fields)  # type: ignore[arg-type]


async def ran(what: Order, folder: Path, *watchers: object) -> Results:
    settings = {**settings_of(what), "run": folder.name}
    return await run(what, settings, folder, list(watchers))  # type: ignore[arg-type]


def ends(found: Results) -> dict[str, list[str]]:
    return {name: [row.ended.value for row in rows] for name, rows in found.by_problem.items()}


# The workspace


async def test_statements_that_need_the_same_share_a_module_and_no_module_sees_another(workspace: Workspace) -> None:
    modules = {name: next(iter(survey.build.modules)) for name, survey in workspace.surveys.items()}
    assert modules["easy"] == modules["even"] == modules["hard"] == modules["small"] != modules["three"]
    assert all(survey.declarations[name].hole for name, survey in workspace.surveys.items())


async def test_a_statement_that_does_not_elaborate_is_counted_apart_with_its_error(workspace: Workspace) -> None:
    (odd,) = workspace.unusable
    assert (odd.name, odd.why.partition("\n")[0]) == ("odd", "Type mismatch")
    assert [problem.name for problem in workspace.problems] == ["easy", "even", "hard", "three", "small"]


async def test_a_task_says_nothing_of_the_other_problems(workspace: Workspace) -> None:
    task = workspace.task("hard", "a", Config().budget_of("a"), 7)
    assert (task.number, task.outline.strip(), task.lemmas) == (7, TWICE, ())
    assert task.slot.statement == HARD.statement.removeprefix("theorem hard ")


async def test_the_words_of_a_problem_are_its_documentation_and_cannot_end_it(builder: Builder, tmp_path: Path) -> None:
    told = replace(EASY, informal="Twice is -/ #exit /- double.")
    made = await make(tmp_path / "w", [told], Surveyor(builder))
    source = made.task("easy", "a", Config().budget_of("a"), 1).slot.source
    assert "/-- Twice is - / #exit / - double. -/\ntheorem easy" in source


async def test_a_statement_that_rests_on_something_open_is_no_problem(builder: Builder, tmp_path: Path) -> None:
    open_ = stated("answer", ": value = 4", "def value : Nat := sorry")
    no_theorem = Problem("thing", "def thing : Nat")
    made = await make(tmp_path / "w", [EASY, open_, no_theorem], Surveyor(builder))
    assert {one.name: one.why for one in made.unusable} == {
        "answer": "its statement rests on value, which is left open",
        "thing": "it declares no theorem thing",
    }


async def test_without_the_imports_nothing_can_be_run(builder: Builder, tmp_path: Path) -> None:
    problems = [replace(EASY, header="import Mathlib"), replace(EVEN, header="import Mathlib")]
    with pytest.raises(ProjectError, match="no statement of the suite elaborates") as error:
        await make(tmp_path / "w", problems, Surveyor(builder))
    assert "Mathlib" in error.value.remedy


async def test_a_statement_that_lean_does_not_end_with_spoils_no_other(builder: Builder, tmp_path: Path) -> None:
    unlimited = "set_option maxRecDepth 1000000000\nset_option maxHeartbeats 0"
    endless = stated("endless", ": (by repeat skip : True) = trivial", unlimited)
    made = await make(tmp_path / "w", [EASY, endless], Surveyor(builder))
    assert [problem.name for problem in made.problems] == ["easy"]
    assert [one.name for one in made.unusable] == ["endless"]
    assert made.unusable[0].why.startswith("Lean ran out of memory")


# The judge


async def judged(court: Court, *attempts: Attempt) -> dict[int, Verdict]:
    found: dict[int, Verdict] = {}
    await court.judge(attempts, found.update)
    return found


def attempt(name: str, body: str, number: int, **fields: object) -> Attempt:
    return replace(Attempt(name, "a", body, number=number), **fields)  # type: ignore[arg-type]


async def test_good_and_bad_attempts_of_a_module_are_told_apart(court: Court) -> None:
    found = await judged(
        court,
        attempt("easy", ":= by omega", 1),
        attempt("even", ":= by unfold twice; omega", 2),
        attempt("three", ":= by decide", 3),
        attempt("easy", ":= rfl", 4),
        attempt("three", ":= sorry", 5),
    )
    proved = {number for number, verdict in found.items() if verdict.outcome is Outcome.PROVED}
    assert (proved, sorted(found)) == ({2, 3, 4}, [1, 2, 3, 4, 5])
    assert "omega could not prove the goal" in found[1].explanation


async def test_a_proof_from_another_problem_is_none(court: Court) -> None:
    found = await judged(court, attempt("even", ":= by have := easy n; unfold twice; omega", 1))
    assert (found[1].outcome, found[1].rests_on) == (Outcome.REJECTED, ("easy",))


async def test_a_reduction_is_no_proof(court: Court) -> None:
    lemma = "theorem hard.helper.all (f : Nat → Nat) (n : Nat) : f n = n := sorry"
    found = await judged(court, attempt("hard", ":= hard.helper.all f n", 1, helpers=lemma, splits=True))
    assert found[1].outcome is Outcome.REJECTED


async def test_a_disproof_counts_when_the_judge_has_seen_it(court: Court) -> None:
    right = attempt("small", ":= fun h => absurd (h 9) (by decide)", 1, refutes=True)
    wrong = attempt("easy", ":= fun h => absurd (h 9) (by decide)", 2, refutes=True)
    found = await judged(court, right, wrong)
    assert (proves(found[1], right), proves(found[2], wrong)) == (True, False)
    assert found[1].outcome is not Outcome.PROVED


# The run


async def test_every_sample_is_drawn_judged_and_written_down(builder: Builder, tmp_path: Path) -> None:
    found = await ran(order(builder, EASY, THREE, FALSE, ODD, samples=3, disprove=True), tmp_path / "r")
    assert ends(found) == {
        "easy": ["proved", "rejected", "proved"],
        "three": ["proved", "nothing", "nothing"],
        "small": ["nothing", "disproved"],
    }
    assert (found.unfinished, [one.name for one in found.unusable]) == ("", ["odd"])
    assert all(found.solved(problem) for problem in found.problems)
    assert found.samples("small") == (3, 0)
    assert found == results.read(tmp_path / "r")
    summary = make_files(tmp_path / "r", found)
    assert json.loads((tmp_path / "r" / "summary.json").read_text()) == json.loads(json.dumps(summary.as_json()))
    assert len((tmp_path / "r" / "results.jsonl").read_text().splitlines()) == len(found.rows)


async def test_a_run_that_is_over_has_nothing_left_to_do(builder: Builder, tmp_path: Path) -> None:
    first = await ran(order(builder, EASY), tmp_path / "r")
    again = await ran(order(builder, EASY), tmp_path / "r")
    assert again.rows == first.rows


@pytest.mark.slow
async def test_more_samples_of_a_finished_run_are_only_the_new_ones(builder: Builder, tmp_path: Path) -> None:
    first = await ran(order(builder, EASY, samples=1), tmp_path / "r")
    more = await ran(order(builder, EASY, samples=3), tmp_path / "r")
    assert ends(more) == {"easy": ["proved", "rejected", "proved"]}
    assert more.rows[0] == first.rows[0]


@pytest.mark.slow
async def test_the_adaptive_policy_stops_at_the_first_proof(builder: Builder, tmp_path: Path) -> None:
    what = order(builder, EASY, HARD, samples=3, policy=Allocation.ADAPTIVE, config=Config(workers=1))
    found = await ran(what, tmp_path / "r")
    assert ends(found) == {"easy": ["proved"], "hard": ["nothing"] * 5}


@pytest.mark.slow
async def test_a_run_out_of_attempts_says_so_and_goes_on_with_more(builder: Builder, tmp_path: Path) -> None:
    def limited(attempts: int) -> Order:
        config = Config.of(tmp_path, limits={"attempts": attempts}, workers=1)
        return order(builder, EASY, EVEN, samples=2, config=config)

    found = await ran(limited(3), tmp_path / "r")
    assert (len(found.rows), found.unfinished) == (3, "the limit of 3 attempts for the run is reached")
    found = await ran(limited(9), tmp_path / "r")
    assert (len(found.rows), found.unfinished) == (4, "")


class Stop(BaseException):
    """The end of the process, as far as the journal can tell."""


@pytest.mark.slow
@pytest.mark.parametrize("last", [What.ASSIGNED, What.PROPOSED, What.JUDGED])
async def test_a_run_that_is_cut_off_gives_the_same_results_when_it_is_gone_on_with(
    builder: Builder, tmp_path: Path, last: What
) -> None:
    seen: list[Event] = []

    def cut(event: Event) -> None:
        seen.append(event)
        if any(one.what is last and one.data["attempt"] == 3 for one in seen):
            raise Stop

    what = order(builder, EASY, THREE, samples=2)
    with pytest.raises((Stop, BaseExceptionGroup)):  # one of each place that was at work
        await ran(what, tmp_path / "r", cut)
    assert results.read(tmp_path / "r").unfinished
    found = await ran(what, tmp_path / "r")
    undisturbed = await ran(what, tmp_path / "undisturbed")
    assert ends(found) == ends(undisturbed)
    assert found.unfinished == ""


async def test_nobody_else_may_work_on_a_run(builder: Builder, tmp_path: Path) -> None:
    await ran(order(builder, EASY), tmp_path / "r")
    with Journal.resume(tmp_path / "r" / results.JOURNAL), pytest.raises(JournalError, match="is working on this run"):
        await ran(order(builder, EASY, samples=2), tmp_path / "r")


# With a model

LEAN_3 = ":= by\n  cases h with hp hq,\n  split,\n  { exact hq },\n  { exact hp },"
WRONG, RIGHT = ":= by\n  exact h", ":= ⟨h.2, h.1⟩"


def sampled(folder: Path, answers: Mapping[str, str], samples: int = 1, **settings: object) -> Order:
    """By a sampler, whose model has these answers for problems of these names."""
    swap, false = "(p q : Prop) (h : p ∧ q) : q ∧ p", "(p q : Prop) (h : p) : q"
    problems = tuple(Problem(name, f"theorem {name} {false if name == 'wrong' else swap}") for name in answers)
    script = folder / "script.jsonl"
    texts = [
        {"when": [f"theorem {problem.name} "], "text": f"```lean4\n{problem.statement} {answers[problem.name]}\n```"}
        for problem in problems
    ]
    script.write_text("\n".join(map(json.dumps, texts)))
    asked = {"agents": ("sampler",), "model": f"scripted:{script}", "samples": 1, "search": False}
    config = Config.of(folder, **{**asked, **settings})
    return order_of(Suite("small", problems), config, Sampling(samples), None)


async def test_what_repair_is_worth_can_be_told_from_the_rows(tmp_path: Path) -> None:
    found = await ran(sampled(tmp_path, {"one": LEAN_3, "wrong": WRONG, "two": RIGHT}), tmp_path / "r")
    assert ends(found) == {"one": ["proved"], "wrong": ["nothing"], "two": ["proved"]}
    assert [found.samples(name) for name in ("one", "wrong", "two")] == [(1, 1), (1, 0), (1, 1)]
    assert [found.samples(name, repaired=False) for name in ("one", "two")] == [(1, 0), (1, 1)]
    repaired, wrong, right = found.rows
    assert repaired.drafted.splitlines()[1].strip() == "cases h with hp hq,"
    assert (wrong.body, right.drafted) == (WRONG, "")
    assert wrong.feedback
    assert all(row.tokens > 0 and row.calls == 1 and row.model and row.prompt for row in found.rows)
    assert Kind.REPAIR in [example.metadata.kind for example in examples(found)]


async def test_samples_of_a_model_know_nothing_of_each_other(tmp_path: Path) -> None:
    await ran(sampled(tmp_path, {"one": WRONG}, samples=2, repair=False, conversations=1), tmp_path / "r")
    with Journal.read(tmp_path / "r" / results.JOURNAL) as journal:
        first, second = (json.loads(journal.said(number)[0])["messages"] for number in (1, 2))
    assert first == second


async def test_an_answer_that_was_paid_for_is_not_asked_for_again(tmp_path: Path) -> None:
    """The process ends after the model has answered and before the proof is handed in."""
    seen: list[Event] = []

    def cut(event: Event) -> None:
        seen.append(event)
        if any(one.what is What.SPENT for one in seen):
            raise Stop

    with pytest.raises((Stop, BaseExceptionGroup)):
        await ran(sampled(tmp_path, {"one": RIGHT}), tmp_path / "r", cut)
    found = await ran(sampled(tmp_path, {"one": WRONG}), tmp_path / "r")
    assert ends(found) == {"one": ["proved"]}
    assert [row.calls for row in found.rows] == [1]


class Unconfigured:
    """An agent that has no key."""

    name, tries = "scripted", 3

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        raise AgentMisconfigured("there is no key")


async def test_what_could_not_be_drawn_is_no_sample_and_is_drawn_by_the_next_process(
    builder: Builder, tmp_path: Path
) -> None:
    what = order(builder, EASY, samples=2)
    found = await ran(replace(what, team=Team({"scripted": Unconfigured()})), tmp_path / "r")
    assert (ends(found), found.samples("easy")) == ({"easy": ["failed", "failed"]}, (0, 0))
    assert found.unfinished == "2 samples could not be drawn"
    found = await ran(what, tmp_path / "r")
    assert (found.samples("easy"), found.unfinished) == ((2, 1), "")


async def test_an_agent_that_fails_again_and_again_is_not_asked_for_ever(builder: Builder, tmp_path: Path) -> None:
    what = replace(order(builder, EASY, samples=20), team=Team({"scripted": Unconfigured()}), config=Config(workers=1))
    found = await ran(what, tmp_path / "r")
    assert len(found.rows) == 3
    assert "was not configured in 3 attempts in a row" in found.unfinished
