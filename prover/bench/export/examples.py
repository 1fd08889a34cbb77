"""The shape of training data: one Example is a conversation and where it comes from, a line of JSON.

Checked when it is made and when it is read. `prover.bench.export.training` makes them of a run's results, and
`prover.bench.export.buffer` keeps them.
"""

from __future__ import annotations

from enum import StrEnum
from hashlib import sha256
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from prover.bench.export.leantext import normal

_STRICT = ConfigDict(frozen=True, extra="forbid")
_SHA256 = r"^[0-9a-f]{64}$"


class Kind(StrEnum):
    """What there is to be learned. All but a failure end with a text that the judge has called proved."""

    PROOF = "proof"  # statement → proof
    REPAIR = "repair"  # statement, failed attempt, Lean's feedback → proof
    DISPROOF = "disproof"  # statement → its negation, proved
    FAILURE = "failure"  # statement, failed attempt, Lean's feedback, and nobody answers


class Message(BaseModel):
    """One turn of a conversation."""

    model_config = _STRICT

    role: Literal["system", "user", "assistant"]
    content: str = Field(min_length=1)


class Metadata(BaseModel):
    """Where an example comes from, and which policy sampled it: agent, model, prompt, temperature, and `policy`, by
    which problems were chosen. `body` is the answer's Lean text without the statement, `draft` that of the failed
    attempt; `near` is how like the two are, where they are of different attempts. `began` is the attempt's, in seconds
    since the epoch.
    """

    model_config = _STRICT

    kind: Kind
    problem: str
    statement: str = Field(pattern=_SHA256)  # the problem's digest: what was to be proved
    digest: str = Field(pattern=_SHA256)  # of what the example says, comments and white space aside
    suite: str = ""
    split: str = ""
    run: str
    agent: str
    model: str = ""
    prompt: str = ""
    policy: str = ""
    temperature: float | None = None
    sample: int = Field(ge=0)
    negation: bool = False
    began: float = 0.0
    body: str = ""
    draft: str = ""
    near: float | None = None


class Example(BaseModel):
    """A conversation: system, user and, but for a failure, assistant.

    What has failed is always within the user's turn. Trainers learn every turn of the assistant, so that a failed
    attempt as a turn of its own would be learned as well.
    """

    model_config = _STRICT

    messages: tuple[Message, ...]
    metadata: Metadata

    @model_validator(mode="after")
    def _in_turn(self) -> Self:
        """Nobody answers a failure, and somebody answers everything else."""
        answered = () if self.metadata.kind is Kind.FAILURE else ("assistant",)
        if tuple(message.role for message in self.messages) != ("system", "user", *answered):
            raise ValueError(f"these are not the turns of a {self.metadata.kind}")
        return self

    @property
    def digest(self) -> str:
        """Two of the same run or of two runs say the same where it is equal."""
        return self.metadata.digest


def digest_of(kind: Kind, statement: str, negation: bool, draft: str, body: str) -> str:
    """SHA-256 of what an example says: the Lean texts are normalised, so that their layout makes no difference."""
    parts = (kind, statement, str(negation), normal(draft), normal(body))
    return sha256("\0".join(parts).encode()).hexdigest()
