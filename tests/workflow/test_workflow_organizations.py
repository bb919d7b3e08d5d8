"""The workflows of the companies: apart by service, by GitHub and by event; judges find nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from organizations import synthesize_organizations
from rendering import judge
from workflow_files import parse

from deploy_access.workflow.deployer_reader import read_deployers
from deploy_access.workflow.options import Options
from deploy_access.workflow.output import render_files
from deploy_access.workflow.plan import plan_workflows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from deploy_access.workflow.deployer_reader import DeployerEstate

REPOSITORIES = {
    "acme": ("mono", "pulls", "tags", "no-tags"),
    "corp": ("mono", "pushonly", "web"),
    "northwind": ("shop-api", "shop-web", "data-jobs", "nightly"),
}


@pytest.fixture(scope="module")
def companies(tmp_path_factory: pytest.TempPathFactory) -> DeployerEstate:
    """Read the roles of the companies."""
    return read_deployers(synthesize_organizations(tmp_path_factory.mktemp("companies")))


def written(read: DeployerEstate, repository: str, **options: Any) -> dict[str, str]:
    """Return the workflows of a repository, by their files' names."""
    planned = plan_workflows(read.deployers, Options.of(repo=repository, **options))
    files = render_files(planned, f"deploy-access workflow --repo {repository}")
    return {path.removeprefix("workflows/"): text for path, text in files.items()}


def jobs(files: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """List the jobs of workflows, each with the workflow's file."""
    for file, text in files.items():
        for job in parse(text)["jobs"].values():
            yield file, job


def definitions(job: dict[str, Any]) -> list[str]:
    """List the files of task definitions that a job renders."""
    given = (step.get("with", {}).get("task-definition", "") for step in job["steps"])
    return [file for file in given if file.endswith(".json")]


def test_two_services_of_one_repository(companies: DeployerEstate) -> None:
    """Files, definitions, groups and `needs` are of one service each."""
    found = [
        (file, job["concurrency"]["group"], job.get("needs"), *definitions(job))
        for file, job in jobs(written(companies, "acme/mono"))
    ]

    assert found == [
        (
            f"deploy-mono-svc-{name}.yml",
            f"deploy-svc-{name}-{place}",
            needs,
            f"task-definition-svc-{name}-{place}.json",
        )
        for name in ("a", "b")
        for place, needs in (("dev", None), ("prod", "deploy-dev"))
    ]


def test_roles_that_are_asked_for_one_by_one(companies: DeployerEstate) -> None:
    """Calls for one role each write files of their own, with the same definitions and groups."""
    whole = list(jobs(written(companies, "acme/mono")))
    names = ("a-dev", "a-prod", "b-dev", "b-prod")
    apart = [written(companies, "acme/mono", roles=(f"{name}-deploy",)) for name in names]
    files = [file for one in apart for file in one]
    alone = [job for one in apart for _, job in jobs(one)]

    assert len(set(files)) == len(names)
    assert {(job["concurrency"]["group"], *definitions(job)) for job in alone} == {
        (job["concurrency"]["group"], *definitions(job)) for _, job in whole
    }


def test_a_pull_request(companies: DeployerEstate) -> None:
    """Runs of two pull requests do not touch each other, and strangers' runs are left out."""
    ((_, job),) = jobs(written(companies, "acme/pulls"))

    assert job["concurrency"] == {
        "group": "check-pulls-${{ github.event.pull_request.number }}",
        "cancel-in-progress": True,
    }
    assert "head.repo.full_name == github.repository" in job["if"]


@pytest.mark.parametrize("repository", REPOSITORIES["corp"])
@pytest.mark.parametrize("options", [{}, {"runs_on": ("aws", "linux")}], ids=["default", "named"])
def test_a_server(companies: DeployerEstate, repository: str, options: dict[str, Any]) -> None:
    """Nothing that only github.com has, on a runner of the platform or on the one that is named."""
    files = written(companies, f"corp/{repository}", **options)
    runners = [job["runs-on"] for _, job in jobs(files)]

    assert all(one == [*options.get("runs_on", ("self-hosted", "linux", "x64"))] for one in runners)
    assert not any(word in text for text in files.values() for word in ("$/", "queue:", "ubuntu-"))


def test_a_company_of_four_repositories(companies: DeployerEstate) -> None:
    """What each job does: build once and deploy twice, push twice, or run tasks alone."""
    found = {
        name: [job["name"] for _, job in jobs(written(companies, f"northwind/{name}"))]
        for name in REPOSITORIES["northwind"]
    }

    assert found == {
        "shop-api": ["Build and push", "Deploy to dev", "Deploy to prod"],
        "shop-web": ["Push to dev", "Push to prod"],
        "data-jobs": ["Deploy to dev", "Deploy to prod"],
        "nightly": ["Run in dev", "Run in prod"],
    }


@pytest.mark.slow
def test_judges(companies: DeployerEstate, tmp_path: Path) -> None:
    """Judges that are not ours find nothing in any of them."""
    files = {
        f"{owner}/{name}/.github/workflows/{file}": text
        for owner, names in REPOSITORIES.items()
        for name in names
        for file, text in written(companies, f"{owner}/{name}").items()
    }

    assert judge(files, tmp_path) == []
