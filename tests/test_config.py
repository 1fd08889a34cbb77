"""prover.toml: defaults, overrides, and one clear line for every mistake."""

from pathlib import Path

import pytest

from agents.models.base import Price
from agents.scripted import Scripted
from prover.config import Config, Limits
from prover.errors import ConfigError
from prover.model import Budget


def test_a_project_without_settings_gets_the_defaults(tmp_path: Path) -> None:
    assert Config.of(tmp_path) == Config()


def test_the_command_line_wins_over_the_file_and_none_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "prover.toml").write_text("workers = 3\nattempt_seconds = 9.5\n")
    config = Config.of(tmp_path, workers=1, attempt_seconds=None)
    assert (config.workers, config.budget_of("automation").seconds) == (1, 9.5)


def test_who_asks_a_model_has_more_time_unless_the_file_says_how_much(tmp_path: Path) -> None:
    agents = ("automation", "splitter", "sampler", "refiner", "refiner=anthropic:claude-opus-4-5")
    assert [Config().budget_of(agent).seconds for agent in agents] == [45.0, 45.0, 900.0, 900.0, 900.0]
    (tmp_path / "prover.toml").write_text("attempt_seconds = 60\nattempt_checks = 7\n")
    assert {Config.of(tmp_path).budget_of(agent) for agent in agents} == {Budget(60.0, 7)}


def test_prices_are_dollars_per_million_tokens_by_the_name_of_the_model(tmp_path: Path) -> None:
    text = '[prices]\n"openai:mine@http://h:1/v1" = { input = 0, output = 0 }\n"vllm:x" = { input = 1, output = 2.5 }\n'
    (tmp_path / "prover.toml").write_text(text)
    prices = Config.of(tmp_path).prices
    assert prices == {"openai:mine@http://h:1/v1": Price(input=0, output=0), "vllm:x": Price(input=1, output=2.5)}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('prices."x" = 3', r"prices\.x: Input should be"),
        ('prices."x" = { input = 1 }', r"prices\.x\.output: Field required"),
        ('prices."x" = { input = -1, output = 1 }', r"prices\.x\.input: Input should be greater than or equal to 0"),
        ("temperature = 3", "temperature: Input should be less than or equal to 2"),
        ("samples = 0", "samples: Input should be greater than or equal to 1"),
        ("worker = 3", "worker: Extra inputs are not permitted"),
        ('workers = "many"', "workers: Input should be a valid integer"),
        ("workers = 0", "workers: Input should be greater than or equal to 1"),
        ("attempt_seconds = -1", "attempt_seconds: Input should be greater than 0"),
        ("agents = []", "agents: Tuple should have at least 1 item"),
        ("workers = ", "cannot read"),
        ("race = 0", "race: Input should be greater than or equal to 1"),
        ('budget_rule = "greedy"', "budget_rule: Input should be 'adaptive' or 'uniform'"),
        ("limits = 20", "limits: Input should be"),
        ("[limits]\ndolars = 20", r"limits\.dolars: Extra inputs are not permitted"),
        ("[limits]\ndollars = 0", r"limits\.dollars: Input should be greater than 0"),
        ("[limits]\nseconds = inf", r"limits\.seconds: Input should be a finite number"),
        ("[declaration_limits]\nattempts = 1.5", r"declaration_limits\.attempts: Input should be a valid integer"),
        ("[agent_limits]\ndollars = 5", r"agent_limits\.dollars: Input should be"),
        ('[agent_limits.claude]\ntokens = "many"', r"agent_limits\.claude\.tokens: Input should be"),
    ],
)
def test_a_mistake_is_named_with_its_key(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "prover.toml").write_text(text)
    with pytest.raises(ConfigError, match=says) as caught:
        Config.of(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_corpus_in_the_file_is_beside_it_and_one_of_the_command_line_is_where_the_user_is(
    tmp_path: Path,
) -> None:
    (tmp_path / "prover.toml").write_text('corpus = "corpus.jsonl"\n')
    assert Config.of(tmp_path).corpus == tmp_path / "corpus.jsonl"
    assert Config.of(tmp_path, corpus=Path("other.jsonl")).corpus == Path("other.jsonl")


def test_settings_that_are_not_text_are_named(tmp_path: Path) -> None:
    (tmp_path / "prover.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="cannot read"):
        Config.of(tmp_path)


def test_limits_are_tables(tmp_path: Path) -> None:
    text = "[limits]\ndollars = 20\n[declaration_limits]\nattempts = 32\n[agent_limits.claude]\ndollars = 5\n"
    (tmp_path / "prover.toml").write_text(text)
    config = Config.of(tmp_path)
    assert config.limits == Limits(dollars=20.0)
    assert config.declaration_limits == Limits(attempts=32)
    assert config.agent_limits == {"claude": Limits(dollars=5.0)}


def test_a_limit_from_the_command_line_replaces_that_of_the_file_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "prover.toml").write_text("[limits]\ndollars = 20\nseconds = 60\n")
    assert Config.of(tmp_path, limits=Limits(dollars=1.0)).limits == Limits(dollars=1.0, seconds=60.0)
    assert Config.of(tmp_path, limits=Limits()).limits == Limits(dollars=20.0, seconds=60.0)


def test_a_declaration_is_not_worth_more_than_some_attempts_unless_the_file_says_so(tmp_path: Path) -> None:
    assert Config().declaration_limits == Limits(attempts=64)
    (tmp_path / "prover.toml").write_text("[declaration_limits]\ndollars = 1\n")
    assert Config.of(tmp_path).declaration_limits == Limits(attempts=64, dollars=1.0)


def test_limits_are_read_from_the_command_line() -> None:
    assert Limits.parsed(["dollars=20", "seconds=3600"]) == Limits(dollars=20.0, seconds=3600.0)
    assert Limits.parsed([]) == Limits()
    assert Limits.parsed(["tokens=1000000"]).in_force() == {"tokens": 1_000_000}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("dolars=20", "the limit `dolars`: Extra inputs are not permitted"),
        ("dollars=many", "the limit `dollars`: Input should be a valid number"),
        ("dollars=-1", "the limit `dollars`: Input should be greater than 0"),
        ("dollars=nan", "the limit `dollars`: Input should be"),
        ("attempts=1.5", "the limit `attempts`: Input should be a valid integer"),
        ("dollars", "the limit `dollars`: Input should be a valid number"),
        ("=20", "the limit ``: Extra inputs are not permitted"),
        ("", "the limit ``: Extra inputs are not permitted"),
    ],
)
def test_a_mistaken_limit_is_named_with_its_key(text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        Limits.parsed(["seconds=60", text])
    assert "KEY one of attempts, seconds, tokens, dollars" in caught.value.remedy


def test_a_limit_that_is_given_twice_is_no_limit() -> None:
    with pytest.raises(ConfigError, match="a limit is given twice: dollars=1 dollars=2"):
        Limits.parsed(["dollars=1", "dollars=2"])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('"a" = "rfl"', 'the body of "a" does not start with `:=`'),
        ('"a" = { body = "rfl" }', 'the body of "a" does not start with `:=`'),
        ('"a" = [":= rfl", "rfl"]', 'the body of "a" does not start with `:=`'),
        ('"a" = 3', '"a": body: Input should be a valid string'),
        ('"a" = { helpers = "" }', '"a": body: Field required'),
        ('"a" = { body = ":= rfl", split = true }', '"a": split: Extra inputs are not permitted'),
        ('"a" = { body = ":= rfl", splits = "yes" }', '"a": splits: Input should be a valid boolean'),
        ('"a" = ', "cannot read the script"),
    ],
)
def test_a_script_of_the_wrong_shape_is_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "script.toml").write_text(text)
    with pytest.raises(ConfigError, match=says):
        Scripted.from_file(tmp_path / "script.toml")


def test_a_missing_script_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read the script"):
        Scripted.from_file(tmp_path / "none.toml")


def test_every_setting_is_explained_with_its_default() -> None:
    explained = (Path(__file__).parent.parent / "docs" / "configuration.md").read_text(encoding="utf-8")
    rows = {line.split("|")[1].strip(): line.split("|")[2].strip() for line in explained.splitlines() if "|" in line}
    for name, field in Config.model_fields.items():
        default = rows[f"`{name}`"]
        if isinstance(field.default, bool):
            assert default == str(field.default).lower(), name
        elif isinstance(field.default, int | float):
            assert float(default) == field.default, name
