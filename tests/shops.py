"""Shops for tests of repair: a theorem on the real Lean, and drafts of bodies that no Lean has seen."""

from agents.base import Trial
from agents.bench import LeanBench
from agents.repair.diagnosis import diagnose
from agents.repair.shop import SORRY, Draft, Hole, Shop
from prover.config import Config
from prover.lean.pool import LeanPool
from prover.lean.source import find_slot
from prover.ledger import Ledger
from prover.model import Budget, Declaration, Kind, Position, Task
from prover.state import State


def a_task(
    statement: str,
    *,
    before: str = "",
    lemmas: tuple[str, ...] = (),
    definitions: tuple[str, ...] = (),
    checks: int = 60,
) -> Task:
    """The task to prove a theorem `goal` with this statement, behind the text `before`."""
    source = f"{before}theorem goal {statement} := by\n  sorry\n"
    position = Position(before.count("\n"), 0)
    slot = find_slot(source, position, "goal")
    declaration = Declaration("goal", "M", Kind.THEOREM, "", frozenset(), frozenset(), True, position)
    return Task(declaration, "base", slot, before, lemmas, definitions, "test", Budget(60.0, checks))


def a_shop(pool: LeanPool, task: Task, seconds: float = 60.0) -> Shop:
    """A shop for the task; `seconds` is the limit of one check."""
    purse = Ledger(State(), Config(), lambda steps, said: None).purse(task)
    files: dict[str, str] = {}
    return Shop(LeanBench(pool, task, files.__getitem__, seconds, purse), checks=task.budget.checks)


async def look(shop: Shop, body: str) -> Draft:
    """The body as Lean sees it."""
    (draft,) = await shop.look([body])
    return draft


def unseen(body: str) -> Draft:
    """A draft without complaints, whose holes are its words `sorry`."""
    trial = Trial(body, False)
    starts = [at for at in range(len(body)) if body.startswith(SORRY, at)]
    return Draft(trial, diagnose(trial), tuple(Hole(at, at + len(SORRY)) for at in starts))


def errors(draft: Draft) -> list[str]:
    """What Lean says is wrong, for the message of an assertion."""
    return [remark.text for remark in draft.trial.remarks if remark.error]
