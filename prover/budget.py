"""Where the next unit of budget is expected to prove most: rates of success and costs, learned from the run itself.

The index of an attempt is its chance of a proof divided by its expected cost, both from `Rates`, which are made of
counted outcomes (`Tally`). `prover.dispatch` ranks by it; what may be spent at all is the business of `prover.ledger`.

To take the best index first is right here because chances only fall as failures add up: of a job with a falling hazard
rate the Gittins index is the hazard rate itself (Gittins 1979, J. R. Stat. Soc. B 41; Aalto, Ayesta and Righter 2009,
Queueing Systems 63), and filling a budget by value per cost is Dantzig's rule for the knapsack (1957, Oper. Res. 5).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from itertools import product
from operator import mul
from typing import Protocol

from prover.model import Outcome, Tried

_PROVED = frozenset({Outcome.PROVED.value, Outcome.REDUCED.value})
_FAILED = frozenset({Outcome.REJECTED.value, Outcome.RESOURCE.value, "nothing"})  # a crash says nothing of the theorem

_CREDIBILITY = 1.0  # how many attempts of its own weigh as much as the mean of the group
_LEAST = 1e-6  # of a cost: what is free is not infinitely good
_HOPELESS = 1 << 40  # more attempts than anybody will make

# Where the fit looks first, and by what factors it then goes up or down; shapes from "alike" to "nothing in common".
_A = tuple(4.0**k for k in range(-3, 3))
_B = tuple(4.0**k for k in range(-2, 5))
_FINER = (2.0, 2.0**0.5)
_SHAPES = tuple(2.0**k for k in range(8, -3, -1))


class Currency(StrEnum):
    """What cost is counted in, the scarcest first: a field of `prover.model.Spent`."""

    DOLLARS = "dollars"
    TOKENS = "tokens"
    SECONDS = "seconds"
    ATTEMPTS = "attempts"


class Rule(StrEnum):
    """How budget is given out."""

    ADAPTIVE = "adaptive"  # where the next unit is expected to prove most
    UNIFORM = "uniform"  # fewest attempts first: what every other rule is measured by


class Allocation(Protocol):
    """What dispatch asks of a rule."""

    def index(self, declaration: str, agent: str, failures: int) -> float:
        """How good the next attempt is, above 0; `failures` are those before it, attempts under way among them."""


class Uniform:
    """The baseline: every attempt at a declaration makes the next one half as good, so that all get their turn."""

    def index(self, declaration: str, agent: str, failures: int) -> float:
        return math.ldexp(1.0, -min(failures, 1000))


def failures(tried: Iterable[Tried], knew: frozenset[str]) -> int:
    """How many of these attempts failed and knew no less than `knew`: with a new lemma the count starts again."""
    return sum(1 for one in tried if one.ended in _FAILED and not one.knew < knew)


@dataclass
class Tally:
    """Outcomes, counted: all that rates are made of, so that thousands of attempts need not be read again.

    A cell is (module, agent, round); the round of an attempt is the number of `failures` before it. A group is
    (), (agent,), (agent, module) or (agent, module, declaration).
    """

    currency: Currency = Currency.SECONDS
    trials: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    proofs: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    failed: dict[str, Counter[frozenset[str]]] = field(
        default_factory=lambda: defaultdict(Counter)
    )  # by what was known
    spent: dict[tuple[str, ...], float] = field(default_factory=lambda: defaultdict(float))
    counted: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def learn(self, declaration: str, module: str, tried: Sequence[Tried], known: int = 0) -> None:
        """Counts the attempts at a declaration, oldest first; the first `known` of them are counted already."""
        for place in range(known, len(tried)):
            one = tried[place]
            if one.ended in _PROVED or one.ended in _FAILED:
                before = self.failed[declaration]
                missed = sum(count for knew, count in before.items() if not knew < one.knew)
                before[one.knew] += one.ended in _FAILED
                self.trials[module, one.agent, missed] += 1
                self.proofs[module, one.agent, missed] += one.ended in _PROVED
                self._charge((one.agent, module, declaration), getattr(one.spent, self.currency))

    def _charge(self, path: tuple[str, ...], cost: float) -> None:
        for depth in range(len(path) + 1):
            self.spent[path[:depth]] += cost
            self.counted[path[:depth]] += 1


@dataclass(frozen=True, slots=True)
class Price:
    """What it would cost to prove a declaration at the present rates, in the run's currency.

    `even` buys an even chance. `expected` is the mean, and infinite where hopeless cases are too many for there to be
    one, which is usual.
    """

    chance: float  # of the next attempt
    cost: float  # of the next attempt
    even: float
    expected: float


class Rates:
    """Chance and cost of the next attempt. A value: it stays as it is while the tally that it was made of goes on.

    A declaration's rate of success is drawn from Beta(a, b), so after n failures the next attempt succeeds with
    a / (a + b + n) (Weinberg and Gladen 1986, Biometrics 42); a is larger or smaller by a factor for each module and
    each agent. Costs are means, each group's shrunk towards that of the group around it (Bühlmann 1967, ASTIN Bull. 4).
    """

    def __init__(self, tally: Tally, module_of: Mapping[str, str]) -> None:
        self._module_of = module_of
        self._spent, self._counted = dict(tally.spent), dict(tally.counted)
        self._costs: dict[tuple[str, str], float] = {}
        self.a, self.b = _fitted(tally)
        trials = tally.trials.items()
        cells = [(module, agent, count * self.a / (self.a + self.b + n)) for (module, agent, n), count in trials]
        proofs = [(module, agent, float(count)) for (module, agent, _), count in tally.proofs.items()]
        self.agents = _factors(_summed((g, x) for _, g, x in proofs), _summed((g, x) for _, g, x in cells))
        expected = _summed((module, x * self.agents.get(agent, 1.0)) for module, agent, x in cells)
        self.modules = _factors(_summed((g, x) for g, _, x in proofs), expected)

    @classmethod
    def of(
        cls,
        tried: Mapping[str, Sequence[Tried]],
        module_of: Mapping[str, str],
        currency: Currency = Currency.SECONDS,
    ) -> Rates:
        """The rates that follow from these attempts, by declaration."""
        tally = Tally(currency)
        for declaration, attempts in tried.items():
            tally.learn(declaration, module_of.get(declaration, ""), attempts)
        return cls(tally, module_of)

    def chance(self, declaration: str, agent: str, failures: int) -> float:
        """That the attempt after so many failures, of whomever, proves it."""
        a = self._a(declaration, agent)
        return a / (a + self.b + failures)

    def cost(self, declaration: str, agent: str) -> float:
        """Of one attempt, in the run's currency; 1 as long as nothing is known."""
        group = (agent, self._module_of.get(declaration, ""))
        if group not in self._costs:
            self._costs[group] = self._shrunk(group)
        own = (*group, declaration)
        return self._towards(self._costs[group], own) if own in self._counted else self._costs[group]

    def index(self, declaration: str, agent: str, failures: int) -> float:
        """Expected proofs per unit of cost."""
        return self.chance(declaration, agent, failures) / max(self.cost(declaration, agent), _LEAST)

    def price(self, declaration: str, agent: str, failures: int) -> Price:
        """What it would cost to prove it, if this agent went on as before."""
        a, b, cost = self._a(declaration, agent), self.b + failures, self.cost(declaration, agent)
        expected = (a + b - 1) / (a - 1) if a > 1 else math.inf
        return Price(a / (a + b), cost, cost * _even(a, b), cost * expected)

    def _a(self, declaration: str, agent: str) -> float:
        module = self._module_of.get(declaration, "")
        return self.a * self.modules.get(module, 1.0) * self.agents.get(agent, 1.0)

    def _shrunk(self, path: tuple[str, ...]) -> float:
        mean = self._spent[()] / self._counted[()] if () in self._counted else 1.0
        for depth in range(1, len(path) + 1):
            mean = self._towards(mean, path[:depth])
        return mean

    def _towards(self, mean: float, group: tuple[str, ...]) -> float:
        """The mean of a group, shrunk towards that of the group around it."""
        count, spent = self._counted.get(group, 0), self._spent.get(group, 0.0)
        return (spent + _CREDIBILITY * mean) / (count + _CREDIBILITY)


def _summed(parts: Iterable[tuple[str, float]]) -> dict[str, float]:
    total: dict[str, float] = defaultdict(float)
    for group, amount in parts:
        total[group] += amount
    return dict(total)


def _fitted(tally: Tally) -> tuple[float, float]:
    """(a, b) of greatest posterior density, to half an octave: the likelihood is a function of counts by round alone.

    The prior is weak: half a proof and half a failure, and a strength a + b of about two attempts.
    """
    rounds = 1 + max((n for _, _, n in tally.trials), default=0)
    tries, fails = [0.0] * rounds, [0.0] * rounds
    for (_, _, n), count in tally.trials.items():
        tries[n] += count
        fails[n] += count
    for (_, _, n), count in tally.proofs.items():
        fails[n] -= count
    tries[0] += 1.0
    fails[0] += 0.5
    proofs = sum(tries) - sum(fails)

    def density(point: tuple[float, float]) -> float:
        a, b = point
        likelihood = proofs * math.log(a) + _dot(fails, b) - _dot(tries, a + b)
        return likelihood - (math.log2((a + b) / 2) / 2) ** 2 / 2

    return _best(density)


def _best(density: Callable[[tuple[float, float]], float]) -> tuple[float, float]:
    a, b = max(product(_A, _B), key=density)
    for factor in _FINER:
        steps = (1 / factor, 1.0, factor)
        a, b = max(((a * x, b * y) for x, y in product(steps, steps)), key=density)
    return a, b


def _dot(counts: Sequence[float], start: float) -> float:
    """The sum of counts[n] · log(start + n)."""
    return float(sum(map(mul, counts, _logarithms(start, 1 << len(counts).bit_length()))))


@cache
def _logarithms(start: float, length: int) -> tuple[float, ...]:
    return tuple(math.log(start + n) for n in range(length))


def _factors(observed: Mapping[str, float], expected: Mapping[str, float]) -> dict[str, float]:
    """How many times the expected number of proofs each group has, shrunk towards 1.

    The factors are drawn from a gamma distribution of mean 1, proofs are Poisson; the shape is that of the greatest
    marginal likelihood (Clayton and Kaldor 1987, Biometrics 43), with a weak prior around 2.
    """

    def density(shape: float) -> float:
        constant = shape * math.log(shape) - math.lgamma(shape)
        counts = ((observed.get(group, 0.0) + shape, mean + shape) for group, mean in expected.items())
        evidence = sum(constant + math.lgamma(count) - count * math.log(mean) for count, mean in counts)
        return evidence - (math.log2(shape / 2) / 2) ** 2 / 2

    if len(expected) < 2:
        return {}
    shape = max(_SHAPES, key=density)
    return {group: (observed.get(group, 0.0) + shape) / (mean + shape) for group, mean in expected.items()}


def _even(a: float, b: float) -> float:
    """After how many attempts the chance of a proof is at least one half, for a rate from Beta(a, b)."""

    def survives(attempts: int) -> float:
        return math.exp(math.lgamma(b + attempts) - math.lgamma(b) - math.lgamma(a + b + attempts) + math.lgamma(a + b))

    few, many = 0, 1
    while survives(many) > 0.5:
        few, many = many, many * 2
        if many > _HOPELESS:
            return math.inf
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (middle, many) if survives(middle) > 0.5 else (few, middle)
    return float(many)
