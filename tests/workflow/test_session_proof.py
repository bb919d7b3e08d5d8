"""Each job's own run is held against its role, in the words of `explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from rendering import REPOSITORIES, plan

from deploy_access.errors import InvalidValue
from deploy_access.workflow.options import Options
from deploy_access.workflow.plan import plan_workflows
from deploy_access.workflow.session_proof import prove_sessions

if TYPE_CHECKING:
    from deploy_access.workflow.deployer_reader import DeployerEstate

WHOLE = [name for name in REPOSITORIES if name != "unknown"]


def answers(read: DeployerEstate, repository: str, **options: Any) -> dict[tuple[str, str], str]:
    """Answer for each job under each event: the cause where it is not let in."""
    return {
        (one.job.id, one.event): one.finding.cause.id
        for workflow in plan(read, repository, **options)
        for one in prove_sessions(workflow, read.estate)
    }


@pytest.mark.parametrize("repository", WHOLE)
def test_every_job_is_let_in(read: DeployerEstate, repository: str) -> None:
    """What is planned without options always works."""
    found = answers(read, repository)

    assert found
    assert set(found.values()) == {"allowed"}


def test_what_terraform_fills_in_is_not_known(read: DeployerEstate) -> None:
    """A role whose account nobody has said is neither let in nor refused."""
    found = [one for w in plan(read, "unknown") for one in prove_sessions(w, read.estate)]

    assert {one.finding.answer for one in found} == {"unknown"}


@pytest.mark.parametrize(
    ("repository", "options", "expected"),
    [
        pytest.param(
            "push",
            {"branches": ("develop",)},
            {("push", "push to the branch 'develop'"): "other-branch"},
            id="other branch",
        ),
        pytest.param(
            "push",
            {"release": True},
            {("push", "release"): "tag-not-branch"},
            id="tag in place of a branch",
        ),
        pytest.param("releases", {"release": True}, {("push", "release"): "allowed"}, id="release"),
        pytest.param(
            "releases",
            {"branches": ("main",), "tags": ("v1.*",)},
            {
                ("push", "push to the branch 'main'"): "branch-not-tag",
                ("push", "push of the tag 'v1.*'"): "allowed",
            },
            id="branch and tag",
        ),
        pytest.param(
            "push",
            {"dispatch": True},
            {
                ("push", "push to the branch 'main'"): "allowed",
                ("push", "start by hand"): "allowed",
            },
            id="by hand too",
        ),
        pytest.param(
            "deploy",
            {"branches": ("anything",)},
            {("deploy", "push to the branch 'anything'"): "allowed"},
            id="an environment is let in on any branch",
        ),
        pytest.param(
            "promote",
            {"environments": ("prod", "stg")},
            {
                ("build", "push to the branch 'main'"): "allowed",
                ("deploy-prod", "push to the branch 'main'"): "allowed",
                ("deploy-stg", "push to the branch 'main'"): "allowed",
            },
            id="some environments",
        ),
    ],
)
def test_events(
    read: DeployerEstate,
    repository: str,
    options: dict[str, Any],
    expected: dict[tuple[str, str], str],
) -> None:
    """Each event that is asked for is held against the role, and the answer says why."""
    assert answers(read, repository, **options) == expected


def test_another_called_workflow_is_not_let_in(read: DeployerEstate) -> None:
    """A role that trusts one called workflow lets in no other one, and none at another commit."""
    own = plan_workflows(read.deployers, Options(repo="acme/called"))
    other = plan_workflows(
        read.deployers,
        Options(repo="acme/called", reusable="acme/ci/.github/workflows/deploy.yml@refs/heads/x"),
    )

    denied = {one.finding.answer for w in (*own, *other) for one in prove_sessions(w, read.estate)}
    assert denied == {"denied"}


@pytest.mark.parametrize(
    ("repository", "options", "what"),
    [
        pytest.param("given", {"branches": ("main",)}, "builds what it deploys", id="no image"),
        pytest.param("push", {"cache": True}, "may not read layers", id="cache without layers"),
        pytest.param("deploy", {"minutes": 90}, "lasts 900 to 3600 seconds", id="long job"),
        pytest.param("check", {"seconds": 7201}, "lasts 900 to 7200 seconds", id="long session"),
        pytest.param("nobody", {}, "No role is left", id="no role"),
        pytest.param("several", {"context": "${{ secrets.X }}"}, "cannot stand", id="expression"),
        pytest.param("several", {"context": "a\nrun: x"}, "cannot stand", id="line break"),
    ],
)
def test_refusals(
    read: DeployerEstate, repository: str, options: dict[str, Any], what: str
) -> None:
    """What cannot work is refused with a sentence about it."""
    with pytest.raises(InvalidValue, match=what):
        plan(read, repository, **options)
