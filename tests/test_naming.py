"""How a model is named: what is meant is understood, and what cannot be meant is answered with what to write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.models.naming import EXAMPLES, Name
from prover.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("anthropic:claude-opus-4-5", Name("anthropic", "claude-opus-4-5")),
        ("anthropic-batch:claude-opus-4-5", Name("anthropic-batch", "claude-opus-4-5")),
        ("anthropic:claude-x@http://127.0.0.1:4000", Name("anthropic", "claude-x", "http://127.0.0.1:4000")),
        ("openai:gpt-5", Name("openai", "gpt-5")),
        ("openai:ft:gpt-4.1:us:lean:7", Name("openai", "ft:gpt-4.1:us:lean:7")),
        ("openai:m@https://h/v1/", Name("openai", "m", "https://h/v1")),
        ("vllm:Goedel-LM/Goedel-Prover-V2-8B", Name("vllm", "Goedel-LM/Goedel-Prover-V2-8B")),
        ("vllm:a/b@http://localhost:8000/v1", Name("vllm", "a/b", "http://localhost:8000/v1")),
        (
            "openai:claude-opus-4-5@20251101@http://[::1]:80/v1",
            Name("openai", "claude-opus-4-5@20251101", "http://[::1]:80/v1"),
        ),
        ("openai:claude-opus-4-5@20251101", Name("openai", "claude-opus-4-5@20251101")),
        ("scripted:some/replies.jsonl", Name("scripted", "some/replies.jsonl")),
        (" anthropic:claude-x\n", Name("anthropic", "claude-x")),
    ],
)
def test_a_name_has_a_provider_a_model_and_perhaps_an_address(text: str, name: Name) -> None:
    assert Name.parsed(text) == name
    assert Name.parsed(name.text) == name


@pytest.mark.parametrize(
    ("text", "said", "remedy"),
    [
        ("claude-opus-4-5", "has no provider", "write anthropic:claude-opus-4-5"),
        ("gpt-5", "has no provider", "write openai:gpt-5"),
        ("", "has no provider", "for instance anthropic:claude-opus-4-5"),
        ("antropic:claude-x", "has no provider that is known", "for instance anthropic:claude-opus-4-5"),
        ("VLLM:a/b@http://h/v1", "has no provider that is known", "for instance vllm:Goedel-LM"),
        ("gemini:pro", "has no provider that is known", "one of anthropic, anthropic-batch, openai, vllm, scripted"),
        ("anthropic", "has no provider", "for instance anthropic:claude-opus-4-5"),
        ("anthropic:", "does not say which model", "write, for instance, anthropic:claude-opus-4-5"),
        ("vllm:@http://localhost:8000/v1", "does not say which model", "write, for instance, vllm:Goedel"),
        ("openai:my model", "does not say which model", "write, for instance, openai:"),
        ("vllm:a/b@localhost:8000/v1", "an address without http", "write vllm:a/b@http://localhost:8000/v1"),
        ("vllm:a/b@localhost", "an address without http", "write vllm:a/b@http://localhost"),
        ("openai:m@10.0.0.7:8000", "an address without http", "write openai:m@http://10.0.0.7:8000"),
        ("openai:m@api.example.com/v1", "an address without http", "write openai:m@http://api.example.com/v1"),
        ("openai:m@http://", "has an address that is none", "http://localhost:8000/v1"),
        ("openai:m@httpx://host", "has an address that is none", "http://localhost:8000/v1"),
        ("openai:m@http://host:99999", "has an address that is none", "http://localhost:8000/v1"),
        ("openai:m@http://ho st/v1", "has an address that is none", "http://localhost:8000/v1"),
        ("openai:m@http://host/v1?model=x", "has an address with a query", "leave out what follows http://host/v1"),
        ("scripted:file@http://host", "is a file", "write scripted:file"),
    ],
)
def test_what_cannot_be_meant_is_answered_with_what_to_write(text: str, said: str, remedy: str) -> None:
    with pytest.raises(ConfigError, match=said) as raised:
        Name.parsed(text)
    assert remedy in raised.value.remedy
    assert "\n" not in str(raised.value) + raised.value.remedy


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(ConfigError) as raised:
        Name.parsed("openai:m@https://me:sesame@host/v1")
    assert "sesame" not in str(raised.value) + raised.value.remedy


@pytest.mark.parametrize("provider", EXAMPLES)
def test_the_examples_are_names(provider: str) -> None:
    assert Name.parsed(EXAMPLES[provider]).provider == provider


@given(st.one_of(st.text(), st.builds("{}:{}".format, st.sampled_from([*EXAMPLES]), st.text("ab@:/.h", max_size=12))))
def test_every_text_is_a_name_or_gets_an_answer_on_one_line(text: str) -> None:
    try:
        name = Name.parsed(text)
    except ConfigError as error:
        said = f"{error} {error.remedy}"
    else:
        said = "it is one" if Name.parsed(name.text) == name else ""
    assert said
    assert "\n" not in said
