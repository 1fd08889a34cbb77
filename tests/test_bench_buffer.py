"""The replay buffer: bounded, fresh, diverse, and no proof of a problem is ever lost; whatever happens to it."""

import math
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from prover.bench.export.buffer import Buffer
from prover.bench.export.examples import Example, Kind, Message, Metadata, digest_of
from prover.bench.export.keeping import Entry, Settings, drawn, kept
from prover.errors import ConfigError, ProjectError

TURNS = (Message(role="system", content="s"), Message(role="user", content="u"))
ANSWER = Message(role="assistant", content="a")
PLAIN = Settings()


def example(name: str, body: str, kind: Kind = Kind.PROOF, began: float = 0.0) -> Example:
    statement, fails = sha256(name.encode()).hexdigest(), kind is Kind.FAILURE
    draft, body = (body, "") if fails else ("", body)
    about = Metadata(
        kind=kind,
        problem=name,
        statement=statement,
        digest=digest_of(kind, statement, False, draft, body),
        run="r",
        agent="a",
        sample=1,
        began=began,
        body=body,
        draft=draft,
    )
    return Example(messages=TURNS if fails else (*TURNS, ANSWER), metadata=about)


def entry(name: str, body: str, run: int = 0, uses: int = 0, kind: Kind = Kind.PROOF) -> Entry:
    return Entry(example=example(name, body, kind), run=run, uses=uses)


def bodies(entries: Sequence[Entry]) -> list[str]:
    return [one.example.metadata.body or one.example.metadata.draft for one in entries]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "buffer.jsonl"


NAMES = st.sampled_from("pqr")
BODIES = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=5).map(" ".join)
KINDS = st.sampled_from([Kind.PROOF, Kind.REPAIR, Kind.FAILURE])
EXAMPLES = st.builds(example, NAMES, BODIES, KINDS, st.sampled_from([0.0, 1.0]))
ENTRIES = st.lists(
    st.builds(entry, st.just("p"), BODIES, st.integers(0, 9), kind=KINDS), unique_by=lambda one: one.digest, max_size=20
)
SETTINGS = st.builds(
    Settings,
    per_problem=st.integers(1, 4),
    half_life=st.sampled_from([0.5, 4.0]),
    diversity=st.sampled_from([0.0, 0.5, 1.0]),
    failures=st.sampled_from([0.0, 0.25, 0.5]),
    repairs=st.sampled_from([0.0, 0.3]),
    reuse_limit=st.integers(1, 3),
)


class Buffers(RuleBasedStateMachine):
    """A buffer in a file, and beside it what was offered and drawn."""

    @initialize(chosen=SETTINGS)
    def begin(self, chosen: Settings) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path, self.settings = Path(self.folder.name) / "buffer.jsonl", chosen
        self.buffer = Buffer.open(self.path, chosen, clock=lambda: 7.0)
        self.runs: list[list[Example]] = []
        self.uses: Counter[str] = Counter()
        self.proved: set[str] = set()

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()

    @rule(offered=st.lists(EXAMPLES, max_size=8))
    def add(self, offered: list[Example]) -> None:
        number = self.buffer.add(offered, f"run {len(self.runs)}")
        assert number == len({one.digest for one in offered} & {one.digest for one in self.buffer.entries()})
        self.runs.append(offered)
        limit = self.settings.reuse_limit
        fresh = {one for one in offered if one.metadata.kind is not Kind.FAILURE and self.uses[one.digest] < limit}
        self.proved |= {one.metadata.statement for one in fresh}

    @rule(data=st.data())
    def add_again(self, data: st.DataObject) -> None:
        if self.runs:
            at = data.draw(st.integers(0, len(self.runs) - 1))
            before = self.path.read_bytes()
            self.buffer.add(self.runs[at], f"run {at}")
            assert self.path.read_bytes() == before

    @rule(count=st.integers(0, 6), seed=st.integers(0, 3))
    def draw(self, count: int, seed: int) -> None:
        found = self.buffer.draw(count, seed)
        self.uses.update(one.digest for one in found)
        assert len({one.digest for one in found}) == len(found) <= count
        failures = sum(one.metadata.kind is Kind.FAILURE for one in found)
        assert failures <= math.floor(self.settings.failures * count)

    @rule()
    def prune(self) -> None:
        before = len(self.buffer.entries())
        assert self.buffer.prune() == before - len(self.buffer.entries())

    @rule()
    def reopen(self) -> None:
        before = self.buffer.entries()
        self.buffer = Buffer.open(self.path, self.settings, clock=lambda: 7.0)
        assert self.buffer.entries() == before

    @invariant()
    def each_problem_has_a_proof_and_no_more_than_its_places(self) -> None:
        if not hasattr(self, "buffer"):
            return
        entries = self.buffer.entries()
        assert {one.problem for one in entries if not one.fails} == self.proved
        assert all(count <= self.settings.per_problem for count in Counter(one.problem for one in entries).values())
        failing = Counter(one.problem for one in entries if one.fails)
        assert all(
            count <= self.settings.failures * self.settings.per_problem and count < self.settings.per_problem
            for count in failing.values()
        )

    @invariant()
    def nothing_is_drawn_too_often(self) -> None:
        if hasattr(self, "buffer"):
            assert all(uses <= self.settings.reuse_limit for uses in self.uses.values())
            assert all(self.uses[one.digest] == one.uses for one in self.buffer.entries())


TestBuffers = Buffers.TestCase
TestBuffers.settings = settings(max_examples=15, stateful_step_count=10, deadline=None)


@settings(max_examples=10, deadline=None)
@given(st.lists(EXAMPLES, max_size=12), st.lists(EXAMPLES, max_size=12), SETTINGS, st.randoms(use_true_random=False))
def test_the_order_within_a_run_makes_no_difference(
    first: list[Example], second: list[Example], chosen: Settings, random: Any
) -> None:
    made = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(2):
            buffer = Buffer.open(Path(folder) / f"{number}.jsonl", chosen, clock=lambda: 7.0)
            for run, offered in (("one", first), ("two", second)):
                buffer.add(random.sample(offered, len(offered)), run)
            made.append(buffer.path.read_bytes())
    assert made[0] == made[1]


@settings(max_examples=30)
@given(ENTRIES, st.integers(1, 6))
def test_without_diversity_the_newest_are_kept(entries: list[Entry], places: int) -> None:
    chosen = kept(entries, 10, replace(PLAIN, per_problem=places, diversity=0.0))
    for kind in Kind:
        every = sorted((one.run for one in entries if one.example.metadata.kind is kind), reverse=True)
        stay = sorted((one.run for one in chosen if one.example.metadata.kind is kind), reverse=True)
        assert stay == every[: len(stay)]


@settings(max_examples=30)
@given(ENTRIES, SETTINGS)
def test_no_place_is_empty_and_no_proof_is_crowded_out(entries: list[Entry], chosen: Settings) -> None:
    found = Counter(one.example.metadata.kind for one in entries)
    stay = Counter(one.example.metadata.kind for one in kept(entries, 10, chosen))
    failures = min(found[Kind.FAILURE], math.floor(chosen.failures * chosen.per_problem))
    assert stay[Kind.FAILURE] == failures
    assert stay.total() == min(chosen.per_problem, failures + found[Kind.PROOF] + found[Kind.REPAIR])
    assert bool(stay[Kind.PROOF]) == bool(found[Kind.PROOF])
    assert stay[Kind.REPAIR] >= min(found[Kind.REPAIR], math.floor(chosen.repairs * chosen.per_problem))


@settings(max_examples=30)
@given(ENTRIES, SETTINGS)
def test_what_was_kept_is_kept_when_all_is_offered_again(entries: list[Entry], chosen: Settings) -> None:
    once = kept(entries, 10, chosen)
    assert kept([*reversed(entries)], 10, chosen) == once
    assert {one.digest for one in kept(once, 10, chosen)} == {one.digest for one in once}


def test_with_diversity_alone_a_text_like_another_gives_way_to_an_old_one() -> None:
    entries = [entry("p", "a b c d e f g", 9), entry("p", "a b c d e f h", 9), entry("p", "x y z", 0)]
    assert bodies(kept(entries, 10, replace(PLAIN, per_problem=2, diversity=1.0)))[1] == "x y z"
    assert "x y z" not in bodies(kept(entries, 10, replace(PLAIN, per_problem=2, diversity=0.0)))


@pytest.mark.parametrize(("half_life", "second"), [(16.0, "x y z"), (1.0, "a b c d e f h")])
def test_the_half_life_says_how_soon_what_is_fresh_takes_the_place_of_what_is_different(
    half_life: float, second: str
) -> None:
    entries = [entry("p", "a b c d e f g", 4), entry("p", "a b c d e f h", 4), entry("p", "x y z", 0)]
    chosen = kept(entries, 5, replace(PLAIN, per_problem=2, half_life=half_life, diversity=0.3))
    assert bodies(chosen)[1] == second


@pytest.mark.parametrize(
    ("proofs", "failures", "left"), [(20, 20, (6, 2)), (20, 0, (8, 0)), (1, 20, (1, 2)), (20, 1, (7, 1))]
)
def test_failures_have_their_share_and_no_more(proofs: int, failures: int, left: tuple[int, int]) -> None:
    entries = [entry("p", f"proof {number}") for number in range(proofs)]
    entries += [entry("p", f"failure {number}", kind=Kind.FAILURE) for number in range(failures)]
    chosen = kept(entries, 1, PLAIN)
    assert (sum(not one.fails for one in chosen), sum(one.fails for one in chosen)) == left


def test_an_easy_problem_with_many_proofs_has_no_more_in_a_draw() -> None:
    entries = [entry("easy", f"proof {number}") for number in range(50)]
    entries += [entry(name, f"the proof of {name}") for name in ("hard", "harder")]
    for seed in range(10):
        found = Counter(one.example.metadata.problem for one in drawn(entries, 3, 1, PLAIN, seed))
        assert found == {"easy": 1, "hard": 1, "harder": 1}
    first = Counter(drawn(entries, 1, 1, PLAIN, seed)[0].example.metadata.problem for seed in range(60))
    assert min(first.values()) > 9


@pytest.mark.parametrize("name", ["p", "another"])
def test_what_is_fresh_and_little_used_is_drawn_first(name: str) -> None:
    """By weight 1 against 2^(-8/4) = 1/4, and against 1/(1 + 3): four times of five, in a problem and among several."""
    for rival in (entry(name, "old", run=1), entry(name, "used", run=9, uses=3)):
        best = entry("p", "new", run=9)
        wins = sum(drawn([rival, best], 1, 10, PLAIN, seed) == [best] for seed in range(1000))
        assert 750 < wins < 850


def test_one_that_is_like_any_of_those_chosen_gives_way_to_one_that_is_like_none() -> None:
    texts = {"a b c d e f g": 3.0, "x y z w v u": 2.0, "a b c d e f h": 1.0, "a b c d q r s": 0.0}
    entries = [Entry(example=example("p", text, began=began), run=0) for text, began in texts.items()]
    chosen = kept(entries, 1, replace(PLAIN, per_problem=3))
    assert set(bodies(chosen)) == texts.keys() - {"a b c d e f h"}


def test_draws_are_the_same_for_the_same_seed_and_not_for_another() -> None:
    entries = [entry(f"p{number}", "proof") for number in range(30)]
    draws = [tuple(one.digest for one in drawn(entries, 5, 1, PLAIN, seed)) for seed in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]


def test_what_is_older_than_numbers_can_say_may_still_be_drawn() -> None:
    ancient = [entry("p", "one"), entry("p", "two")]
    assert len(drawn(ancient, 2, 10**6, PLAIN, 1)) == 2
    assert len(kept(ancient, 10**6, PLAIN)) == 2


def test_an_entry_says_of_which_run_it_is_and_how_often_and_when_it_was_used(path: Path) -> None:
    times = iter([100.0, 200.0, 300.0, 400.0])
    buffer = Buffer.open(path, clock=lambda: next(times))
    buffer.add([example("p", "one", began=50.0)], "monday")
    buffer.add([example("q", "two")], "tuesday")
    buffer.draw(1, seed=1)
    used = {one.example.metadata.problem: (one.run, one.uses, one.used) for one in buffer.entries()}
    assert used in ({"p": (0, 1, 300.0), "q": (1, 0, 0.0)}, {"p": (0, 0, 0.0), "q": (1, 1, 300.0)})


def test_a_proof_that_a_later_run_finds_again_is_fresh_again_and_keeps_its_uses(path: Path) -> None:
    buffer = Buffer.open(path)
    buffer.add([example("p", "one")], "monday")
    buffer.draw(1, seed=1)
    buffer.add([example("p", "one  -- again")], "tuesday")
    (only,) = buffer.entries()
    assert (only.run, only.uses) == (1, 1)


def test_an_older_run_makes_no_proof_older(path: Path) -> None:
    buffer = Buffer.open(path)
    for run, texts in (("monday", ["one"]), ("tuesday", ["one"]), ("monday", ["one", "two"])):
        buffer.add([example("p", text) for text in texts], run)
    assert {one.example.metadata.body: one.run for one in buffer.entries()} == {"one": 1, "two": 0}


def test_the_same_run_again_fills_no_place_that_was_left(path: Path) -> None:
    buffer = Buffer.open(path, replace(PLAIN, reuse_limit=1, per_problem=2))
    monday = [example("p", text) for text in ("one", "two", "three")]
    buffer.add(monday, "monday")
    buffer.draw(1, seed=1)
    buffer.prune()
    before = path.read_bytes()
    assert buffer.add(monday, "monday") == 1
    assert path.read_bytes() == before


def test_a_run_that_has_gone_on_may_be_added_again_with_what_is_new(path: Path) -> None:
    buffer = Buffer.open(path)
    assert buffer.add([example("p", "one")], "monday") == 1
    assert buffer.add([example("p", "one"), example("p", "two")], "monday") == 2
    assert buffer.figures().runs == 1


def test_what_was_drawn_often_enough_goes_and_does_not_come_back(path: Path) -> None:
    buffer = Buffer.open(path, replace(PLAIN, reuse_limit=1, per_problem=2))
    buffer.add([example("p", "one"), example("p", "two")], "monday")
    (drawn_one,) = buffer.draw(1, seed=1)
    assert buffer.prune() == 1
    buffer.add([drawn_one, example("p", "three")], "tuesday")
    assert drawn_one.digest not in {one.digest for one in buffer.entries()}
    assert len(buffer.entries()) == 2


def test_the_last_proof_stays_and_is_not_drawn(path: Path) -> None:
    buffer = Buffer.open(path, replace(PLAIN, reuse_limit=1))
    buffer.add([example("p", "one"), example("p", "no", Kind.FAILURE)], "monday")
    assert len(buffer.draw(1, seed=1)) == 1
    assert buffer.prune() == 0
    assert buffer.draw(1, seed=1) == []


def test_the_figures_of_a_buffer(path: Path) -> None:
    buffer = Buffer.open(path)
    assert (buffer.figures().size, buffer.figures().mean_age, buffer.figures().kinds) == (0, 0.0, {})
    buffer.add([example("p", "one"), example("p", "no", Kind.FAILURE)], "monday")
    buffer.add([example("q", "two"), example("r", "three", Kind.REPAIR)], "tuesday")
    buffer.draw(2, seed=1)
    made = buffer.figures()
    assert (made.size, made.problems, made.runs, made.mean_age, made.mean_uses) == (4, 3, 2, 0.5, 0.5)
    assert made.kinds == {"failure": 0.25, "proof": 0.5, "repair": 0.25}


def filled(path: Path) -> bytes:
    Buffer.open(path, clock=lambda: 1.0).add([example("p", "one \u2028 two"), example("q", "⟨x⟩")], "monday")
    return path.read_bytes()


def cuts() -> Iterator[int]:
    with tempfile.TemporaryDirectory() as folder:
        yield from range(0, len(filled(Path(folder) / "b")), 37)


@pytest.mark.parametrize("cut", [*cuts()])
def test_a_torn_file_is_one_clear_error(path: Path, cut: int) -> None:
    path.write_bytes(filled(path)[:cut])
    with pytest.raises(ConfigError, match=r"is no replay buffer, or is torn: [^\n]*$"):
        Buffer.open(path)


@pytest.mark.parametrize(
    "data",
    [b"\n", b"{}x\n", b'{"messages": []}\n', b'{"format": "something else"}\n', b"\xff\xfe\n", b"[]\n"],
)
def test_a_foreign_file_is_one_clear_error_and_stays_as_it_is(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(ConfigError, match="is no replay buffer"):
        Buffer.open(path).add([example("p", "one")], "monday")
    assert path.read_bytes() == data


def test_an_entry_of_a_run_that_is_not_there_is_an_error(path: Path) -> None:
    path.write_bytes(filled(path).replace(b'"run":0', b'"run":7'))
    with pytest.raises(ConfigError, match="an entry is of a run that is not there"):
        Buffer.open(path)


def test_a_buffer_that_another_process_holds_is_one_clear_error(path: Path) -> None:
    buffer = Buffer.open(path, patience=0.0)
    with FileLock(f"{path}.lock"), pytest.raises(ConfigError, match="another process holds"):
        buffer.draw(1, seed=1)


def test_a_place_where_no_file_can_be_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(ProjectError, match="cannot read"):
        Buffer.open(tmp_path / "folder")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ProjectError, match="cannot write"):
        Buffer.open(tmp_path / "file" / "buffer.jsonl").add([], "monday")


@pytest.mark.parametrize(
    "wrong",
    [
        {"per_problem": 0},
        {"half_life": 0.0},
        {"half_life": math.nan},
        {"half_life": math.inf},
        {"diversity": 1.1},
        {"diversity": math.nan},
        {"failures": 1.0, "repairs": 0.0},
        {"failures": 0.5},
        {"repairs": -0.1},
        {"reuse_limit": 0},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=f"a replay buffer's.*{next(iter(wrong))}"):
        Settings(**wrong)
