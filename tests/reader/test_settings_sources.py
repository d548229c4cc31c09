"""Settings out of environment and file: which counts, and what is refused in which words."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from reader.errors import InvalidInputError
from reader.settings import Settings
from reader.settings_sources import CONFIG_VARIABLE, check_variables, explain


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "reread.toml"
    monkeypatch.setenv(CONFIG_VARIABLE, str(path))
    return path


def test_the_file_is_read_by_sections(file: Path) -> None:
    file.write_text("accounts = true\n[learning.choice]\nlimit = 4.5\n[server]\nnames = ['a.example']\n", "utf-8")

    read = Settings()

    assert (read.accounts, read.learning.choice.limit, read.server.names) == (True, 4.5, ("a.example",))
    assert read.learning.choice.learning_rate == Settings.model_construct().learning.choice.learning_rate


def test_the_environment_comes_before_the_file_and_the_caller_before_both(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Setting by setting: what the environment leaves out of a section stays as the file has it."""
    file.write_text("local_user = 'file'\nseed = 1\n[reading]\nsettle_s = 0.1\nrest_s = 0.2\n", "utf-8")
    monkeypatch.setenv("REREAD_READING__SETTLE_S", "0.3")
    monkeypatch.setenv("REREAD_LOCAL_USER", "environment")

    read = Settings(local_user="caller")

    assert (read.local_user, read.seed) == ("caller", 1)
    assert (read.reading.settle_s, read.reading.rest_s) == (0.3, 0.2)


def test_a_name_that_is_no_setting_is_refused_with_the_nearest(file: Path) -> None:
    file.write_text("[server]\nprot = 9000\n", "utf-8")

    with pytest.raises(
        InvalidInputError, match=r"reread\.toml: server\.prot is no setting; did you mean server\.port\?"
    ):
        Settings()


def test_a_file_that_is_not_there_is_refused(file: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"REREAD_CONFIG: .*reread\.toml: No such file"):
        Settings()


@pytest.mark.parametrize("text", ["accounts = yes", "[server", "\x00"])
def test_a_file_that_is_no_toml_is_refused(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")

    with pytest.raises(InvalidInputError, match=r"no TOML: .*docs/configuration\.md"):
        Settings()


def test_a_wrong_value_is_told_with_setting_value_and_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REREAD_LEARNING__CHOICE__LIMIT", "-1")

    with pytest.raises(ValidationError) as refused:
        Settings()

    assert str(explain(refused.value)) == (
        "learning.choice.limit: '-1': input should be greater than 0; "
        "set REREAD_LEARNING__CHOICE__LIMIT, or learning.choice.limit in the file"
    )


def test_a_wrong_secret_is_not_shown() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(secret_key=b"\xff\xfe hush")  # type: ignore[arg-type]  # what is tested

    assert "hush" not in str(explain(refused.value))


def test_a_rule_over_several_settings_names_their_section() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(learning={"values": {"bounce": 2.0}})  # type: ignore[arg-type]  # as a source gives it

    said = str(explain(refused.value))
    assert said.startswith("learning.values: ")
    assert "give less than open" in said


def test_a_variable_that_names_no_setting_is_refused_with_the_nearest() -> None:
    with pytest.raises(InvalidInputError, match=r"REREAD_ACCONTS: .*did you mean REREAD_ACCOUNTS"):
        check_variables(
            Settings, ["PATH", "REREAD_DB", "reread_seed", "REREAD_READING", CONFIG_VARIABLE, "REREAD_ACCONTS"]
        )
