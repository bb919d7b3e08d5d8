"""
What the children of the sandbox inherit.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.server.child_environment import (
    app_environment,
    search_environment,
    terraform_environment,
)
from sandbox.server.working_folder import WorkingFolder

if TYPE_CHECKING:
    import pytest

ENDPOINT = "http://127.0.0.1:5000"


def environment(folder: Path) -> dict[str, str]:
    """
    Return the environment of Terraform in a sandbox in *folder*.
    """
    return terraform_environment(
        WorkingFolder(folder), endpoint=ENDPOINT, credentials=folder / "keys"
    )


def test_terraform_inherits_no_setting(tmp_path: Path, hostile_environment: dict[str, str]) -> None:
    """
    No value of a hostile variable reaches Terraform, under whatever name.
    """
    found = environment(tmp_path)

    assert not set(hostile_environment.values()) & set(found.values())


def test_terraform_gets_what_it_needs_and_no_more(
    tmp_path: Path, hostile_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Terraform's environment is an allow-list: an unknown variable is dropped too.
    """
    monkeypatch.setenv("AWS_OF_TOMORROW", "x")

    unexpected = set(environment(tmp_path)) - {
        *("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "HOME"),
        *("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "NO_PROXY", "no_proxy"),
        *("AWS_ENDPOINT_URL", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"),
        *("AWS_EC2_METADATA_DISABLED", "TF_CLI_CONFIG_FILE", "TF_IN_AUTOMATION", "TF_INPUT"),
        "CHECKPOINT_DISABLE",
    }

    assert unexpected == set()
    assert hostile_environment


def test_everything_but_this_machine_goes_nowhere(tmp_path: Path) -> None:
    """
    Whatever asks another host meets a proxy that is not there.
    """
    found = environment(tmp_path)

    assert found["HTTPS_PROXY"] == found["HTTP_PROXY"] == "http://127.0.0.1:9"
    assert found["NO_PROXY"] == "127.0.0.1,localhost"


def test_app_gets_its_own_variables_and_no_identity(
    hostile_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The app sees its caller's variables, without those of AWS and Terraform.
    """
    monkeypatch.setenv("STAGE", "dev")

    found = app_environment(programs=Path("/venv/bin"), out=None)

    assert found["STAGE"] == "dev"
    assert found["PATH"].startswith("/venv/bin:")
    assert {name for name in found if name.startswith(("AWS_", "TF_"))} == {
        *("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_EC2_METADATA_DISABLED"),
    }
    assert hostile_environment


def test_search_for_the_provider_has_no_identity(hostile_environment: dict[str, str]) -> None:
    """
    Terraform looks for its provider without any setting of AWS or of its own.
    """
    found = search_environment({})

    assert not [name for name in found if name.startswith("AWS_")]
    assert [name for name in found if name.startswith("TF_")] == ["TF_IN_AUTOMATION"]
    assert hostile_environment
