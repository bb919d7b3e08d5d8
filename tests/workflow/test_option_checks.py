"""What is asked of `deploy-access workflow` and cannot be had is refused, as it was typed."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from deploy_access.workflow.options import Options
from deploy_access.workflow.plan import plan_workflows

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from deploy_access.workflow.deployer_reader import DeployerEstate


def said(result: Result) -> str:
    """Join the lines of an error, which may be broken anywhere."""
    return " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("words", "given", "near"),
    [
        pytest.param(
            "--repo acme/promote --environment prd",
            "No job deploys to this environment. Got --environment prd.",
            "Did you mean `--environment prod`?",
            id="environment",
        ),
        pytest.param(
            "--repo acme/promote --environment dev --environment 'a b'",
            "Got --environment 'a b'. There are dev, prod, stg.",
            "Name one of them with `--environment`.",
            id="one of two environments",
        ),
        pytest.param(
            "--repo acme/several --service workers",
            "No role deploys this service. Got --service workers.",
            "Did you mean `--service worker`?",
            id="service",
        ),
        pytest.param(
            "--role push-deploy --role pusch-deploy",
            "No role that trusts GitHub is called so. Got --role pusch-deploy.",
            "Did you mean `--role push-deploy`?",
            id="role",
        ),
        pytest.param(
            "--repo acme/nowhere --role push-deploy",
            "No role is left to write a workflow for. Got --repo acme/nowhere --role push-deploy.",
            "Name a repository, a role or an environment of those.",
            id="repository",
        ),
        pytest.param(
            "--repo acme/deploy --timeout 40 --session 43200",
            "Got --timeout 40 --session 43200.",
            "this one takes 40 minutes.",
            id="session",
        ),
        pytest.param(
            "--repo acme/deploy --session 43200",
            "Got --session 43200.",
            "Give another `--timeout` or `--session`",
            id="session alone",
        ),
        pytest.param(
            "--repo acme/uneven --composite",
            "Got Deploy web, Deploy web.",
            "Leave `--composite` out",
            id="composite",
        ),
    ],
)
def test_what_is_not_there(run: Callable[..., Result], words: str, given: str, near: str) -> None:
    """A name that nothing has is refused as it was typed, with what comes nearest."""
    refused = run(*shlex.split(words))

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert given in said(refused)
    assert near in said(refused)


def test_repositories_without_the_environment(read: DeployerEstate) -> None:
    """A repository that does not have the environment has no workflow then, not half of one."""
    planned = plan_workflows(read.deployers, Options(environments=("stg",)))

    assert [workflow.repository for workflow in planned] == ["acme/promote", "acme/unknown"]


def test_an_expression_in_a_command(run: Callable[..., Result]) -> None:
    """A command that GitHub would evaluate is refused, and the advice is about the command."""
    refused = run("--repo", "acme/migrating", "--migration", "python ${{ github.actor }}")

    assert refused.exit_code == 1
    assert "What `--migration` says cannot stand in a workflow." in said(refused)
    assert "Write the command without an expression, in one line" in said(refused)
    assert "Rename" not in said(refused)


@pytest.mark.parametrize(
    "option",
    [
        *("--branch", "--tag", "--container", "--task-definition", "--subnet", "--security-group"),
        *("--appspec", "--context", "--dockerfile"),
    ],
)
def test_an_expression_in_an_option(run: Callable[..., Result], option: str) -> None:
    """Any other text is refused by the name of its option, too."""
    refused = run("--repo", "acme/migrating", option, "a${{ b }}")

    assert refused.exit_code == 1
    assert f"What `{option}` says cannot stand in a workflow." in said(refused)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        pytest.param(
            "acme/given --cache", "`--cache` does nothing here: no job builds an image.", id="cache"
        ),
        pytest.param("acme/given --context src", "`--context` does nothing here", id="context"),
        pytest.param("acme/given --dockerfile D", "`--dockerfile` does nothing", id="dockerfile"),
        pytest.param("acme/given --platform linux/arm64", "`--platform` does", id="platform"),
        pytest.param(
            "acme/deploy --migration x",
            "`--migration` does nothing here: no job runs a task once",
            id="migration",
        ),
        pytest.param("acme/deploy --subnet x", "`--subnet` does nothing here", id="subnet"),
        pytest.param("acme/deploy --security-group x", "`--security-group` does", id="group"),
        pytest.param(
            "acme/deploy --container-port 80",
            "`--container-port` does nothing here: no service is deployed with CodeDeploy.",
            id="port",
        ),
        pytest.param("acme/deploy --appspec x", "`--appspec` does nothing here", id="appspec"),
        pytest.param(
            "acme/shifting --appspec x --container-port 80",
            "`--container-port` does nothing here: x is in the repository already.",
            id="port of a file that is there",
        ),
        pytest.param("acme/push --container x", "no job deploys to ECS.", id="container"),
        pytest.param("acme/push --task-definition x", "no job deploys to ECS.", id="definition"),
        pytest.param("acme/push --composite", "no job deploys a service to ECS.", id="composite"),
        pytest.param("acme/once --composite", "no job deploys a service", id="composite task"),
        pytest.param(
            "acme/several --container wrker=x",
            "`--container wrker=...` does nothing here: there are web, worker.",
            id="container of nobody",
        ),
        pytest.param(
            "acme/migrating --migration other=x",
            "`--migration other=...` does nothing here: there are web.",
            id="migration of nobody",
        ),
        pytest.param("acme/push --platform windows/foo", "is no platform that a Linux", id="os"),
        pytest.param("acme/push --platform linux/arm46", "mean `linux/arm64`?", id="misspelt"),
        pytest.param(
            "acme/push --platform linux/amd64,linux/arm64", "the option once for each", id="list"
        ),
    ],
)
def test_options_that_do_nothing(run: Callable[..., Result], words: str, why: str) -> None:
    """An option that changes nothing is wrong usage, with the reason."""
    refused = run("--repo", *words.split())

    assert (refused.exit_code, refused.stdout) == (2, "")
    assert why in said(refused)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("acme/cached --cache --context src --dockerfile D", id="builds"),
        pytest.param("acme/push --platform linux/arm/v7 --platform linux/amd64", id="platforms"),
        pytest.param("acme/migrating --migration web=x --subnet a --security-group b", id="runs"),
        pytest.param("acme/migrating-apart --container web-migrate=job", id="family"),
        pytest.param("acme/once --container x --migration nightly=y --subnet z", id="task alone"),
        pytest.param("acme/shifting --appspec .github/a.yaml --container-port 80", id="shifts"),
        pytest.param("acme/several --task-definition {service}.json", id="deploys"),
        pytest.param("acme/several --container worker=x --service worker", id="one service"),
        pytest.param("acme/mono --container api=x --service api", id="service of a repository"),
    ],
)
def test_options_that_do_something(run: Callable[..., Result], words: str) -> None:
    """An option that some job has a use for is accepted."""
    assert run("--repo", *words.split()).exit_code == 0
