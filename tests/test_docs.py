"""What the README and the pages say is true: their code runs, their output is what comes out."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.provider import AwsProvider  # isort: skip - before cdktf: it makes Node start fast
from cdktf import App, TerraformStack
from click.testing import CliRunner

import constructs_lib
from constructs_lib import GithubDeployRole, GithubRepo, OidcProvider
from deploy_access.audit.catalogue import CATALOGUE
from deploy_access.audit.refused import AccessRefused
from deploy_access.cli import main
from stacks.ecr_tables import EcrTable
from stacks.ecs_tables import EcsTable
from stacks.environments_file import load_estate
from stacks.environments_model import AccountTable, EnvironmentTable
from stacks.github_tables import GithubEnvironmentTable, GithubTable
from stacks.lifecycle_tables import ImagesTable, LifecycleRuleTable
from stacks.registry_tables import (
    CreationTemplateTable,
    PullThroughTable,
    RegistryTable,
    ReplicationTable,
    ScanningTable,
)
from stacks.service_tables import ServiceEnvironmentTable, ServiceTable
from stacks.stack_builder import build_stacks
from stacks.state_tables import S3StateTable
from stacks.subject_entry import KINDS
from stacks.synthesis import synthesize
from stacks.trusted_role_table import TrustedRoleTable

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])


def _blocks(page: Path, language: str) -> list[str]:
    found = re.findall(rf"```{language}\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    # One that is in a list is indented.
    return [textwrap.dedent(block) for block in found]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python(page: Path) -> None:
    """Every Python block runs in a stack, one after the other, with what the page named before."""
    stack = TerraformStack(App(), "web-prod")
    AwsProvider(stack, "Aws", region="eu-central-1", allowed_account_ids=["111122223333"])
    names: dict[str, Any] = {n: getattr(constructs_lib, n) for n in constructs_lib.__all__}
    names |= {"self": stack, "github": OidcProvider.from_account(stack, "Existing")}

    for block in _blocks(page, "python"):
        exec(block, names)  # noqa: S102 - running it is the test


def test_refusal() -> None:
    """The refusal in the README is the one that is raised."""
    stack = TerraformStack(App(), "web-prod")
    AwsProvider(stack, "Aws", region="eu-central-1", allowed_account_ids=["111122223333"])
    web = GithubRepo("acme/web", owner_id=123456, repo_id=456789)

    with pytest.raises(AccessRefused) as refused:
        GithubDeployRole(
            stack,
            "Deploy",
            name="web-prod-deploy",
            oidc_provider=OidcProvider.from_account(stack, "Github"),
            subjects=[web.anything()],
        )

    assert f"{refused.value}\n" in _blocks(ROOT / "README.md", "text")


def test_bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of `bootstrap` shows what the command prints for the example estate."""
    estate = load_estate(ROOT / "environments.toml")
    app = App(outdir=str(tmp_path / "cdktf.out"))
    build_stacks(app, estate)
    synthesize(app, estate.file, locks=tmp_path / "locks")
    monkeypatch.chdir(tmp_path)

    trusted = ("--trusted", "arn:aws:iam::111122223333:role/admin")
    printed = CliRunner().invoke(main, ["bootstrap", "nonprod", *trusted]).stdout

    shown = _blocks(ROOT / "docs/bootstrap.md", "console")[0]
    command = " ".join(["deploy-access bootstrap nonprod", *trusted])
    assert shown == f"$ python main.py\n$ {command}\n{printed}"


def test_rules() -> None:
    """The page of the rules has each of them once."""
    page = (ROOT / "docs/rules.md").read_text("utf-8")

    assert sorted(re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE)) == sorted(CATALOGUE)


@pytest.mark.parametrize(
    "table",
    [
        AccountTable,
        CreationTemplateTable,
        EcrTable,
        EcsTable,
        EnvironmentTable,
        GithubEnvironmentTable,
        GithubTable,
        ImagesTable,
        LifecycleRuleTable,
        PullThroughTable,
        RegistryTable,
        ReplicationTable,
        S3StateTable,
        ScanningTable,
        ServiceTable,
        ServiceEnvironmentTable,
        TrustedRoleTable,
    ],
)
def test_keys(table: type[Any]) -> None:
    """Every key of `environments.toml` is on its page."""
    page = (ROOT / "docs/environments.md").read_text("utf-8")
    words = set(re.findall(r"\w+", page))

    assert [name for name in table.model_fields if name not in words] == []


def test_subject_kinds() -> None:
    """Every kind of subject that `environments.toml` takes is on its page."""
    page = (ROOT / "docs/environments.md").read_text("utf-8")

    assert [kind for kind in KINDS if f"`{kind}`" not in page] == []


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_links(page: Path) -> None:
    """Every link to a file of the repository leads somewhere."""
    targets = re.findall(r"\]\((?!https?://)([^)#]+)", page.read_text("utf-8"))

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_first_screen() -> None:
    """The README begins with what it is, ten lines of code and the two commands."""
    screen = (ROOT / "README.md").read_text("utf-8").splitlines()[:30]

    code = _blocks(ROOT / "README.md", "python")[0].rstrip("\n").splitlines()
    assert 5 <= len([line for line in code if line]) <= 10
    assert any(line.startswith("$ make demo") for line in screen)
    assert any(line.startswith("$ make test") for line in screen)


def test_length() -> None:
    """The README stays under 150 lines."""
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) < 150
