"""What stands in a workflow: names, expressions, permissions and the commits of actions."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judges.workflow_judges import read_action_inputs
from rendering import REPOSITORIES, plan
from workflow_files import parse

from deploy_access.errors import InvalidValue
from deploy_access.workflow.options import Options
from deploy_access.workflow.output import render_files
from deploy_access.workflow.pins import pin, read_pins
from deploy_access.workflow.plan import plan_workflows
from deploy_access.workflow.stages import Ref
from deploy_access.workflow.step_value import safe, slug
from deploy_access.workflow.steps import Deploy
from deploy_access.workflow.triggers import filter_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from deploy_access.workflow.deployer_reader import DeployerEstate

# Nothing that somebody outside can choose: no title, no branch, no input of an event but the image.
EXPRESSION = re.compile(
    r"github\.(sha|run_id|run_attempt|event\.pull_request\.number)|vars\.[A-Z0-9_]+|fromJSON\(vars\.[A-Z0-9_]+\)\[\d+\]"
    r"|steps\.[a-z0-9-]+\.outputs\.(registry|digest|task-definition)"
    r"|needs\.[a-z0-9-]+\.outputs\.(digest|image)|inputs\.[a-z0-9-]+"
)
read_once = cache(parse)
OPTIONS = [
    pytest.param({}, id="defaults"),
    pytest.param({"variables": True}, id="variables"),
    pytest.param({"composite": True}, id="composite"),
    pytest.param(
        {"reusable": "acme/ci/.github/workflows/x.yml@refs/tags/v1", "variables": True},
        id="reusable",
    ),
]


def documents(files: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Parse every workflow."""
    return (read_once(text) for name, text in files.items() if "/workflows/" in name)


@pytest.mark.parametrize("options", OPTIONS)
def test_expressions(rendered: Callable[..., dict[str, str]], options: dict[str, Any]) -> None:
    """Every expression is one of a few kinds, and no secret is among them."""
    texts = rendered(**options).values()

    found = {one for text in texts for one in re.findall(r"\$\{\{ (.*?) \}\}", text)}
    assert found
    assert {one for one in found if not EXPRESSION.fullmatch(one)} == set()


@pytest.mark.parametrize("options", OPTIONS)
def test_least_permissions(
    rendered: Callable[..., dict[str, str]], options: dict[str, Any]
) -> None:
    """A workflow has no permission, a job the token and, to check out, the files."""
    files = rendered(**options)
    for repository in REPOSITORIES:
        own = {name: text for name, text in files.items() if name.startswith(f"{repository}/")}
        _check_permissions(list(documents(own)))


def _check_permissions(found: list[dict[str, Any]]) -> None:
    called = [job for one in found if "workflow_call" in one["on"] for job in one["jobs"].values()]
    steps_of_called = [step for job in called for step in job["steps"]]
    for document in found:
        assert document["permissions"] == {}
        for job in document["jobs"].values():
            steps = job.get("steps", steps_of_called)
            checks_out = any("actions/checkout@" in step.get("uses", "") for step in steps)
            least = {"contents": "read"} if checks_out else {}
            assert job["permissions"] == {**least, "id-token": "write"}


@pytest.mark.parametrize("options", OPTIONS)
def test_jobs_are_careful(rendered: Callable[..., dict[str, str]], options: dict[str, Any]) -> None:
    """A job ends some time, queues, keeps no key of the repository and runs no shell of ours."""
    for document in documents(rendered(**options)):
        for job in document["jobs"].values():
            # What is called says nothing of groups: the jobs that call it do.
            assert ("concurrency" in job) is ("workflow_call" not in document["on"])
            if "concurrency" in job:
                cancels = "pull_request.number" in job["concurrency"]["group"]
                assert job["concurrency"]["cancel-in-progress"] is cancels
            if "uses" not in job:
                assert 5 <= job["timeout-minutes"] <= 60
                assert [s["with"] for s in job["steps"] if "/checkout@" in s.get("uses", "")] in (
                    [],
                    [{"persist-credentials": False}],
                )
                shells = {step["run"] for step in job["steps"] if "run" in step}
                copies = {one for one in shells if one.startswith("docker buildx imagetools")}
                assert shells - copies <= {"aws sts get-caller-identity"}
                assert not any("${{" in one for one in shells)


@pytest.mark.parametrize("options", OPTIONS)
def test_sessions(rendered: Callable[..., dict[str, str]], options: dict[str, Any]) -> None:
    """A session's name is one that STS takes, with the longest numbers that a run can have."""
    sessions = [
        step["with"]["role-session-name"]
        for document in documents(rendered(**options))
        for job in document["jobs"].values()
        for step in job.get("steps", [])
        if "configure-aws-credentials" in step.get("uses", "")
    ]

    assert sessions
    for session in sessions:
        name = session.replace("${{ github.run_id }}", "9" * 20)
        name = name.replace("${{ github.run_attempt }}", "9" * 5)
        assert re.fullmatch(r"[\w+=,.@-]{2,64}", name)


def test_runs_name_their_repository(read: DeployerEstate) -> None:
    """A repository with a long name has a session's name that STS takes, too."""
    assert len(slug("a" * 100, longest=36)) == 36
    assert "push-${{ github.run_id }}" in str(plan(read, "push"))


def test_pins() -> None:
    """Every action is pinned by a commit, has a release, and its inputs are known to the judge."""
    for action, one in read_pins().items():
        assert re.fullmatch(r"[0-9a-f]{40}", one.sha), action
        assert re.fullmatch(r"v\d+\.\d+\.\d+", one.version), action
    assert set(read_pins()) - set(read_action_inputs()) == set()


def test_an_action_without_a_pin_is_refused() -> None:
    """An action that nobody has pinned never gets into a workflow."""
    with pytest.raises(InvalidValue, match="No release of the action"):
        pin("acme/unknown")


@pytest.mark.parametrize(
    ("ref", "written"),
    [
        pytest.param(Ref(kind="branch", name="main"), "main", id="branch"),
        pytest.param(Ref(kind="branch", name="a+b!"), r"a\+b\!", id="special"),
        pytest.param(Ref(kind="tag", name="v*", is_pattern=True), "v**", id="any"),
        pytest.param(
            Ref(kind="tag", name="v?.+", is_pattern=True), r"v[0-9A-Za-z].\+", id="one letter"
        ),
    ],
)
def test_filters(ref: Ref, written: str) -> None:
    """A ref that IAM compares is a filter of GitHub's that takes the same refs, or fewer."""
    assert filter_pattern(ref) == written


@given(text=st.text())
def test_slugs(text: str) -> None:
    """Whatever something is called, its id is one that GitHub takes."""
    assert re.fullmatch(r"[a-z][a-z0-9-]*", slug(text))


@given(before=st.text(), after=st.text())
def test_safe(before: str, after: str) -> None:
    """No text with an expression in it stands in a workflow."""
    with pytest.raises(InvalidValue):
        safe(f"{before}${{{{{after}")


def test_two_services_of_one_repository(read: DeployerEstate) -> None:
    """Roles that trust the same environment have jobs of their own, each with its own image."""
    jobs = {one.file: one.jobs[-1] for one in plan(read, "monorepo")}

    images = {
        file: [image for image in ("api-images", "web-images") if f"/{image}@" in str(job.steps)]
        for file, job in jobs.items()
    }
    assert images == {
        "deploy-monorepo-api.yml": ["api-images"],
        "deploy-monorepo-web.yml": ["web-images"],
    }


def test_environments_with_nearly_one_name(read: DeployerEstate) -> None:
    """Environments whose names differ in a blank have jobs with ids of their own."""
    (workflow,) = plan(read, "alike")

    assert [(job.id, job.stage.environment) for job in workflow.jobs] == [
        ("deploy-eu-west-as-alike-deploy-1", "eu west"),
        ("deploy-eu-west-as-alike-deploy-2", "eu-west"),
    ]
    assert len({job.group.text for job in workflow.jobs}) == 2


def test_a_condition_on_the_ref_is_a_trigger(read: DeployerEstate) -> None:
    """An environment that is trusted on one branch alone is deployed from that branch."""
    (workflow,) = plan(read, "requiring")

    assert workflow.triggers.branches == (Ref(kind="branch", name="main"),)
    assert not workflow.triggers.dispatch


def test_hints(rendered: Callable[..., dict[str, str]]) -> None:
    """What the metadata says is used, and an option wins over it."""
    hinted = rendered()["hinted/.github/workflows/deploy-hinted.yml"]
    asked = rendered(container={"": "mine"})["hinted/.github/workflows/deploy-hinted.yml"]

    for line in ("container-name: app", "context: services/web", "runs-on: ubuntu-24.04-arm"):
        assert line in hinted
    assert "container-name: mine" in asked


def test_different_deployments_are_no_one_action(read: DeployerEstate) -> None:
    """One action cannot run a task first in one job and not in another."""
    uneven = plan(read, "uneven", composite=True)

    with pytest.raises(InvalidValue, match="one action cannot do all of them"):
        render_files(uneven, "deploy-access workflow")


def test_a_service_that_nobody_deploys(read: DeployerEstate) -> None:
    """A service that no role deploys is refused, with those that there are."""
    with pytest.raises(InvalidValue, match="No role deploys this service"):
        plan(read, "several", services=("nothing",))


def test_one_service_of_several(read: DeployerEstate) -> None:
    """Only the service that is asked for is deployed."""
    (workflow,) = plan(read, "several", services=("worker",))

    deployed = [step.family for step in workflow.jobs[0].steps if isinstance(step, Deploy)]
    assert deployed == ["worker-family"]


def test_variables_of_jobs_without_an_environment(rendered: Callable[..., dict[str, str]]) -> None:
    """Jobs that read variables of the repository have names of their own for them."""
    text = rendered(variables=True)["promote/.github/workflows/deploy-promote.yml"]

    roles = re.findall(r"role-to-assume: \$\{\{ vars\.(\w+) \}\}", text)
    assert roles == ["AWS_ROLE_ARN_BUILD", "AWS_ROLE_ARN_DEV", "AWS_ROLE_ARN", "AWS_ROLE_ARN"]


def test_a_role_that_trusts_a_whole_owner(read: DeployerEstate) -> None:
    """It has a workflow in the repository that is named, and in no other one."""
    named = plan_workflows(read.deployers, Options(repo="everybody/web"))
    every = plan_workflows(read.deployers, Options())

    assert [workflow.file for workflow in named] == ["check-web.yml"]
    assert not any(workflow.repository.startswith("everybody/") for workflow in every)
