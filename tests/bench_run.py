"""Results of benchmark runs for tests: by hand, in one line each, and simulated with rates that are known."""

import random
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from prover.bench.problem import Problem, Truth, Unusable
from prover.bench.rows import Ended, Results, Row
from prover.model import Usage

SETTINGS = {
    "run": "a-run",
    "suite": "core",
    "origin": "benchmarks/core",
    "digest": "0123456789abcdef" * 4,
    "toolchain": "embedded Lean 4.28.0",
    "agent": "automation",
    "model": "",
    "samples": 1,
    "policy": "uniform",
    "repair": False,
    "version": "0.1.0",
}


def problem(name: str, level: str = "", truth: Truth = Truth.TRUE, **fields: Any) -> Problem:
    return Problem(name, f"theorem {name} : True", level=level, truth=truth, **fields)


def row(name: str, sample: int = 1, ended: Ended = Ended.NOTHING, **fields: Any) -> Row:
    return Row(name, sample, "automation", ended, **fields)


def results(problems: Iterable[Problem], rows: Iterable[Row] = (), *, samples: int = 1, **fields: Any) -> Results:
    settings = {**SETTINGS, "samples": samples, **fields.pop("settings", {})}
    return Results(settings, tuple(problems), tuple(rows), **fields)


def simulated(problems: int = 60, samples: int = 8, seed: int = 1, **settings: Any) -> Results:
    """A run of a model at statements of five levels: each has a rate of its own, lower on higher levels."""
    dice = random.Random(seed)
    stated = [_stated(number) for number in range(problems)]
    rows = [
        made
        for one in stated
        for rate in [dice.betavariate(1.0, 0.4 * int(one.level) ** 2)]
        for sample in range(1, samples + 1)
        for made in [_attempt(one, sample, rate, dice)]
    ]
    chosen = {"agent": "refiner", "model": "a-model", "samples": samples, "repair": True, **settings}
    apart = (Unusable("odd_one", "unknown identifier 'Real.foo'", "odd.lean:3"),)
    return results(stated, rows, unusable=apart, wall_seconds=1800.0, **{"samples": samples}, settings=chosen)


def _stated(number: int) -> Problem:
    domain = ("arithmetic", "lists", "logic", "induction")[number % 4]
    truth = Truth.FALSE if number % 10 == 9 else Truth.TRUE
    return problem(
        f"core_{number:03}", str(1 + number % 5), truth, domain=domain, split="valid" if number % 2 else "test"
    )


def _attempt(one: Problem, sample: int, rate: float, dice: random.Random) -> Row:
    false = one.truth is Truth.FALSE
    solved = dice.random() < rate
    ended = (Ended.DISPROVED if false else Ended.PROVED) if solved else dice.choice(_FAILURES)
    input_, output = dice.randint(500, 4000), dice.randint(200, 6000)
    return Row(
        one.name,
        sample,
        "refiner",
        ended,
        negation=false,
        model="a-model",
        prompt="refine-2",
        policy="uniform",
        body=":= by\n  omega" if solved else ":= by\n  simp",
        drafted=":= by\n  ring" if dice.random() < 0.3 else "",
        reasons=("SORRY",) if ended is Ended.REJECTED else (),
        tokens=input_ + output,
        usage=Usage(input_, output),
        dollars=(input_ * 3 + output * 15) / 1e6,
        calls=dice.randint(1, 4),
        seconds=dice.expovariate(1 / 20),
        judge_seconds=dice.random(),
        lean_seconds=dice.expovariate(1 / 5),
        began=1e9 + 40.0 * sample + dice.random() * 20,
    )


_FAILURES = (Ended.REJECTED, Ended.REJECTED, Ended.NOTHING, Ended.RESOURCE, Ended.CRASHED, Ended.FAILED)


@st.composite
def any_results(draw: st.DrawFn) -> Results:
    """Any problems, and any rows of them."""
    truths, parts = st.sampled_from(Truth), st.sampled_from(["", "1", "2", "10"])
    size = draw(st.integers(0, 5))
    stated = [problem(f"p{n}", draw(parts), draw(truths), domain=draw(parts)) for n in range(size)]
    names = st.sampled_from([one.name for one in stated]) if stated else st.nothing()
    rows = draw(st.lists(st.builds(_any_row, names, *_FIELDS), max_size=20)) if stated else []
    policy = draw(st.sampled_from(["uniform", "uniform", "adaptive"]))
    return results(stated, rows, samples=draw(st.integers(0, 4)), settings={"policy": policy})


_FEW = st.integers(0, 1000)
_FIELDS = (
    st.integers(1, 4),
    st.sampled_from(Ended),
    st.booleans(),
    st.sampled_from(["", ":= by ring"]),
    st.sampled_from([(), ("SORRY",), ("BUILD", "AXIOM")]),
    st.builds(Usage, _FEW, _FEW),
    st.none() | st.floats(0, 10),
    st.floats(0, 1000),
)


def _any_row(
    name: str,
    sample: int,
    ended: Ended,
    negation: bool,
    drafted: str,
    reasons: tuple[str, ...],
    usage: Usage,
    dollars: float | None,
    seconds: float,
) -> Row:
    told: dict[str, Any] = {"negation": negation, "drafted": drafted, "reasons": reasons, "seconds": seconds}
    return row(name, sample, ended, **told, usage=usage, tokens=usage.tokens, dollars=dollars, began=seconds)
