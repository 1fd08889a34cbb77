"""The merge queue: everything innocent is merged in order, every culprit gets a verdict, and few builds find it."""

import math
import re
import subprocess
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prover import lane, locks
from prover.blueprint.plan import Blueprint
from prover.culprits import Search
from prover.errors import BranchMoved, RepositoryError
from prover.git.repository import Repository
from prover.graph import DeclarationGraph
from prover.judge.gate import Gate, Judgement
from prover.lean.build import Build, Builder, CompiledModule
from prover.lean.modules import discover, settings
from prover.lean.source import position
from prover.merge import Judge, Merger, Reader, Settled
from prover.model import Attempt, Declaration, Kind, Outcome, Reason, Verdict
from prover.project import NO_PLAN, Survey, Surveyor

Make = Callable[[Mapping[str, str]], Path]
RUN = "run"
PROVED = Verdict(Outcome.PROVED, explanation="It holds.")
REDUCED = Verdict(Outcome.REDUCED, explanation="It is reduced.")
REFUSED = Verdict(Outcome.REJECTED, (Reason.AXIOM,), "an axiom")
BROKEN = Verdict(Outcome.REJECTED, (Reason.BUILD,), "it does not compile")
CRASHED = Verdict(Outcome.CRASHED, (Reason.CRASHED,), "Lean crashed")


# The search for culprits, by itself


def attempts(count: int) -> list[Attempt]:
    return [Attempt(f"t{number}", "agent", ":= trivial", number=number) for number in range(1, count + 1)]


@dataclass
class Trial:
    """A batch against a judge that says pass or fail of all that is merged and tried together, and nothing else."""

    fails: Callable[[Collection[int]], bool]
    verdict: Verdict = BROKEN
    merged: list[int] = field(default_factory=list)
    refused: dict[int, Verdict] = field(default_factory=dict)
    builds: list[list[int]] = field(default_factory=list)

    def __call__(self, batch: Sequence[Attempt], suspects: Collection[int] = ()) -> "Trial":
        search = Search(list(batch))
        while group := search.next():
            numbers = [attempt.number for attempt in group]
            self.builds.append(numbers)
            verdict = self.verdict if self.fails([*self.merged, *numbers]) else PROVED
            judged = Judgement({a.declaration: verdict for a in group}, None, shared=verdict is not PROVED)
            step = search.learn(group, judged, suspects)
            self.merged += [attempt.number for attempt in step.accepted]
            self.refused |= step.refused
        return self


def guilty(*numbers: int) -> Callable[[Collection[int]], bool]:
    return lambda together: not set(numbers).isdisjoint(together)


@given(size=st.integers(1, 64), data=st.data())
def test_one_culprit_among_k_costs_at_most_1_plus_twice_log2_k_builds(size: int, data: st.DataObject) -> None:
    culprit = data.draw(st.integers(1, size))
    trial = Trial(guilty(culprit))(attempts(size))
    assert trial.merged == [number for number in range(1, size + 1) if number != culprit]
    assert trial.refused == {culprit: BROKEN}
    assert len(trial.builds) <= 1 + 2 * math.log2(size)


@given(size=st.integers(1, 64), data=st.data())
def test_with_many_culprits_all_others_are_merged_in_order(size: int, data: st.DataObject) -> None:
    culprits = data.draw(st.sets(st.integers(1, size)))
    trial = Trial(guilty(*culprits))(attempts(size))
    assert trial.merged == [number for number in range(1, size + 1) if number not in culprits]
    assert trial.refused.keys() == culprits


@given(size=st.integers(2, 64), data=st.data())
def test_of_two_that_fail_only_together_the_first_is_merged(size: int, data: st.DataObject) -> None:
    pair = data.draw(st.sets(st.integers(1, size), min_size=2, max_size=2))
    trial = Trial(lambda together: pair <= set(together))(attempts(size))
    assert trial.refused.keys() == {max(pair)}
    assert trial.merged == [number for number in range(1, size + 1) if number != max(pair)]


@given(size=st.integers(1, 32), data=st.data())
def test_whoever_is_suspected_wrongly_or_rightly_the_result_is_the_same(size: int, data: st.DataObject) -> None:
    numbers = st.sets(st.integers(1, size))
    culprits, suspects = data.draw(numbers), data.draw(numbers)
    trial = Trial(guilty(*culprits))(attempts(size), suspects)
    assert sorted(trial.merged) == [number for number in range(1, size + 1) if number not in culprits]
    assert trial.refused.keys() == culprits


def test_a_suspect_is_judged_alone_after_the_others() -> None:
    trial = Trial(guilty(3))(attempts(64), suspects={3})
    assert trial.builds == [[*range(1, 65)], [n for n in range(1, 65) if n != 3], [3]]


def test_a_tree_that_has_been_judged_is_not_built_again() -> None:
    trial = Trial(guilty(4))(attempts(4))
    assert trial.builds == [[1, 2, 3, 4], [1, 2], [3]]


def test_one_that_is_left_over_by_a_crash_is_judged_alone() -> None:
    crashes = iter([True])  # once, for a reason that has nothing to do with the attempts
    trial = Trial(lambda together: next(crashes, False), verdict=CRASHED)(attempts(4))
    assert trial.merged == [1, 2, 3, 4]
    assert trial.builds == [[1, 2, 3, 4], [1, 2], [3], [4]]


def test_a_split_is_accepted_only_from_one_who_says_so() -> None:
    honest = Attempt("t", "agent", ":= h", splits=True, number=1)
    judged = Judgement({"t": REDUCED}, None, shared=False)
    assert Search([honest]).learn([honest], judged).accepted == [honest]
    silent = replace(honest, splits=False)
    assert Search([silent]).learn([silent], judged).refused == {1: REDUCED}


# The queue, on the real git, with a judge that reads what is said in the bodies


COMMAND = re.compile(r"^(theorem|lemma) (\S+).*?(?=^theorem|^lemma|\Z)", re.MULTILINE | re.DOTALL)


class Text:
    """Reads declarations from the text of the modules."""

    async def survey(self, root: Path) -> Survey:
        return self.read(built(root), NO_PLAN)

    def read(self, build: Build, plan: Blueprint) -> Survey:
        found = {d.name: d for module in build.modules.values() for d in declarations(module)}
        return Survey(build, plan, found, DeclarationGraph(found))


def built(root: Path) -> Build:
    modules = {s.name: CompiledModule(s, (), s.text, "", {}) for s in discover(root).values()}
    return Build(modules, root, settings(root))


def declarations(module: CompiledModule) -> Iterator[Declaration]:
    text, nothing = module.source.text, frozenset[str]()
    for match in COMMAND.finditer(text):
        start, end = position(text, match.start()), position(text, match.start() + len(match[0].rstrip()))
        hole = "sorry" in match[0]
        yield Declaration(match[2], module.name, Kind.THEOREM, "", nothing, nothing, hole, start, end)


class Said:
    """Judges as the bodies say: `refused` by name, `crashed`, `broken` at that line, `hidden` without a place."""

    def __init__(self) -> None:
        self.builds: list[list[str]] = []

    def glance(self, attempt: Attempt) -> Verdict | None:
        return REFUSED if "obvious" in attempt.body else None

    async def judge(
        self, names: Collection[str], before: Build, root: Path, *, splits: Collection[str] = ()
    ) -> Judgement:
        self.builds.append(list(names))
        after = built(root)
        texts = {name: module.source.text for name, module in after.modules.items()}
        whole = "".join(texts.values())
        if "crashed" in whole:
            return Judgement(dict.fromkeys(names, CRASHED), None, shared=True)
        if (
            "broken" in whole
            or "hidden" in whole
            or ("matter" in whole and "antimatter" in whole.split("matter", 1)[1])
        ):
            lines = ((name, n, line) for name, text in texts.items() for n, line in enumerate(text.splitlines()))
            places = tuple((name, number) for name, number, line in lines if "broken" in line)
            return Judgement(dict.fromkeys(names, BROKEN), None, shared=True, places=places)
        found = {d.name: text for module in after.modules.values() for d, text in self._texts(module)}
        return Judgement({name: self._verdict(found[name], name in splits) for name in names}, after, shared=False)

    def _texts(self, module: CompiledModule) -> Iterator[tuple[Declaration, str]]:
        lines = module.source.text.splitlines()
        for d in declarations(module):
            assert d.end is not None
            yield d, "\n".join(lines[d.position.line : d.end.line + 1])

    def _verdict(self, text: str, splits: bool) -> Verdict:
        return REFUSED if "refused" in text else REDUCED if splits else PROVED


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=User", "-c", "user.email=user@localhost")
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@dataclass
class Queue:
    """A merger at the tip of a new run, and all that it has settled."""

    merger: Merger
    survey: Survey
    settled: list[Settled] = field(default_factory=list)

    async def merge(self, *batch: Attempt) -> None:
        async for settled in self.merger.settle(batch, self.survey):
            self.settled.append(settled)
            if settled.merges:
                await self.merger.advance(settled)
                self.survey = settled.survey

    @property
    def merged(self) -> list[str]:
        return [merge.declaration for settled in self.settled for merge in settled.merges]

    @property
    def verdicts(self) -> dict[int, Verdict]:
        return {number: verdict for settled in self.settled for number, verdict in settled.verdicts.items()}

    @property
    def builds(self) -> int:
        return sum(settled.builds for settled in self.settled)


@asynccontextmanager
async def queue(root: Path, reader: Reader | None = None, judge: Judge | None = None) -> AsyncIterator[Queue]:
    repository = Repository.of(root)
    base = repository.resolve("HEAD")
    repository.start(RUN, base)
    async with repository.worktree(f"{RUN}/merge", base) as worktree:
        reader = reader or Text()
        survey = await reader.survey(worktree.project)
        yield Queue(Merger(RUN, base, repository, worktree, reader, judge or Said()), survey)


def holes(*names: str) -> str:
    return "".join(f"theorem {name} : True := by\n  sorry\n\n" for name in names)


def tries(**bodies: str) -> list[Attempt]:
    """Attempts at these declarations, in this order, with these words in their proofs."""
    said = enumerate(bodies.items(), start=1)
    return [Attempt(name, "agent", f":= by\n  trivial -- {word}", number=number) for number, (name, word) in said]


def subjects(root: Path) -> list[str]:
    return git(root, "log", "--reverse", "--format=%s", f"main..prover/{RUN}").splitlines()


async def test_twenty_theorems_of_one_file_by_twenty_agents_are_merged_with_one_build(project: Make) -> None:
    names = [f"t{number}" for number in range(20)]
    root = project({"A": holes(*names)})
    batch = [Attempt(n, f"agent-{n}", f":= by\n  trivial -- {n}\n  done", number=int(n[1:]) + 1) for n in names]
    async with queue(root) as q:
        await q.merge(*reversed(batch))
    assert q.merged == [*reversed(names)]
    assert q.builds == 1
    assert subjects(root) == [f"Prove {name}" for name in reversed(names)]
    assert git(root, "log", "-1", "--format=%an", f"prover/{RUN}") == "agent-t0"
    assert "sorry" not in git(root, "show", f"prover/{RUN}:A.lean")


async def test_a_commit_says_what_was_merged_for_whom(project: Make) -> None:
    root = project({"A": holes("a")})
    async with queue(root) as q:
        await q.merge(*tries(a="fine"))
    trailers = git(root, "log", "-1", "--format=%(trailers)", f"prover/{RUN}").splitlines()
    assert trailers == ["Declaration: a", "Agent: agent", "Attempt: 1", "Verdict: proved"]


async def test_what_a_glance_refuses_costs_no_build(project: Make) -> None:
    async with queue(project({"A": holes("a", "b")})) as q:
        await q.merge(*tries(a="obvious", b="fine"))
    assert [(settled.builds, [*settled.verdicts]) for settled in q.settled] == [(0, [1]), (1, [2])]


async def test_one_refused_by_name_costs_the_others_one_more_build(project: Make) -> None:
    async with queue(project({"A": holes("a", "b", "c")})) as q:
        await q.merge(*tries(a="fine", b="refused", c="fine"))
    assert q.merged == ["a", "c"]
    assert q.verdicts == {1: PROVED, 2: REFUSED, 3: PROVED}
    assert q.builds == 2


async def test_where_lean_points_at_an_attempt_it_is_taken_out_first(project: Make) -> None:
    root, judge = project({"A": holes("a", "b"), "B": holes("c", "d", "e")}), Said()
    async with queue(root, judge=judge) as q:
        await q.merge(*tries(a="fine", b="broken", c="fine", d="fine", e="broken"))
    assert judge.builds == [["a", "b", "c", "d", "e"], ["a", "c", "d"], ["b"], ["e"]]
    assert q.merged == ["a", "c", "d"]


async def test_the_line_is_found_in_the_text_as_spliced(project: Make) -> None:
    root, judge = project({"A": holes("a", "b", "c")}), Said()
    long = Attempt(
        "a", "agent", ":= by\n" + "  skip\n" * 9 + "  trivial", helpers="lemma a.helper.h : True :=\n  it", number=1
    )
    async with queue(root, judge=judge) as q:
        await q.merge(long, *(replace(a, number=a.number + 1) for a in tries(b="broken", c="fine")))
    assert judge.builds == [["a", "b", "c"], ["a", "c"], ["b"]]


async def test_a_module_that_fails_again_is_not_believed_again(project: Make) -> None:
    """The line is in `a`, and what breaks it is `b`."""

    class Misled(Said):
        async def judge(
            self, names: Collection[str], before: Build, root: Path, *, splits: Collection[str] = ()
        ) -> Judgement:
            judged = await super().judge(names, before, root, splits=splits)
            return replace(judged, places=(("A", 5 * len(names)),))  # of whoever is the last

    root, judge = project({"A": holes(*"abcdefgh")}), Misled()
    async with queue(root, judge=judge) as q:
        await q.merge(*tries(a="fine", b="hidden", c="x", d="x", e="x", f="x", g="x", h="x"))
    assert sorted(q.merged) == list("acdefgh")
    assert q.builds <= 2 + 1 + 2 * math.log2(8)


async def test_of_two_that_do_not_go_together_one_is_merged(project: Make) -> None:
    async with queue(project({"A": holes("a", "b", "c")})) as q:
        await q.merge(*tries(a="matter", b="fine", c="antimatter"))
    assert q.merged == ["a", "b"]
    assert q.verdicts[3] == BROKEN


async def test_a_crash_on_one_is_what_is_said_of_it(project: Make) -> None:
    async with queue(project({"A": holes("a")})) as q:
        await q.merge(*tries(a="crashed"))
    assert q.verdicts == {1: CRASHED}
    assert q.merged == []


async def test_a_batch_has_one_attempt_per_declaration(project: Make) -> None:
    (one,) = tries(a="fine")
    async with queue(project({"A": holes("a")})) as q:
        with pytest.raises(ValueError, match="one attempt per declaration"):
            await q.merge(one, replace(one, number=2))


async def test_the_branch_moves_only_when_it_is_told_to_and_only_once(project: Make) -> None:
    async with queue(root := project({"A": holes("a")})) as q:
        (settled,) = [settled async for settled in q.merger.settle(tries(a="fine"), q.survey)]
        assert subjects(root) == []
        await q.merger.advance(settled)
        await q.merger.advance(settled)
    assert subjects(root) == ["Prove a"]
    assert q.merger.tip == settled.tip == settled.merges[-1].commit


async def test_a_branch_that_somebody_else_moved_is_left_alone_and_followed(project: Make) -> None:
    async with queue(root := project({"A": holes("a", "b")})) as q:
        (settled,) = [settled async for settled in q.merger.settle(tries(a="fine"), q.survey)]
        theirs = git(root, "commit-tree", "-m", "theirs", "-p", "main", "main^{tree}")
        git(root, "update-ref", f"refs/heads/prover/{RUN}", theirs)
        with pytest.raises(BranchMoved) as caught:
            await q.merger.advance(settled)
        q.survey = await q.merger.follow()
        await q.merge(*tries(b="fine"))
    assert caught.value.at == theirs
    assert subjects(root) == ["theirs", "Prove b"]
    assert q.survey.declarations["a"].hole


async def test_commits_that_make_another_tree_than_the_judged_one_are_no_merge(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with queue(project({"A": holes("a")})) as q:
        commit = q.merger.repository.commit

        def slipped(worktree: object, message: str, author: str) -> str:
            (q.merger.worktree.project / "A.lean").write_text("something else")
            return commit(q.merger.worktree, message, author)

        monkeypatch.setattr(q.merger.repository, "commit", slipped)
        with pytest.raises(RepositoryError, match="tree that was judged"):
            await q.merge(*tries(a="fine"))
    assert q.settled == []


def bytes_of_the_user(root: Path) -> dict[str, bytes]:
    """Every file of the checkout and of git's folder but for what is ours: objects, worktrees, and the run's branch."""
    ours = (".prover", ".git/objects", ".git/worktrees", ".git/refs/heads/prover", ".git/logs/refs/heads/prover")
    files = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if not name.startswith(ours)}


async def test_a_dirty_checkout_its_index_its_stash_and_its_branches_keep_every_byte(project: Make) -> None:
    root = project({"A": holes("a", "b"), "B": holes("c", "d")})
    git(root, "branch", "other")
    (root / "A.lean").write_text("stashed")
    git(root, "stash")
    (root / "B.lean").write_text("in the index")
    git(root, "add", ".")
    (root / "B.lean").write_text("and then changed")
    (root / "notes.txt").write_text("untracked")
    before = bytes_of_the_user(root)
    async with queue(root) as q:
        assert q.merger.repository.is_dirty()
        await q.merge(*tries(a="fine", b="hidden", c="refused", d="broken"))
        await q.merger.follow()
    q.merger.repository.sweep(RUN)
    assert q.merged == ["a"]
    assert bytes_of_the_user(root) == before
    assert not any((root / ".git" / "worktrees").iterdir())


# With the real Lean and the real judge


async def test_new_lemmas_are_locked_and_the_next_judgement_goes_on(project: Make, builder: Builder) -> None:
    root = project({"A": "theorem a (n : Nat) : n + 0 = n := by sorry\ntheorem b : True := by sorry\n"})
    surveyor = Surveyor(builder)
    lane.lock(root, await surveyor.survey(root))
    git(root, "add", ".")
    git(root, "commit", "-m", "lock")
    lemma = "theorem a.helper.h (n : Nat) : n + 0 = n := rfl"
    async with queue(root, surveyor, Gate(builder)) as q:
        await q.merge(Attempt("a", "agent", ":= a.helper.h n", helpers=lemma, number=1))
        await q.merge(Attempt("b", "agent", ":= trivial", number=2))
        held = locks.find(await q.merger.reset())
    assert q.merged == ["a", "b"]
    assert subjects(root) == ["Prove a", "Lock the statements of a.helper.h", "Prove b"]
    assert held is not None
    assert [*held.statements] == ["a", "a.helper.h", "b"]
    assert locks.check(held, q.survey.declarations) == []
    assert q.settled[0].tip != q.settled[0].merges[-1].commit


@pytest.mark.slow
async def test_lean_itself_points_at_the_culprits_of_two_modules_at_once(project: Make, builder: Builder) -> None:
    root = project({m: "".join(f"theorem {m}{n} : True := by\n  sorry\n\n" for n in range(3)) for m in "AB"})
    async with queue(root, Surveyor(builder), Gate(builder)) as q:
        names = [f"{m}{n}" for m in "AB" for n in range(3)]
        bodies = {n: ":= by\n  exact nothing" if n in ("A1", "B0", "B2") else ":= trivial" for n in names}
        await q.merge(*(Attempt(n, "agent", bodies[n], number=i) for i, n in enumerate(names, start=1)))
    assert q.merged == ["A0", "A2", "B1"]
    assert q.builds == 2 + 3
    assert {n for n, v in q.verdicts.items() if v.outcome is Outcome.REJECTED} == {2, 4, 6}
