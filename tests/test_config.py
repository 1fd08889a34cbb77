"""prover.toml: defaults, overrides, and one clear line for every mistake."""

from pathlib import Path

import pytest

from agents.scripted import Scripted
from prover.config import Config
from prover.errors import ConfigError


def test_a_project_without_settings_gets_the_defaults(tmp_path: Path) -> None:
    assert Config.of(tmp_path) == Config()


def test_the_command_line_wins_over_the_file_and_none_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "prover.toml").write_text("workers = 3\nattempt_seconds = 9.5\n")
    config = Config.of(tmp_path, workers=1, attempt_seconds=None)
    assert (config.workers, config.budget.seconds) == (1, 9.5)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("worker = 3", "worker: Extra inputs are not permitted"),
        ('workers = "many"', "workers: Input should be a valid integer"),
        ("workers = 0", "workers: Input should be greater than or equal to 1"),
        ("attempt_seconds = -1", "attempt_seconds: Input should be greater than 0"),
        ("agents = []", "agents: Tuple should have at least 1 item"),
        ("workers = ", "cannot read"),
    ],
)
def test_a_mistake_is_named_with_its_key(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "prover.toml").write_text(text)
    with pytest.raises(ConfigError, match=says) as caught:
        Config.of(tmp_path)
    assert "\n" not in str(caught.value)


def test_settings_that_are_not_text_are_named(tmp_path: Path) -> None:
    (tmp_path / "prover.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="cannot read"):
        Config.of(tmp_path)


@pytest.mark.parametrize(
    ("text", "says"),
    [('"a" = "rfl"', "does not start with `:=`"), ('"a" = 3', "does not start"), ('"a" = ', "cannot read the script")],
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
        if isinstance(field.default, int | float):
            assert float(default) == field.default, name
