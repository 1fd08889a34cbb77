"""What models cost: the list that comes with the package, and the user's over it.

A model whose price nobody has said is priced as unknown, never as free. Where money is limited, the ledger then lets no
call to it pass. What a price is, `agents.models.base` says; `agents.models.registry` asks for each model's.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from agents.models.base import Price
from agents.models.naming import Name

_DATE = re.compile(r"-(\d{8}|\d{4}-\d{2}-\d{2}|latest)$")
_BATCH = "anthropic-batch"
_NOTHING = Price(input=0, output=0)  # what a file costs that is read aloud


def price_of(name: Name, prices: Mapping[str, Price]) -> Price | None:
    """Dollars for a model, or None where nobody has said it.

    `prices` are the user's, by names as `Name.text` writes them; a price without an address holds at every address.
    A listed price of Claude does too: whatever stands between passes the requests on. What somebody else's
    OpenAI-compatible server charges is not listed anywhere.
    """
    for each in (name, name.at_home):
        if (price := prices.get(each.text)) is not None:
            return price
    if name.provider == _BATCH:
        single = price_of(Name("anthropic", name.model, name.url), prices)
        return None if single is None else _half(single)
    if name.provider == "scripted":
        return _NOTHING
    if name.provider == "openai" and name.url:
        return None
    return _in(listed().get(name.provider, {}), name.model)


@cache
def listed() -> Mapping[str, Mapping[str, Price]]:
    """The package's list, by provider and model."""
    text = files(__package__).joinpath("prices.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return {who: {model: Price.model_validate(price) for model, price in of.items()} for who, of in table.items()}


def _in(prices: Mapping[str, Price], model: str) -> Price | None:
    """Under the very name, or else under the one without the date of its release."""
    return prices.get(model) or prices.get(_DATE.sub("", model))


def _half(price: Price) -> Price:
    """Of everything, as Anthropic charges batches: the cache's discount is on top of the batch's."""
    names = ("input", "output", "cache_read", "cache_write")
    halves = {name: None if (full := getattr(price, name)) is None else full / 2 for name in names}
    return price.model_copy(update=halves)
