"""Damaged module data: always an answer or one of our errors, soon, and no open proof is ever called proved."""

import shutil
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from prover.errors import LeanError, OleanError, ProjectError
from prover.judge.audit import audit
from prover.lean.build import Build, Builder, CompiledModule
from prover.lean.declarations import declarations
from prover.lean.environment import Environment
from prover.lean.interface import interface_digest
from prover.lean.kernels import kernel_for
from prover.lean.module import read_module
from prover.lean.name import Name
from prover.lean.replay import Kernel
from prover.lean.toolchain import Toolchain
from prover.model import Kind, Outcome
from tests.olean_mutants import Image, mutant

NATIVE = Path(__file__).parent / "data" / "native64"
SECONDS = 20  # of processor time, for one module that takes hundredths of one when it is sound
COMMON = """
/-- A definition that statements below are about. -/
def Small (n : Nat) : Prop := n < 5

structure Box where
  val : Nat

instance : LT Box := ⟨fun a b => a.val < b.val⟩

def big : Nat := 123456789012345678901234567890
"""
OPEN = f"""{COMMON}
theorem small : ∀ n : Nat, Small n := by
  sorry

theorem target : ∀ n : Nat, n < 5 := by
  intro n
  have : n < 5 := sorry
  exact this

theorem resting (a b : Box) : a < b := absurd (target 5) (by sorry)
"""
PROVED = f"""{COMMON}
theorem small : ∀ n : Nat, Small n → n < 6 := by
  intro n h
  simp only [Small] at h
  omega

theorem target : ∀ n : Nat, n < n + 5 := by omega
"""


class Trial:
    """A module with open theorems, what is read from its mutants, and how far each got."""

    def __init__(self, parts: Sequence[Path], others: Sequence[Sequence[Path]], folder: Path) -> None:
        self.image, self.others = Image(parts), [Image(other) for other in others]
        self.parts = [folder / path.name for path in parts]
        self.before = Environment({"Fuzz": read_module(parts)})
        self.open = [
            name
            for name, declaration in declarations(self.before).items()
            if declaration.kind is Kind.THEOREM and name not in proved_of([name], self.before, self.before)
        ]
        self.reached: Counter[str] = Counter()
        self.forged: list[list[Path]] = []  # copies of the mutants that the audit has nothing against
        self.slowest = 0.0

    def run(self, mutants: int, seed: int) -> None:
        random = Random(seed)
        for _ in range(mutants):
            began = time.process_time()
            for path, part in zip(self.parts, mutant(self.image, self.others, random), strict=True):
                path.write_bytes(part)
            self.reached[self.examine()] += 1
            self.slowest = max(self.slowest, time.process_time() - began)

    def examine(self) -> str:
        """How far the mutant got; whatever is neither an answer nor an error of ours goes on to pytest."""
        with suppress(OleanError):
            interface_digest(self.parts)
        try:
            after = Environment({"Fuzz": read_module(self.parts)})
            declarations(after)
            proved = proved_of(self.open, self.before, after)
        except (OleanError, ProjectError):
            return "refused"
        assert [name for name in proved if has_same_proof(name, self.before, after)] == []
        if proved:
            self.keep()
        return "forged" if proved else "audited"

    def keep(self) -> None:
        folder = self.parts[0].parent / f"forged-{len(self.forged)}"
        folder.mkdir()
        self.forged.append([Path(shutil.copy(part, folder)) for part in self.parts])


def proved_of(names: Sequence[str], before: Environment, after: Environment) -> list[str]:
    """The one place here that knows how an audit is asked for."""
    verdicts = audit(names, before, after).verdicts
    return [name for name in names if verdicts[name].outcome is Outcome.PROVED]


def has_same_proof(name: str, before: Environment, after: Environment) -> bool:
    """Does the theorem still have the proof that it had, and that proof all the constants that it rests on?

    A mutant may by chance have a term of another theorem, or a name that is nobody's, in the place of the hole. That
    such a term is no proof is for the kernel to say; nothing but a check of types can.
    """
    parsed = Name.parse(name)
    rests_on = before.reached(parsed) & before.constants.keys()
    return all(
        [constant.digest for constant in before.constants[other]]
        == [constant.digest for constant in after.constants.get(other, ())]
        for other in rests_on
    )


async def accepted(trial: Trial, module: CompiledModule, kernel: Kernel) -> list[Path]:
    """The forged mutants that the kernel, asked again, has nothing against either."""
    found = []
    for parts in trial.forged:
        forged = replace(module, parts=tuple(parts))
        with suppress(LeanError):  # it could not be asked about such a file: nothing is proved then
            answer = await kernel.replay([forged])
            if not any(map(answer.against, _below(trial.open, forged))):
                found.append(parts[0])
    return found


def _below(names: Sequence[str], module: CompiledModule) -> list[frozenset[Name]]:
    """For each of the theorems, all that it rests on."""
    environment = Environment({"Fuzz": module.read()})
    return [environment.reached(Name.parse(name)) for name in names]


@pytest.fixture
async def kernel(toolchain: Toolchain, tmp_path: Path) -> AsyncIterator[Kernel]:
    kernel = kernel_for(toolchain, [tmp_path])
    assert kernel is not None
    async with kernel:
        yield kernel


@pytest.fixture
async def fuzzed(builder: Builder, project: Callable[[Mapping[str, str]], Path]) -> Build:
    return await builder.build(project({"Fuzz": OPEN, "Other": PROVED.replace("Box", "Case")}))


@pytest.fixture
def trial(fuzzed: Build, tmp_path: Path) -> Trial:
    return Trial(fuzzed.modules["Fuzz"].parts, [fuzzed.modules["Other"].parts], tmp_path)


async def test_mutants_of_a_module_of_the_embedded_lean(trial: Trial, fuzzed: Build, kernel: Kernel) -> None:
    assert trial.open == ["small", "target", "resting"]
    trial.run(250, seed=0)
    assert trial.reached["audited"] > 60, trial.reached  # otherwise this would test the decoder alone
    assert await accepted(trial, fuzzed.modules["Fuzz"], kernel) == []
    assert trial.slowest < SECONDS


def test_mutants_of_a_module_of_a_native_lean(tmp_path: Path) -> None:
    parts = [NATIVE / f"Parts.olean{suffix}" for suffix in ("", ".server", ".private")]
    trial = Trial([NATIVE / "Plain.olean"], [parts], tmp_path)
    assert "anything" in trial.open
    trial.run(250, seed=0)
    assert trial.reached["audited"] > 60, trial.reached
    assert trial.slowest < SECONDS


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 11))
async def test_ten_thousand_mutants(trial: Trial, fuzzed: Build, kernel: Kernel, seed: int) -> None:
    trial.run(1000, seed)
    print(f"seed {seed}: {dict(trial.reached)}, the slowest took {trial.slowest:.2f} s")
    assert await accepted(trial, fuzzed.modules["Fuzz"], kernel) == []
    assert trial.slowest < SECONDS
