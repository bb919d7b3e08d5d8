"""One table has every setting: the command, the hints and the checks are made from it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import click
import pytest

from deploy_access.commands.workflow import command
from deploy_access.commands.workflow_options import write_command
from deploy_access.workflow.option_values import PLATFORMS, why_no_platform
from deploy_access.workflow.options import Options
from deploy_access.workflow.settings import (
    BUILD_HINTS,
    HINTS,
    OPTIONS,
    SERVICE_HINTS,
    SETTINGS,
    Setting,
)

PAGE = (Path(__file__).parents[2] / "docs/workflows.md").read_text("utf-8")


def test_the_command_has_the_options_of_the_table() -> None:
    """The command has an option for each setting, in the table's order, and those of places."""
    options = [one for one in command.params if isinstance(one, click.Option)]

    assert [(one.name, one.opts, one.help) for one in options if one.name in OPTIONS] == [
        (key, [setting.option], setting.help) for key, setting in OPTIONS.items()
    ]
    assert {one.name for one in options} - OPTIONS.keys() == {"out", "write", "check", "format_"}


def test_no_setting_is_there_twice() -> None:
    """Keys are unique among the options, among the hints, and so are the options themselves."""
    options = [setting.option for setting in SETTINGS if setting.option]

    assert len(options) == len(set(options)) == len(OPTIONS)
    assert len([setting for setting in SETTINGS if setting.is_hint]) == len(HINTS)


def test_an_option_is_a_field_or_a_hint() -> None:
    """What is no hint has a field of its own; the rest goes to jobs by its key."""
    own = {one.name for one in fields(Options)} - {"of_jobs"}

    assert own == {key for key, setting in OPTIONS.items() if not setting.is_hint}


def test_options_by_key() -> None:
    """Values are taken by the keys of the table, and no others are."""
    options = Options.of(repo="acme/web", cache=True, container={"": "app"})

    assert (options.repo, options.of_jobs) == (
        "acme/web",
        {"cache": True, "container": {"": "app"}},
    )
    with pytest.raises(KeyError, match="containers"):
        Options.of(containers={"": "app"})


@pytest.mark.parametrize(
    "setting", [one for one in SETTINGS if one.option], ids=lambda one: one.key
)
def test_every_option_is_on_the_page(setting: Setting) -> None:
    """The page says what each option is for."""
    assert f"`{setting.option}" in PAGE


def test_what_only_some_jobs_use() -> None:
    """The tables of constructs and of `environments.toml` come from the same rows."""
    assert {"cache", "context", "dockerfile", "platforms", "promote"} == BUILD_HINTS
    assert list(SERVICE_HINTS) == ["container", "migration", "task_definition"]


def test_the_command_is_written_as_it_was_given() -> None:
    """Each value is behind its option, and what is empty is left out."""
    values = {
        "out": "cdktf.out",
        "repo": "acme/web",
        "roles": ("a", "b"),
        "container": {"": "app", "worker": "job one"},
        "cache": True,
        "composite": False,
        "minutes": 30,
        "context": None,
    }

    assert write_command(values) == (
        "deploy-access workflow --repo acme/web --role a --role b --container app "
        "--container 'worker=job one' --cache --timeout 30"
    )


@pytest.mark.parametrize("platform", PLATFORMS)
def test_platforms(platform: str) -> None:
    """Each platform that BuildKit builds for is one."""
    assert why_no_platform(platform) is None
