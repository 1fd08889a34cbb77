"""The stub project of the measurements: its texts, its plan, and how it judges."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.perf import stub
from benchmarks.perf.stub import (
    BAD_BUILD,
    BAD_HIDDEN,
    BAD_NAMED,
    HOLE,
    OK,
    Clock,
    StubBuilder,
    StubGate,
    StubSurveyor,
)
from prover.judge.gate import Judgement
from prover.model import Outcome, Reason
from prover.project import Survey, write

FIRST, SECOND, THIRD, FAR = "Stub.M000.t0", "Stub.M000.t1", "Stub.M000.t2", "Stub.M002.t3"


@dataclass
class Stub:
    """A small project with all that judges it."""

    root: Path
    clock: Clock
    surveyor: StubSurveyor
    gate: StubGate
    survey: Survey

    async def judge(self, bodies: Mapping[str, str]) -> Judgement:
        write(self.root, self.survey.spliced(bodies))
        return await self.gate.judge(list(bodies), self.survey.build, self.root)

    async def outcomes(self, bodies: Mapping[str, str]) -> dict[str, Outcome]:
        return {name: verdict.outcome for name, verdict in (await self.judge(bodies)).verdicts.items()}


@pytest.fixture
async def small(tmp_path: Path) -> Stub:
    root, clock = tmp_path / "project", Clock()
    plan = stub.synthetic(root, 60, seed=1)
    surveyor = StubSurveyor(StubBuilder(clock, seconds=170.0), plan)
    return Stub(root, clock, surveyor, StubGate(surveyor), await surveyor.survey(root))


def test_the_project_is_one_commit_of_modules_with_twenty_theorems_each(small: Stub) -> None:
    log = subprocess.run(["git", "log", "--oneline"], cwd=small.root, capture_output=True, text=True, check=True)
    assert len(log.stdout.splitlines()) == 1
    assert len(small.survey.build.modules) == 4
    assert len(small.survey.theorems()) == 60
    assert small.survey.graph.open() == small.survey.graph.ready() == small.survey.theorems()


def test_the_seed_fixes_the_texts_and_the_plan(tmp_path: Path) -> None:
    plans = [stub.synthetic(tmp_path / name, 45, seed=seed) for name, seed in (("a", 1), ("b", 1), ("c", 2))]
    texts = [(tmp_path / name / "Stub" / "M001.lean").read_text() for name in "abc"]
    assert plans[0] == plans[1] != plans[2]
    assert texts[0] == texts[1] != texts[2]


def test_the_plan_has_no_circle_three_uses_a_theorem_and_a_long_chain(tmp_path: Path) -> None:
    edges = stub.synthetic(tmp_path / "project", 2000, seed=1).edges()
    graph = nx.DiGraph([(name, used) for name, several in edges.items() for used in several])
    assert 2 < graph.number_of_edges() / 2000 < 4
    assert nx.dag_longest_path_length(graph) >= stub.SPINE - 1


def test_each_declaration_has_a_slot_with_the_hole_in_it(small: Stub) -> None:
    for name in small.survey.theorems():
        slot = small.survey.slot(name)
        assert slot.source[slice(*slot.body)] == HOLE
        assert slot.source[slice(*slot.name)] == name
        assert set(small.survey.declarations[name].statement_uses) <= set(small.survey.graph.declarations)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.integers(0, 19), st.sampled_from([OK, ":= by\n  exact\n    stub_ok", HOLE]), min_size=1))
def test_a_filled_module_is_read_as_it_was_but_for_the_holes(small: Stub, bodies: dict[int, str]) -> None:
    changed = {f"Stub.M000.t{number}": body for number, body in bodies.items()}
    ((path, text),) = small.survey.spliced(changed).items()
    module = small.survey.build.modules["Stub.M000"]
    before = {d.name: d for d in stub.declarations_in(module)}
    found = {d.name: d for d in stub.declarations_in(replace(module, source=replace(module.source, text=text)))}
    assert path == module.source.path
    assert {name for name, d in found.items() if d.hole} == {n for n in before if changed.get(n, HOLE) == HOLE}
    assert {n: d.statement for n, d in found.items()} == {n: d.statement for n, d in before.items()}


def test_a_module_is_read_again_only_when_its_text_has_changed(small: Stub) -> None:
    before = small.surveyor.declarations(small.survey.build)
    write(small.root, small.survey.spliced({FAR: OK}))
    after = small.surveyor.declarations(small.surveyor.builder.read(small.root))
    assert not after[FAR].hole
    assert {name for name in before if after[name] is not before[name]} == {
        name for name in before if before[name].module == "Stub.M002"
    }


async def test_a_build_takes_its_time_and_no_other(small: Stub) -> None:
    before = small.clock.now
    await small.judge({FIRST: OK})
    assert small.clock.now == before + 170.0
    assert small.surveyor.builder.builds == 2


async def test_a_body_says_itself_how_it_is_judged(small: Stub) -> None:
    judgement = await small.judge({FIRST: OK, SECOND: BAD_NAMED, THIRD: HOLE, FAR: OK})
    outcomes = [judgement.verdicts[name].outcome for name in (FIRST, SECOND, THIRD, FAR)]
    assert outcomes == [Outcome.PROVED, Outcome.REJECTED, Outcome.REJECTED, Outcome.PROVED]
    assert judgement.verdicts[THIRD].reasons == (Reason.SORRY,)
    assert judgement.build is not None
    assert not judgement.shared


async def test_a_body_that_does_not_compile_fails_the_build_of_all(small: Stub) -> None:
    line = small.survey.declarations[SECOND].position.line
    for bad, places in ((BAD_BUILD, (("Stub.M000", line - 1),)), (BAD_HIDDEN, ())):
        judgement = await small.judge({FIRST: OK, SECOND: bad})
        assert judgement.places == places
        assert {verdict.outcome for verdict in judgement.verdicts.values()} == {Outcome.REJECTED}
        assert judgement.build is None
        assert judgement.shared


async def test_what_a_proof_uses_must_be_proved(small: Stub) -> None:
    judgement = await small.judge({FAR: f"{OK} uses {FIRST} {SECOND}", FIRST: OK})
    assert judgement.verdicts[FIRST].outcome is Outcome.PROVED
    assert judgement.verdicts[FAR].rests_on == (SECOND,)
    assert await small.outcomes({FAR: f"{OK} uses {FIRST}", FIRST: OK}) == {FAR: Outcome.PROVED, FIRST: Outcome.PROVED}


async def test_a_proof_from_open_lemmas_of_its_own_reduces_what_says_that_it_splits(small: Stub) -> None:
    helper = f"{FIRST}.helper.a"
    split = {FIRST: f"{OK} uses {helper}"}, {FIRST: f"theorem {helper} (n : Nat) : Stub.d1 n = n {HOLE}"}
    write(small.root, small.survey.spliced(*split))
    for splits, outcome in (((FIRST,), Outcome.REDUCED), ((), Outcome.REJECTED)):
        judgement = await small.gate.judge([FIRST], small.survey.build, small.root, splits=splits)
        assert judgement.verdicts[FIRST].outcome is outcome
        assert judgement.verdicts[FIRST].rests_on == (helper,)
