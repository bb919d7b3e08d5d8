"""
Stacks of GitHub's side: skipped by name in the sandbox, and read by the commands.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sandbox_estates import NONPROD, REQUIRED, Json, role, stack, write_out

from constructs_lib.provider import AwsProvider  # isort: skip - before cdktf: it makes Node start fast
from cdktf import App, TerraformStack

from constructs_lib import GithubDeployRole, GithubRepo, OidcProvider
from constructs_lib.github import GithubEnvironment, GithubProvider, GithubSubjectTemplate
from deploy_access.cli import main
from sandbox import RefusedStacks, UnreadableEstate
from sandbox.cli import main as sandbox_main
from sandbox.terraform.guard import check_estate
from sandbox.terraform.sandbox_estate import read_sandbox_estate

PAGE = (Path(__file__).parents[3] / "docs/sandbox.md").read_text("utf-8")
GITHUB = {"github": {"source": "integrations/github", "version": "6.9.0"}}
SKIPPED = (
    "Skipped: github-acme, GitHub's side (provider integrations/github). The sandbox is AWS alone, "
    "and nothing of it is made or compared here."
)
WEB = GithubRepo("acme/web", owner_id=123456, repo_id=456789)


def github(**top_level: Any) -> Json:
    """
    Return a stack of GitHub's side with one environment; *top_level* comes on top.
    """
    return {
        "//": {"metadata": {"stackName": "github-acme"}},
        "terraform": {"required_providers": GITHUB, "backend": {"local": {}}},
        "provider": {"github": [{"owner": "acme"}]},
        "resource": {"github_repository_environment": {"E": {"environment": "prod"}}},
        **top_level,
    }


@pytest.fixture(scope="module")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Synthesize a role, and GitHub's side with a variable that is known after an apply only.
    """
    out = tmp_path_factory.mktemp("github") / "cdktf.out"
    app = App(outdir=str(out))
    aws = TerraformStack(app, "web-prod")
    AwsProvider(aws, "Aws", region="eu-central-1", allowed_account_ids=[NONPROD])
    deploy = GithubDeployRole(
        aws,
        "Deploy",
        name="web-prod-deploy",
        oidc_provider=OidcProvider(aws, "Oidc"),
        subjects=[WEB.environment("prod")],
    )
    side = TerraformStack(app, "github-acme")
    GithubProvider(side, "Github", owner="acme")
    GithubSubjectTemplate(side, "Template", repo=WEB)
    GithubEnvironment(
        side,
        "Prod",
        repo=WEB,
        name="prod",
        branches=["main"],
        variables={"ROLE": deploy.arn, "ROLE_ID": deploy.resource.unique_id},
    )
    app.synth()
    return out


def test_synthesized_app(
    synthesized: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    GitHub's side is named and skipped, in the table too; the stack of AWS is what is left.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERRAFORM_BINARY_NAME", "terraform-of-nobody")

    result = CliRunner().invoke(sandbox_main, ["--out", str(synthesized)])

    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["web-prod", NONPROD, "eu-central-1", "2"] in lines
    assert ["github-acme", "-", "-", "skipped"] in lines
    assert result.stdout.splitlines().count(SKIPPED) == 1
    assert result.exit_code == 3, result.stderr
    assert list(read_sandbox_estate(synthesized).stacks) == ["web-prod"]


def test_page() -> None:
    """
    The page shows what is said.
    """
    assert f"```text\n{SKIPPED}\n```" in PAGE


def test_commands(synthesized: Path) -> None:
    """
    The commands read it: no finding is of it, it is deployed last, and the review names it.
    """

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    audit = json.loads(run("audit", str(synthesized), "--format", "json"))
    waves = json.loads(run("waves", "none", str(synthesized)))["waves"]
    review = run("review", "none", str(synthesized))

    assert [one["rule"] for one in audit["findings"]] == ["env-unprotected"]
    assert [[one["stack"] for one in wave["include"]] for wave in waves] == [
        ["web-prod"],
        ["github-acme"],
    ]
    assert "github_repository_environment Prod would be created" in review


@pytest.mark.parametrize(
    ("document", "is_skipped"),
    [
        pytest.param(github(), True, id="plain"),
        pytest.param(github(provider=[{"github": {"owner": "acme"}}]), True, id="lists"),
        pytest.param(
            github(data={"terraform_remote_state": {"S": {"backend": "local"}}}), True, id="state"
        ),
        pytest.param(
            github(
                terraform={
                    "required_providers": [
                        {"gh": {"source": "registry.terraform.io/Integrations/GitHub"}}
                    ]
                },
                provider={"gh": {}},
            ),
            True,
            id="another local name",
        ),
        pytest.param(github(resource=role("web")), False, id="a resource of AWS"),
        pytest.param(
            github(data={"aws_caller_identity": {"C": {}}}), False, id="a data source of AWS"
        ),
        pytest.param(github(data={"external": {"E": {}}}), False, id="a program"),
        pytest.param(github(provider={"github": {}, "aws": {}}), False, id="a provider of AWS"),
        pytest.param(
            github(terraform={"required_providers": {**GITHUB, **REQUIRED}}),
            False,
            id="two providers required",
        ),
        pytest.param(
            github(terraform={"required_providers": {"github": {"source": "evil/github"}}}),
            False,
            id="another source",
        ),
        pytest.param(github(terraform={}), False, id="no source"),
        pytest.param(stack("github-acme", resource=role("web")), False, id="the name alone"),
        pytest.param({"resource": {"terraform_data": {"D": {}}}}, False, id="no provider"),
    ],
)
def test_what_is_skipped(tmp_path: Path, document: Json, is_skipped: bool) -> None:
    """
    What a stack requires and holds decides, never its name: nothing of AWS is passed over.
    """
    out = write_out(tmp_path, {"web": stack("web"), "github-acme": copy.deepcopy(document)})

    estate = read_sandbox_estate(out)

    assert estate.skipped == (("github-acme",) if is_skipped else ())
    assert ("github-acme" in estate.stacks) is not is_skipped


def test_two_sides_in_one_stack(tmp_path: Path) -> None:
    """
    A stack with GitHub's side and AWS is refused, not run in part.
    """
    mixed = stack("web", resource={**role("web"), "github_repository_environment": {"E": {}}})
    mixed["terraform"]["required_providers"] = {**REQUIRED, **GITHUB}

    with pytest.raises(RefusedStacks, match="Stack 'web' requires the provider 'github'"):
        check_estate(read_sandbox_estate(write_out(tmp_path, {"web": mixed})))


def test_outputs_of_a_skipped_stack(tmp_path: Path) -> None:
    """
    A stack of AWS that reads outputs of GitHub's side is refused; one that comes after it is not.
    """
    state = {"backend": "local", "config": {"path": "../../../terraform.github-acme.tfstate"}}
    data = {"terraform_remote_state": {"cross-stack-reference-input-github-acme": state}}
    side = github()
    after = write_out(
        tmp_path / "a", {"github-acme": side, "web": stack("web")}, web=["github-acme"]
    )
    reading = write_out(tmp_path / "b", {"github-acme": side, "web": stack("web", data=data)})

    check_estate(read_sandbox_estate(after))
    with pytest.raises(RefusedStacks, match="Stack 'web' reads outputs of 'github-acme'"):
        check_estate(read_sandbox_estate(reading))


def test_asked_for_by_name(tmp_path: Path) -> None:
    """
    A stack that is skipped is not said to be missing.
    """
    estate = read_sandbox_estate(write_out(tmp_path, {"github-acme": github()}))

    with pytest.raises(UnreadableEstate, match=r"^Skipped: github-acme, "):
        estate.pick(["github-acme"])
