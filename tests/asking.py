"""What tests of the agents that ask a model share: a task, a bench that is no Lean, and a model that has a script."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agents.asking import Asking
from agents.base import Bill, Premise, Remark, Trial
from agents.models.base import Exchange, Limits, Price
from agents.models.caller import Caller
from agents.models.endpoint import Endpoint
from agents.models.scripted import ScriptedModel
from prover.errors import BudgetSpent
from prover.lean.source import find_slot
from prover.model import Budget, Call, Declaration, Kind, Position, Task, Tried, Usage

SOURCE = """module

@[expose] public section

namespace Numbers

/-- The triangular numbers. -/
def triangle : Nat → Nat
  | 0 => 0
  | n + 1 => triangle n + (n + 1)

theorem triangle_zero : triangle 0 = 0 := by sorry

/-- Twice a triangular number is a product. -/
theorem two_mul_triangle (n : Nat) : 2 * triangle n = n * (n + 1) := by
  sorry

end Numbers
"""
NAME = "Numbers.two_mul_triangle"
STATED = "theorem two_mul_triangle (n : Nat) : 2 * triangle n = n * (n + 1)"
PROOF = ":= by\n  induction n with\n  | zero => rfl\n  | succ n ih => rw [triangle, Nat.mul_add, ih]; grind"


def task(
    source: str = SOURCE, name: str = NAME, *, agent: str = "refiner", earlier: Sequence[Tried] = (), checks: int = 40
) -> Task:
    """The theorem of that name in a module of that text."""
    local = name.removeprefix("Numbers.")
    before = source[: source.index(f"theorem {local} ")]
    doc = before.rfind("/--")
    start = doc if doc >= 0 and not before[before.index("-/", doc) + 2 :].strip() else len(before)
    where = Position(source[:start].count("\n"), 0)
    declaration = Declaration(name, "Numbers", Kind.THEOREM, "", frozenset(), frozenset(), True, where)
    slot = find_slot(source, where, name)
    outline, lemmas = source[: slot.command], ("Numbers.triangle_zero",)
    definitions = ("Numbers.triangle",)
    return Task(
        declaration, "base", slot, outline, lemmas, definitions, agent, Budget(60.0, checks), 1, earlier=tuple(earlier)
    )


@dataclass
class _Bill:
    usage: Usage | None = None
    dollars: float | None = None
    said: str = ""


@dataclass
class FakeBench:
    """Bodies in `closing` close the statement, all others have the error that is given.

    Lean refuses helpers that have a text of `wrong` in them. There are `checks` left, and money for so many calls.
    """

    closing: tuple[str, ...] = ()
    error: str = "unknown identifier 'nonsense'"
    line: int = 1
    files: Mapping[str, str] = field(default_factory=dict)
    premises: tuple[Premise, ...] = ()
    wrong: tuple[str, ...] = ()
    checks: int = 100
    calls: int = 100
    asked: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    patience: list[bool] = field(default_factory=list)  # of each time that it was asked
    exchanges: dict[int, str] = field(default_factory=dict)

    async def try_bodies(
        self, bodies: Sequence[str], *, statement: str = "", helpers: str = "", patient: bool = False
    ) -> list[Trial]:
        if bodies:
            self._check()
            self.asked.append((tuple(bodies), helpers))
            self.patience.append(patient)
        error = (Remark(self.error, self.line),)
        if any(text in helpers for text in self.wrong):
            return [Trial(body, False, error, in_helpers=True) for body in bodies]
        return [Trial(body, True) if body in self.closing else Trial(body, False, error) for body in bodies]

    async def goals(self, body: str = ":= by skip", helpers: str = "") -> tuple[str, ...]:
        self._check()
        return (f"goal after {body.split()[-1]}\n⊢ False",)

    async def goals_at(
        self, body: str, places: Sequence[int], *, statement: str = "", helpers: str = ""
    ) -> tuple[tuple[str, ...] | None, ...]:
        self._check()
        return tuple((f"goal after {body[:place].split()[-1]}\n⊢ False",) for place in places)

    def _check(self) -> None:
        self.checks -= 1
        if self.checks < 0:
            raise BudgetSpent("all checks of its budget are used")

    def read(self, path: str) -> str:
        try:
            return self.files[path]
        except KeyError:
            raise FileNotFoundError(path) from None

    async def search(self, query: str, *, most: int = 10) -> tuple[Premise, ...]:
        return self.premises[:most]

    @contextmanager
    def paying(self, call: Call) -> Iterator[Bill]:
        if call.number >= self.calls:
            raise BudgetSpent("the run's dollars are used")
        bill = _Bill()
        yield bill
        if bill.said:
            self.exchanges[call.number] = bill.said

    def said(self, number: int) -> str | None:
        return self.exchanges.get(number)

    def exchange(self, number: int) -> Exchange:
        """What has been kept of a call."""
        return Exchange.read(self.exchanges[number])


def a_caller(folder: Path, *entries: Mapping[str, Any] | str, name: str = "scripted") -> Caller:
    """Whose model gives these answers; one that is only a text may be given as that."""
    path = folder / "script.jsonl"
    tables = [{"text": entry} if isinstance(entry, str) else dict(entry) for entry in entries]
    path.write_text("\n".join(json.dumps(table) for table in tables))
    return Caller(ScriptedModel(name, path), Endpoint(), Price(input=0, output=0))


def settings(**given: Any) -> Asking:
    return Asking(**{"limits": Limits(max_tokens=1000), "repair": False, **given})


def block(code: str) -> str:
    return f"Here it is.\n\n```lean\n{code}\n```\n"
