"""How a user names a model: `provider:model@url`, one string in `prover.toml` and on the command line.

A name is taken apart here and nowhere else; whether there is such a model, only its server knows. Every form that
cannot be meant is a ConfigError that says what to write instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Self
from urllib.parse import urlsplit

from prover.errors import ConfigError

EXAMPLES = {
    "anthropic": "anthropic:claude-opus-4-5",
    "anthropic-batch": "anthropic-batch:claude-opus-4-5",
    "openai": "openai:gpt-5@https://api.openai.com/v1",
    "vllm": "vllm:Goedel-LM/Goedel-Prover-V2-8B@http://localhost:8000/v1",
    "scripted": "scripted:replies.toml",
}
_FAMILIES = {"claude": "anthropic", "gpt": "openai"}  # what a name without a provider begins with
_ADDRESS = re.compile(r"@((localhost|[\w.-]+:\d+|[\w-]+(\.[\w-]+)+)(/.*)?)$")


@dataclass(frozen=True, slots=True)
class Name:
    """`url` is None where the provider's own server is meant, or none at all."""

    provider: str
    model: str
    url: str | None = None

    @classmethod
    def parsed(cls, text: str) -> Self:
        """Raises ConfigError. The URL begins at the last `@http`, so that a model's name may have an `@` in it."""
        provider, colon, rest = text.strip().partition(":")
        if provider not in EXAMPLES or not colon:
            raise _wrong(text, "has no provider that is known", _meant(provider, text))
        model, at, address = rest.rpartition("@http")
        model, url = (model, _url(text, f"http{address}")) if at else (rest, None)
        if not model or not model.isprintable() or " " in model:
            raise _wrong(text, "does not say which model", f"write, for instance, {EXAMPLES[provider]}")
        if url is None and (found := _ADDRESS.search(model)):
            raise _wrong(text, "has an address without http", f"write {text[: -len(found[0])]}@http://{found[1]}")
        if url is not None and provider == "scripted":
            raise _wrong(text, "is a file, and files have no server", f"write scripted:{model}")
        return cls(provider, model, url)

    @property
    def text(self) -> str:
        """As it is written, in its shortest form: what the journal and the price table call the model."""
        return f"{self.provider}:{self.model}" + (f"@{self.url}" if self.url else "")

    @property
    def at_home(self) -> Name:
        """The same model at the provider's own server."""
        return Name(self.provider, self.model)


def _url(name: str, url: str) -> str:
    """Without the slash at its end."""
    try:
        parts = urlsplit(url)
        right = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        right = False
    if not right or not url.isprintable() or " " in url:
        raise _wrong(name, "has an address that is none", "write it as in http://localhost:8000/v1")
    if parts.username is not None or parts.password is not None:
        raise ConfigError(
            "a model's address has a user or a password in it", "keys belong into the environment, or into .env"
        )
    if parts.query or parts.fragment:
        raise _wrong(name, "has an address with a query", f"leave out what follows {url.split('?')[0].split('#')[0]}")
    return url.rstrip("/")


def _meant(provider: str, text: str) -> str:
    """What was to be written, as far as that can be guessed."""
    for beginning, family in _FAMILIES.items():
        if text.startswith(beginning):
            return f"write {family}:{text}"
    close = get_close_matches(provider.lower(), EXAMPLES, n=1)
    example = EXAMPLES[close[0]] if close else EXAMPLES["anthropic"]
    return f"write PROVIDER:MODEL with one of {', '.join(EXAMPLES)}; for instance {example}"


def _wrong(name: str, what: str, remedy: str) -> ConfigError:
    return ConfigError(f"the model {name!r} {what}", remedy)
