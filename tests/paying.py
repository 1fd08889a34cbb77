"""A run's books without the run: a real journal, the state that is folded from it, and a real ledger over both."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NoReturn, Self

from agents.base import Bill, Premise, Trial
from prover.config import Config
from prover.journal import Journal, What
from prover.ledger import Ledger
from prover.model import Budget, Call, Declaration, Kind, Position, Slot, Spent, Task
from prover.record import Record
from prover.recovery import unsettled
from prover.state import fold


@contextmanager
def quick_folder() -> Iterator[Path]:
    """In memory where the system has such a place: every charge is a wait for the disk elsewhere."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


class Desk:
    """Implements `agents.base.Bench` for who does nothing but ask a model."""

    def __init__(self, books: "Books", task: Task) -> None:
        self.number = task.number
        self._purse = books.ledger.purse(task, books.journal.said(task.number))

    def paying(self, call: Call) -> AbstractContextManager[Bill]:
        return self._purse.paying(call)

    def said(self, number: int) -> str | None:
        return self._purse.said(number)

    async def try_bodies(
        self, bodies: Sequence[str], *, statement: str = "", helpers: str = "", patient: bool = False
    ) -> list[Trial]:
        self._no_lean()

    async def goals(self, body: str = ":= by skip", helpers: str = "") -> tuple[str, ...]:
        self._no_lean()

    async def goals_at(
        self, body: str, places: Sequence[int], *, statement: str = "", helpers: str = ""
    ) -> tuple[tuple[str, ...] | None, ...]:
        self._no_lean()

    def read(self, path: str) -> str:
        self._no_lean()

    async def search(self, query: str, *, most: int = 10) -> tuple[Premise, ...]:
        self._no_lean()

    def _no_lean(self) -> NoReturn:
        raise AssertionError("there is no Lean at this desk")


class Books:
    """Settings are those of `prover.toml`. A second one for the same folder goes on from what the first has written."""

    def __init__(self, folder: Path, **settings: object) -> None:
        path = folder / "journal.sqlite"
        self.journal = Journal.resume(path) if path.exists() else Journal.create(path)
        self._record = Record(self.journal, [], fold(self.journal.events()))
        self._record.together(list(unsettled(self._record.state)))
        self.ledger = Ledger(self._record.state, Config.model_validate(settings), self._record.together)

    @property
    def spent(self) -> Spent:
        return self._record.state.spent

    def desk(self, number: int = 0, declaration: str = "a", agent: str = "refiner") -> Desk:
        """Of a new attempt, or of the one of that number that goes on."""
        if not number:
            number = self._record.state.attempts + 1
            self._record(What.ASSIGNED, attempt=number, declaration=declaration, agent=agent, base="", knew=[])
        known = Declaration(declaration, "M", Kind.THEOREM, "", frozenset(), frozenset(), True, Position(0, 0))
        slot = Slot("", 0, 0, (0, 0), (0, 0), 0, (0, 0))
        return Desk(self, Task(known, "", slot, "", (), (), agent, Budget(900.0, 40), number))

    def charged(self) -> list[tuple[int, float | None]]:
        """The numbers of the calls that were charged, and the dollars."""
        events = [event.data for event in self.journal.events() if event.what is What.SPENT]
        return [(data["number"], data["dollars"]) for data in events]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.journal.close()
