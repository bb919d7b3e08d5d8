"""Several services of one repository: each has its own files, groups, variables and order."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from rendering import REPOSITORIES, plan
from workflow_files import parse

from deploy_access.errors import InvalidValue
from deploy_access.workflow.options import Options
from deploy_access.workflow.output import render_files
from deploy_access.workflow.plan import plan_workflows
from deploy_access.workflow.services import with_services
from deploy_access.workflow.stages import stages_of
from deploy_access.workflow.steps import Build, Deploy, Render, RunTask

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from deploy_access.workflow.deployer import EcsTarget
    from deploy_access.workflow.deployer_reader import DeployerEstate
    from deploy_access.workflow.job import Job


def needs(read: DeployerEstate, repository: str, **options: Any) -> dict[str, dict[str, list[str]]]:
    """Return what each job of each workflow waits for."""
    planned = plan(read, repository, **options)
    return {one.file: {job.id: [*job.needs] for job in one.jobs} for one in planned}


def test_services_deploy_side_by_side(read: DeployerEstate) -> None:
    """Each service has a workflow of its own, which goes through its environments in order."""
    assert needs(read, "mono") == {
        "deploy-mono-api.yml": {"deploy-dev": [], "deploy-prod": ["deploy-dev"]},
        "deploy-mono-web.yml": {"deploy-dev": [], "deploy-prod": ["deploy-dev"]},
    }


def test_services_that_have_one_image(read: DeployerEstate) -> None:
    """One job builds for both, and each service then waits for its own environments alone."""
    assert needs(read, "oneimage") == {
        "deploy-oneimage.yml": {
            "build": [],
            "deploy-api-dev": ["build"],
            "deploy-api-prod": ["build", "deploy-api-dev"],
            "deploy-worker-dev": ["build"],
            "deploy-worker-prod": ["build", "deploy-worker-dev"],
        }
    }


@pytest.mark.parametrize(
    ("repository", "service", "expected"),
    [
        pytest.param(
            "mono", "web", {"deploy-mono-web.yml": ["deploy-dev", "deploy-prod"]}, id="own"
        ),
        pytest.param(
            "monorepo", "api", {"deploy-monorepo-api.yml": ["build", "deploy"]}, id="builder"
        ),
        pytest.param(
            "oneimage",
            "worker",
            {"deploy-oneimage-worker.yml": ["build", "deploy-dev", "deploy-prod"]},
            id="shared builder",
        ),
    ],
)
def test_one_service_alone(
    read: DeployerEstate, repository: str, service: str, expected: dict[str, list[str]]
) -> None:
    """The jobs of one service are those that build and deploy it."""
    found = needs(read, repository, services=(service,))

    assert {file: [*jobs] for file, jobs in found.items()} == expected


def jobs_of(read: DeployerEstate, repository: str, **options: Any) -> list[Job]:
    """Return the jobs of all workflows of a repository."""
    return [job for one in plan(read, repository, **options) for job in one.jobs]


@pytest.mark.parametrize("repository", REPOSITORIES)
def test_nothing_is_shared_by_accident(read: DeployerEstate, repository: str) -> None:
    """Jobs share no group, those of one place no variable, and steps of one job no id."""
    jobs = jobs_of(read, repository, variables=True)

    for one, other in combinations(jobs, 2):
        assert one.group.shown != other.group.shown
        if one.stage.environment == other.stage.environment and one.stage != other.stage:
            names = [{v.name for v in job.variables} for job in (one, other)]
            assert not names[0] & names[1]
    for job in jobs:
        ids = [step.id for step in job.flat() if isinstance(step, Build | Render)]
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize("repository", REPOSITORIES)
def test_a_definition_is_of_one_family(read: DeployerEstate, repository: str) -> None:
    """No two families have one file."""
    families: dict[str, set[str]] = {}
    for job in jobs_of(read, repository):
        files = {s.id: s.file.text for s in job.flat() if isinstance(s, Render) and s.file}
        for step in job.flat():
            if isinstance(step, Deploy | RunTask) and step.rendered in files:
                family = step.family if isinstance(step, Deploy) else step.task.family
                families.setdefault(files[step.rendered], set()).add(family)

    assert [file for file, found in families.items() if len(found) > 1] == []


def test_one_file_for_two_families_is_refused(read: DeployerEstate) -> None:
    """A file that is named for all services is refused where their families differ."""
    with pytest.raises(InvalidValue, match=r"f\.json would be the task definition of 2 families"):
        plan(read, "mono", task_definition={"": "f.json"})

    assert plan(read, "mono", task_definition={"": "{service}-{environment}.json"})
    assert plan(read, "promote", task_definition={"": "f.json"})


def test_two_clusters_of_one_role(read: DeployerEstate) -> None:
    """Each step has an id of its own and deploys what it has rendered."""
    (workflow,) = plan(read, "clusters")
    steps = list(workflow.jobs[0].flat())

    rendered = [step.id for step in steps if isinstance(step, Render)]
    assert rendered == ["render-migrate", "render-1", "render-migrate-2", "render-2"]
    assert [(s.cluster.text, s.rendered) for s in steps if isinstance(s, RunTask | Deploy)] == [
        ("blue", "render-migrate"),
        ("blue", "render-1"),
        ("green", "render-migrate-2"),
        ("green", "render-2"),
    ]


def test_variables_of_two_clusters(read: DeployerEstate) -> None:
    """Each cluster has a variable of its own."""
    (workflow,) = plan(read, "clusters", variables=True)

    clusters = [s.cluster.shown for s in workflow.jobs[0].flat() if isinstance(s, Deploy)]
    assert clusters == ["${{ vars.ECS_CLUSTER }}", "${{ vars.ECS_CLUSTER_2 }}"]


CHOICES = [
    ["--role", "mono-api-dev-deploy"],
    ["--role", "mono-web-dev-deploy"],
    ["--role", "mono-api-prod-deploy"],
    ["--environment", "dev"],
    ["--environment", "prod"],
    ["--service", "web"],
]


def test_two_choices_write_two_files(run: Callable[..., Result], tmp_path: Path) -> None:
    """Whatever is chosen is written beside what is there, and stays as it was written."""
    seen: dict[str, str] = {}
    for words in CHOICES:
        assert run("--repo", "acme/mono", *words, "--write", str(tmp_path)).exit_code == 0
        files = {path.name: path.read_text("utf-8") for path in tmp_path.rglob("*.yml")}
        assert files.items() >= seen.items()
        assert len(files) > len(seen)
        seen = files


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param([], ["--repo", "acme/push", "--dispatch"], id="other events"),
        pytest.param(["--repo", "acme/promote"], ["--role", "promote-images-deploy"], id="verbs"),
    ],
)
def test_a_file_of_another_choice_is_left_alone(
    run: Callable[..., Result], tmp_path: Path, first: list[str], second: list[str]
) -> None:
    """A file of another choice keeps its jobs: the call is refused, or writes another."""
    run("--repo", "acme/push", *first, "--write", str(tmp_path))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.yml")}

    run(*second, "--role", "push-deploy", "--write", str(tmp_path))

    assert {path: path.read_bytes() for path in before} == before


def test_a_refusal_says_whose_the_file_is(run: Callable[..., Result], tmp_path: Path) -> None:
    """The call that has made the file is named, and nothing is written."""
    run("--repo", "acme/push", "--write", str(tmp_path))
    file = tmp_path / "workflows/push-push.yml"
    theirs = file.read_text("utf-8").replace("--repo acme/push", "--repo acme/push --role other")
    file.write_text(theirs.replace("- main", "- develop"), "utf-8")

    refused = run("--repo", "acme/push", "--write", str(tmp_path))

    assert refused.exit_code == 1
    said = " ".join(refused.stderr.split())
    assert "push-push.yml is written by a call that chooses something else." in said
    assert "Got deploy-access workflow --repo acme/push --role other." in said
    assert "- develop" in file.read_text("utf-8")


def test_the_same_text_may_change_hands(run: Callable[..., Result], tmp_path: Path) -> None:
    """A call that makes the same jobs takes the file over."""
    run("--repo", "acme/push", "--write", str(tmp_path))
    file = tmp_path / "workflows/push-push.yml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("--repo acme/push", "--repo acme/push --role other"), "utf-8")

    assert run("--repo", "acme/push", "--write", str(tmp_path)).exit_code == 0
    assert file.read_text("utf-8") == text


def test_paths(read: DeployerEstate) -> None:
    """Paths are asked of pushes to a branch, from the option or from hints of each service."""
    hints = {"api": ["api/**", "go.mod"], "web": ["web/**"]}
    hinted = [
        replace(one, hints={**one.hints, "paths": paths})
        for one in read.deployers
        for name, paths in hints.items()
        if one.name.startswith(f"mono-{name}-")
    ]
    files = render_files(plan_workflows(hinted, Options(repo="acme/mono")), "")
    on = {name: parse(text)["on"] for name, text in files.items()}

    assert on == {
        "workflows/deploy-mono-api.yml": {
            "push": {"branches": ["main"], "paths": ["api/**", "go.mod"]}
        },
        "workflows/deploy-mono-web.yml": {"push": {"branches": ["main"], "paths": ["web/**"]}},
    }


def test_paths_of_what_no_push_starts(run: Callable[..., Result]) -> None:
    """Paths where only tags or people start a workflow are wrong usage."""
    for repository in ("acme/releases", "acme/deploy"):
        refused = run("--repo", repository, "--path", "src/**")
        assert refused.exit_code == 2
        assert "`--path` does nothing here" in " ".join(refused.stderr.split())


def services(read: DeployerEstate, names: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Return the services of the roles of `mono`, with other names and hints."""
    own = [one for one in read.deployers if one.name.startswith("mono-")]
    made = [
        replace(one, role=replace(one.role, name=name), **more)
        for one, (name, more) in zip(own, names.items(), strict=True)
    ]
    stages = stages_of(made, Options(repo="acme/mono"))["acme/mono"]
    return {stage.deployer.name: stage.service for stage in with_services(stages)}


def test_hints_win_over_names(read: DeployerEstate) -> None:
    """What a hint says counts, whatever roles and ECS services are called."""
    hinted = {
        "mono-api-dev-deploy": {"hints": {"service": "one"}},
        "mono-api-prod-deploy": {"hints": {"service": "two"}},
        "mono-web-dev-deploy": {"hints": {"service": "two"}},
        "mono-web-prod-deploy": {"hints": {"service": "one"}},
    }

    assert services(read, hinted) == {
        name: more["hints"]["service"] for name, more in hinted.items()
    }


def test_names_of_ecs_services_count(read: DeployerEstate) -> None:
    """Roles whose names say nothing are told apart by the ECS services that they deploy."""
    named: dict[str, dict[str, Any]] = {name: {} for name in ("a1", "a2", "b1", "b2")}

    assert services(read, named) == {"a1": "api", "a2": "api", "b1": "web", "b2": "web"}


def test_steps_of_one_service(read: DeployerEstate) -> None:
    """Roles that deploy other services to other environments are steps: nothing says otherwise."""
    own = [
        one for one in read.deployers if one.name in {"mono-api-dev-deploy", "mono-web-prod-deploy"}
    ]
    stages = stages_of(own, Options(repo="acme/mono"))["acme/mono"]

    assert {stage.service for stage in with_services(stages)} == {""}


def test_one_name_in_two_clusters(read: DeployerEstate) -> None:
    """ECS services of one name in two clusters of one place are two, told apart by their roles."""
    own = [one for one in read.deployers if one.name.startswith("mono-")]
    made = [
        replace(one, targets=tuple(_renamed(target, one.name) for target in one.targets))
        for one in own
    ]
    stages = stages_of(made, Options(repo="acme/mono"))["acme/mono"]

    assert {stage.deployer.name: stage.service for stage in with_services(stages)} == {
        "mono-api-dev-deploy": "mono-api",
        "mono-api-prod-deploy": "mono-api",
        "mono-web-dev-deploy": "mono-web",
        "mono-web-prod-deploy": "mono-web",
    }


def _renamed(target: EcsTarget, role: str) -> EcsTarget:
    service = replace(target.services[0], name="app")
    return replace(target, cluster=f"of-{role}", services=(service,))


def test_one_service_in_two_regions(read: DeployerEstate) -> None:
    """Roles of one ECS service in one environment and two regions are steps of one service."""
    own = [
        one for one in read.deployers if one.name in {"mono-api-prod-deploy", "mono-api-dev-deploy"}
    ]
    (target,) = own[1].targets
    elsewhere = replace(target, region="us-east-1", cluster="elsewhere")
    third = replace(own[1], role=replace(own[1].role, name="us-api-prod"), targets=(elsewhere,))
    stages = stages_of([*own, third], Options(repo="acme/mono"))["acme/mono"]

    assert {stage.service for stage in with_services(stages)} == {""}
