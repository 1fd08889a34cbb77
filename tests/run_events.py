"""Events of a run in one line each, with a clock, for the tests of what reads them."""

from collections.abc import Iterable
from typing import Any

from prover.journal import Event, What
from prover.model import Usage
from tests.builders import charge

GONE, LATE = "whoever worked on it is gone", "another attempt was merged first"


class Story:
    """A run told event by event. `attempts` maps a number to its declaration and agent."""

    def __init__(self, *names: str, settled: int = 1) -> None:
        """A project whose theorems `names` are open, and `settled` others are not."""
        self.events: list[Event] = []
        self.now = 1000.0
        self.attempts: dict[int, dict[str, Any]] = {}
        self.theorems, self.open = len(names) + settled, set(names)
        self.add(What.STARTED, run="run-1", branch="prover/run-1", base="b" * 40, toolchain="embedded")
        self.add(What.SURVEYED, declarations=self.theorems + 1, theorems=self.theorems, open=sorted(names))

    def add(self, kind: What, **data: Any) -> None:
        self.events.append(Event(len(self.events) + 1, self.now, kind, data))

    def wait(self, seconds: float) -> None:
        self.now += seconds

    def assign(self, name: str, agent: str = "automation") -> int:
        number = len(self.attempts) + 1
        self.attempts[number] = {"attempt": number, "declaration": name, "agent": agent}
        self.add(What.ASSIGNED, **self.attempts[number], base="b" * 40, knew=[])
        return number

    def pay(
        self, attempt: int, tokens: int = 0, dollars: float | None = 0.0, usage: Usage | None = None, **more: Any
    ) -> None:
        """A call of the attempt; `more` is what a SPENT says besides: `number`, `model`, `prompt` or `seconds`."""
        self.add(What.SPENT, **self.attempts[attempt], **{**charge(tokens, dollars, usage), **more})

    def propose(self, number: int, seconds: float = 1.0) -> int:
        text = {"body": ":= by simp", "helpers": "", "splits": False, "history": []}
        self.add(What.PROPOSED, **self.attempts[number], **text, seconds=seconds)
        return number

    def nothing(self, number: int, fault: str = "", seconds: float = 1.0) -> None:
        self.add(What.NOTHING, **self.attempts[number], seconds=seconds, why="found nothing", fault=fault)

    def drop(self, number: int, why: str = "cancelled", seconds: float = 1.0) -> None:
        self.add(What.DROPPED, **self.attempts[number], seconds=seconds, why=why)

    def judge(
        self,
        number: int,
        outcome: str,
        reasons: Iterable[str] = (),
        rests_on: Iterable[str] = (),
        final: bool = True,
        commit: str = "",
    ) -> None:
        verdict = {"outcome": outcome, "reasons": list(reasons), "rests_on": list(rests_on), "final": final}
        words = {"explanation": f"it is {outcome}", "seconds": 2.0, "commit": commit, "tip": commit}
        self.add(What.JUDGED, **self.attempts[number], **verdict, **words)

    def accept(self, number: int, outcome: str = "proved") -> int:
        self.judge(number, outcome, commit=f"{number:040}")
        return number

    def merge(self, number: int, outcome: str = "proved", opened: Iterable[str] = ()) -> None:
        """The attempt, accepted before, is on the branch; a reduction moves the hole to the lemmas in `opened`."""
        name, new = self.attempts[number]["declaration"], set(opened)
        closed = set() if new else {name} & self.open
        merged = {"outcome": outcome, "commit": f"{number:040}"}
        self.add(What.MERGED, **self.attempts[number], **merged, **self._change(f"{number:040}", closed, new))

    def prove(self, number: int) -> None:
        """All of it: proposed, accepted, merged."""
        self.merge(self.accept(self.propose(number)))

    def move(self, closed: Iterable[str] = (), opened: Iterable[str] = ()) -> None:
        self.add(What.MOVED, **self._change("m" * 40, set(closed), set(opened)))

    def resume(self) -> None:
        """Another process takes the run over; of what was with an agent, only who had paid for a call goes on."""
        proposed = {e.data["attempt"] for e in self.events if e.what is What.PROPOSED}
        over = {e.data["attempt"] for e in self.events if self._ends(e)}
        with_agent = self.attempts.keys() - proposed - over
        continued = with_agent & {e.data["attempt"] for e in self.events if e.what is What.SPENT}
        self.add(What.RESUMED, tip="b" * 40, continued=sorted(continued))
        for number in sorted(with_agent - continued):
            self.drop(number, GONE, seconds=4.0)

    @staticmethod
    def _ends(event: Event) -> bool:
        refused = event.what is What.JUDGED and event.data["final"] and not event.data["commit"]
        return refused or event.what in (What.NOTHING, What.DROPPED, What.MERGED)

    def build(self, attempts: int, builds: int, merged: int, waiting: int = 0, seconds: float = 5.0) -> None:
        figures = {"attempts": attempts, "builds": builds, "merged": merged, "waiting": waiting}
        self.add(What.BUILT, **figures, seconds=seconds)

    def _change(self, tip: str, closed: set[str], opened: set[str]) -> dict[str, Any]:
        self.theorems += len(opened - self.open)
        self.open = (self.open - closed) | opened
        counts = {"declarations": self.theorems + 1, "theorems": self.theorems}
        return {"tip": tip, **counts, "closed": sorted(closed), "opened": sorted(opened)}
