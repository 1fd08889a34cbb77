"""What a model says in the tests of whole runs: it looks at the goal, then errs, then mends what Lean complained of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.anthropic_rules import Json

_ASKED = re.compile(r"The theorem to prove is `(?P<name>[^`]+)`")
WRONG = "exact?_no_such_tactic"


@dataclass
class Mathematician:
    """`proofs` by the name as it is written in the module; `asked` counts the requests about each."""

    proofs: Mapping[str, str]
    asked: dict[str, int] = field(default_factory=dict)

    def __call__(self, request: Json) -> str | list[Json]:
        said = [message for message in request["messages"] if message["role"] == "assistant"]
        name = self.name(request)
        self.asked[name] = self.asked.get(name, 0) + 1
        match len(said):
            case 0:
                looks = {"type": "tool_use", "id": "toolu_1", "name": "goals", "input": {}}
                return [{"type": "text", "text": "Let me see the goal."}, looks]
            case 1:
                return f"I would try this.\n\n```lean\n:= by {WRONG}\n```"
            case _:
                return f"That was no tactic. This is a proof.\n\n```lean\n{self.proofs.get(name, ':= by rfl')}\n```"

    def name(self, request: Json) -> str:
        """The theorem that the conversation is about."""
        found = _ASKED.search(str(request["messages"][0]["content"]))
        assert found is not None, request["messages"][0]
        return found["name"]
