"""What the pages show as JSON, as tables of environments.toml and as a drawing is what is so."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from deploy_access.github.repository import GithubRepo
from deploy_access.github.trust_policy import trust_policy
from deploy_access.workflow.setting_checks import check_hints
from stacks.error_collector import ErrorCollector
from stacks.estate_resolver import resolve_estate
from stacks.sound_tables import SoundTables, read_tables

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
HOST = "token.actions.githubusercontent.com"
EXAMPLE = tomllib.loads((ROOT / "environments.toml").read_text("utf-8"))
# They show tables of the example, as the sections before each block are about its keys.
PARTS = [
    (page, block)
    for page in ("environments.md", "infra.md")
    for block in re.findall(
        r"^```toml\n(.*?)^```$", (ROOT / "docs" / page).read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
]


def merged(whole: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """Lay the tables of a part over those of a file, key by key."""
    tables = {key for key, value in part.items() if isinstance(value, dict) and key in whole}
    return {**whole, **part, **{key: merged(whole[key], part[key]) for key in tables}}


def mistakes(part: dict[str, Any]) -> list[str]:
    """List what is wrong with the example when it has these tables, too."""
    tables = read_tables(merged(EXAMPLE, part))
    if not isinstance(tables, SoundTables):
        return list(tables)
    errors = ErrorCollector(tables.lines, tables.broken)
    resolve_estate(tables.model, "environments.toml", errors)
    return list(errors.lines)


@pytest.mark.parametrize(("page", "block"), PARTS)
def test_tables(page: str, block: str) -> None:
    """Tables of environments.toml are taken where the example has them."""
    assert mistakes(tomllib.loads(block)) == [], page


def test_a_wrong_table_is_found() -> None:
    """A key that is unknown would be seen."""
    found = mistakes({"infra": {"reposotory": "infra"}})

    assert ["reposotory" in line for line in found] == [True]


def test_trust_policy() -> None:
    """The condition in the README is what its subject comes to."""
    (shown,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    web = GithubRepo("acme/web", owner_id=123456, repo_id=456789)
    policy = trust_policy(
        provider_arn=f"arn:aws:iam::111122223333:oidc-provider/{HOST}",
        condition_key_prefix=HOST,
        audiences=["sts.amazonaws.com"],
        subjects=[web.environment("prod")],
    )

    assert json.loads(f"{{{shown}}}") == json.loads(policy.to_json())["Statement"][0]["Condition"]


def test_metadata() -> None:
    """The metadata on the page of the workflows are hints that every role takes."""
    page = (ROOT / "docs/workflows.md").read_text("utf-8")
    (shown,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)

    metadata = json.loads(shown)["//"]["deploy_access"]
    assert metadata["format"] == 1
    assert list(check_hints(metadata["workflow"])) == []


def drawn(page: str) -> str:
    """Return the first drawing of a page."""
    return re.findall(r"```text\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)[0]


def test_rooms() -> None:
    """The drawing of the architecture has each room and each module of the command once."""
    drawing = drawn("docs/architecture.md").partition("\n  cli")[2]
    ours = [
        path.stem
        for path in (ROOT / "deploy_access").iterdir()
        if (path / "__init__.py").exists() or path.suffix == ".py"
    ]
    shown = set(re.findall(r"\w+", drawing)) | {"cli"}

    # These say who they are: the package, its command, and the import of other projects.
    assert set(ours) - {"__init__", "__main__", "constructs"} <= shown


def test_packages() -> None:
    """The drawing in CONTRIBUTING.md has the folders of the code, and nothing that is gone."""
    drawing = drawn("CONTRIBUTING.md")
    shown = re.findall(r"(?:^|── )\s*([a-z_]+(?:\.py)?)(?= {2,})", drawing, re.MULTILINE)

    assert set(shown) == {"deploy_access", "sandbox", "constructs_lib", "stacks", "main.py"}
    assert all((ROOT / name).exists() for name in shown)
