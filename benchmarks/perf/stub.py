"""A project whose builds cost a fixed time and run no Lean, for measurements of everything else.

The project is real: Lean-looking modules in a git repository, with a plan of who needs whom. What stands in for Lean
reads the text instead of compiled data: a body says itself how it is to be judged (`OK` and the words beside it).
Slots, splicing, the declaration graph, git, the journal, dispatch and merging are the code of `prover`. Used by
`benchmarks.perf.queue` and `benchmarks.perf.swarm`.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

from agents.base import Bench, GaveUp
from prover.blueprint.plan import Blueprint, Node
from prover.errors import BuildFailed
from prover.graph import DeclarationGraph
from prover.judge.gate import Gate, Judgement
from prover.lean.build import Build, Builder, CompiledModule, Progress, nobody
from prover.lean.modules import MARKERS, Source
from prover.lean.pool import Statistics
from prover.lean.source import imports, position
from prover.model import Attempt, Declaration, Evidence, Kind, Outcome, Reason, Stage, Task, Verdict
from prover.project import NO_PLAN, Survey, Surveyor

OK = ":= stub_ok"  # proved, unless what it `uses` is open
BAD_NAMED = ":= stub_bad_named"  # refused by name, as the audit does
BAD_BUILD = ":= stub_bad_build"  # the whole build fails, and Lean says where
BAD_HIDDEN = ":= stub_bad_hidden"  # the whole build fails, and nothing says why
HOLE = ":= by\n  sorry"

PER_MODULE = 20
DEFINITIONS = 40
USES = 3  # planned for each theorem, on average
SPREAD = 0.1  # how far back they are, on average, as a share of all theorems
CHANCES = (0.6, 1.8)  # of success: the parameters of a beta distribution, whose mean is a quarter
SPINE = 50  # theorems of which each needs the one before: no plan is without a long chain

_COMMAND = re.compile(
    r"^(?P<kind>theorem|def) (?P<name>\S+) (?P<signature>[^\n]*?) (?P<body>:=(?:.*\n)*?)$", re.MULTILINE
)
_USES = re.compile(r"\buses ((?:\S+ ?)+)")
_DEFINITION = re.compile(r"Stub\.d\d+")


def synthetic(root: Path, declarations: int, seed: int) -> Blueprint:
    """Makes the project at `root`, a git repository with one commit, and returns its plan; the seed fixes all."""
    choose = Random(seed)
    names = [f"Stub.M{number // PER_MODULE:03}.t{number % PER_MODULE}" for number in range(declarations)]
    modules = {"Base": "".join(f"def Stub.d{n} (n : Nat) : Nat := n + {n}\n\n" for n in range(DEFINITIONS))}
    for start in range(0, declarations, PER_MODULE):
        number = start // PER_MODULE
        header = f"import Stub.{f'M{number - 1:03}' if number else 'Base'}\n\n"
        modules[f"M{number:03}"] = header + "".join(_theorem(name, choose) for name in names[start:][:PER_MODULE])
    folder = root / "Stub"
    folder.mkdir(parents=True)
    (root / MARKERS[0]).write_text("stub\n", encoding="utf-8")
    for name, text in modules.items():
        (folder / f"{name}.lean").write_text(text, encoding="utf-8")
    identity = ("-c", "user.name=User", "-c", "user.email=user@localhost")
    for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "the statements"]):
        subprocess.run(["git", *identity, *words], cwd=root, check=True, timeout=60)
    return Blueprint({name: _node(name, used) for name, used in _planned(names, choose)})


def _theorem(name: str, choose: Random) -> str:
    left, right = choose.sample(range(DEFINITIONS), 2)
    return f"theorem {name} (n : Nat) : Stub.d{left} n + {right} = Stub.d{right} n + {left} {HOLE}\n\n"


def _planned(names: list[str], choose: Random) -> Iterator[tuple[str, frozenset[str]]]:
    """Each theorem with what it needs: nearer theorems rather than far ones, none for a share of them."""
    step = max(1, len(names) // SPINE)
    for number, name in enumerate(names):
        back = (1 + int(choose.expovariate(1 / (SPREAD * len(names)))) for _ in range(choose.randint(0, 2 * USES)))
        used = {names[number - distance] for distance in back if distance <= number}
        spine = {names[number - step]} if number >= step and number % step == 0 else set()
        yield name, frozenset(used | spine)


def _node(name: str, used: frozenset[str]) -> Node:
    nothing: frozenset[str] = frozenset()
    return Node(name, "", "theorem", (name,), nothing, used, False, False, False, "")


@dataclass
class Clock:
    """Virtual time, in seconds: whoever would wait lets it pass instead."""

    now: float = 0.0

    async def pass_(self, seconds: float) -> None:
        """Others get their turn meanwhile."""
        self.now += seconds
        await asyncio.sleep(0)


class StubBuilder(Builder):
    """Reads the sources, and lets the time of a build pass."""

    def __init__(self, clock: Clock, seconds: float = 0.0) -> None:
        self.clock, self.seconds = clock, seconds
        self.builds = 0
        self._known: dict[Path, CompiledModule] = {}

    async def build(self, root: Path, progress: Progress = nobody) -> Build:
        """Raises BuildFailed when a body says that it does not compile, silently or with its place."""
        self.builds += 1
        build = await asyncio.to_thread(self.read, root)
        await self.clock.pass_(self.seconds)
        if any(BAD_HIDDEN in module.source.text for module in build.modules.values()):
            raise BuildFailed("something does not compile")
        for name, module in build.modules.items():
            lines = [number for number, text in enumerate(module.source.text.splitlines()) if BAD_BUILD in text]
            if lines:
                said = f"{module.source.path}:{lines[0] + 1}: it says that it does not compile"
                raise BuildFailed(said, places=tuple((name, line) for line in lines))
        return build

    def read(self, root: Path) -> Build:
        """What a build leaves, in dependency order, which is that of the names; what is as it was is not made anew."""
        found: dict[str, CompiledModule] = {}
        for file in sorted((root / "Stub").iterdir()):
            path, text = file.relative_to(root), file.read_text(encoding="utf-8")
            if path not in self._known or self._known[path].source.text != text:
                name, key = ".".join(path.with_suffix("").parts), sha256(text.encode()).hexdigest()
                source = Source(name, path, text, imports(text))
                self._known[path] = CompiledModule(source, (), key, "", dict.fromkeys(found, ""))
            found[self._known[path].name] = self._known[path]
        return Build(found, root, {})


class StubSurveyor(Surveyor):
    """Reads the declarations from the text of the modules; one that it has read before is not read again."""

    def __init__(self, builder: StubBuilder, plan: Blueprint) -> None:
        self.builder: StubBuilder = builder
        self.plan = plan
        self._read: dict[str, tuple[str, dict[str, Declaration]]] = {}  # module → its key and declarations

    async def survey(self, root: Path, progress: Progress = nobody) -> Survey:
        return self.read(await self.builder.build(root, progress), self.plan)

    def read(self, build: Build, plan: Blueprint = NO_PLAN) -> Survey:
        found = self.declarations(build)
        imported = {name: frozenset(module.sees) for name, module in build.modules.items()}
        return Survey(build, plan, found, DeclarationGraph(found, plan.edges(), imported))

    def declarations(self, build: Build) -> dict[str, Declaration]:
        """By name, in the order of modules and texts."""
        return {name: d for module in build.modules.values() for name, d in self._of(module).items()}

    def _of(self, module: CompiledModule) -> dict[str, Declaration]:
        key, found = self._read.get(module.name, ("", {}))
        if key != module.key:
            found = {d.name: d for d in declarations_in(module)}
            self._read[module.name] = module.key, found
        return found


def declarations_in(module: CompiledModule) -> Iterator[Declaration]:
    """The declarations of a module of the project, in the order of the text."""
    text = module.source.text
    for match in _COMMAND.finditer(text):
        signature, body = match["signature"], match["body"]
        uses = _USES.search(body)
        yield Declaration(
            name=match["name"],
            module=module.name,
            kind=Kind(match["kind"]) if match["kind"] == "theorem" else Kind.DEFINITION,
            statement=sha256(signature.encode()).hexdigest(),
            statement_uses=frozenset(_DEFINITION.findall(signature)),
            proof_uses=frozenset(uses[1].split()) if uses else frozenset(),
            hole="sorry" in body,
            position=position(text, match.start()),
            end=position(text, match.start() + len(match[0].rstrip())),
        )


class StubGate(Gate):
    """Judges by what the bodies say of themselves; the glance at the text is the real one."""

    def __init__(self, surveyor: StubSurveyor) -> None:
        self.builder: StubBuilder = surveyor.builder
        self.surveyor = surveyor

    async def judge(
        self, names: Collection[str], before: Build, root: Path, *, free: bool = False, splits: Collection[str] = ()
    ) -> Judgement:
        try:
            after = await self.builder.build(root)
        except BuildFailed as error:
            verdict = Verdict(Outcome.REJECTED, (Reason.BUILD,), str(error), evidence=Evidence(Stage.BUILD))
            return Judgement(dict.fromkeys(names, verdict), None, shared=True, places=error.places)
        found = await asyncio.to_thread(self.surveyor.declarations, after)
        verdicts = {name: _verdict(name, _text(found[name], after), found, splits=name in splits) for name in names}
        return Judgement(verdicts, after, shared=False)


def _text(declaration: Declaration, build: Build) -> str:
    assert declaration.end is not None
    lines = build.modules[declaration.module].source.text.splitlines()
    return "\n".join(lines[declaration.position.line : declaration.end.line + 1])


def _verdict(name: str, text: str, found: Mapping[str, Declaration], *, splits: bool) -> Verdict:
    resting, lemmas = holes_below(name, found), f"{name}.helper."
    if BAD_NAMED in text:
        return _rejected(Reason.AXIOM, "it says that it is refused")
    if splits and resting and all(other.startswith(lemmas) for other in resting):
        return Verdict(Outcome.REDUCED, (), "it says that it is reduced", resting, Evidence(Stage.REPLAY))
    if resting:
        return _rejected(Reason.SORRY, f"it rests on the open {', '.join(resting)}", resting)
    return Verdict(Outcome.PROVED, explanation="it says that it is proved", evidence=Evidence(Stage.REPLAY))


def _rejected(reason: Reason, why: str, rests_on: tuple[str, ...] = ()) -> Verdict:
    return Verdict(Outcome.REJECTED, (reason,), why, rests_on, Evidence(Stage.AUDIT))


def holes_below(name: str, found: Mapping[str, Declaration]) -> tuple[str, ...]:
    """The declarations with a hole that it rests on, itself among them where it has one."""
    reached, todo = {name}, [name]
    while todo:
        new = found[todo.pop()].proof_uses - reached
        reached |= new
        todo.extend(new)
    return tuple(sorted(other for other in reached if found[other].hole))


class StubPool:
    """The part of `LeanPool` that the coordinator itself uses: nothing is ever asked of Lean."""

    def statistics(self) -> Statistics:
        return Statistics(0, {}, 0, 0)


class StubAgent:
    """Proves each declaration with a chance of its own, which the seed fixes, after `thinking` seconds on average.

    A share `bad` of what it proposes is wrong, in ways that the gate can name.
    """

    tries = 12

    def __init__(self, name: str, seed: int, *, bad: float = 0.02, thinking: float = 0.0) -> None:
        self.name, self.bad, self.thinking = name, bad, thinking
        self._seed = seed
        self._choose = Random(f"{name} {seed}")

    def chance(self, declaration: str) -> float:
        """How likely an attempt is to prove it: few are easy, and the tail of the hard ones is long."""
        return Random(f"{declaration} {self._seed}").betavariate(*CHANCES)

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        await asyncio.sleep(self._choose.expovariate(1 / self.thinking) if self.thinking else 0)
        name = task.declaration.name
        if self._choose.random() < self.bad:
            return Attempt(name, self.name, self._choose.choice((BAD_NAMED, BAD_BUILD)))
        if self._choose.random() < self.chance(name):
            uses = f" uses {' '.join(task.lemmas[:USES])}" if task.lemmas else ""
            return Attempt(name, self.name, OK + uses)
        return GaveUp("it is too hard")
