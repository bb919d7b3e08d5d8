"""`--reusable`: one file that several jobs call, each with its own events and groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from rendering import plan
from workflow_estate import CALLED, CALLED_REF
from workflow_files import parse

from deploy_access.errors import InvalidValue
from deploy_access.workflow.options import Options
from deploy_access.workflow.output import render_files
from deploy_access.workflow.plan import plan_workflows

if TYPE_CHECKING:
    from deploy_access.workflow.deployer_reader import DeployerEstate


def files(read: DeployerEstate, repository: str) -> dict[str, dict[str, Any]]:
    """Return what is written for a repository: its own workflows, and the called one."""
    planned = plan(read, repository, reusable=CALLED_REF)
    return {path: parse(text) for path, text in render_files(planned, "").items()}


@pytest.mark.parametrize(
    ("repository", "verb", "queue"),
    [
        pytest.param("pulls-too", "push", {"queue": "max"}, id="github.com"),
        pytest.param("ghes", "deploy", {}, id="server"),
    ],
)
def test_a_push_and_a_pull_request_call_one_file(
    read: DeployerEstate, repository: str, verb: str, queue: dict[str, str]
) -> None:
    """The caller says when it runs and what it waits for, and the called file says neither."""
    found = files(read, repository)
    called = found.pop(CALLED)["jobs"][verb]
    (push,), (pull,) = (one["jobs"].values() for one in found.values())
    group = f"{verb}-{repository}"

    assert [*found] == [f"workflows/{group}.yml", f"workflows/{group}-pull-request.yml"]
    assert called.keys().isdisjoint({"if", "concurrency"})
    assert push["with"] == pull["with"]
    assert push["concurrency"] == {"group": group, "cancel-in-progress": False, **queue}
    assert pull["concurrency"] == {
        "group": f"{group}-${{{{ github.event.pull_request.number }}}}",
        "cancel-in-progress": True,
    }
    assert ("if" in push, "if" in pull) == (False, True)


def test_each_caller_has_the_group_of_its_environment(read: DeployerEstate) -> None:
    """Runs of two environments do not wait for each other, though both call one file."""
    found = files(read, "promote")
    jobs = found["workflows/deploy-promote.yml"]["jobs"].values()
    groups = {job["concurrency"]["group"] for job in jobs if "uses" in job}

    assert groups == {"deploy-promote-stg", "deploy-promote-prod"}


def test_two_that_differ(read: DeployerEstate) -> None:
    """Repositories whose jobs differ cannot call one file; the message says what can be done."""
    own = [one for one in read.deployers if one.name in {"push-deploy", "check-deploy"}]

    with pytest.raises(InvalidValue) as caught:
        render_files(plan_workflows(own, Options(reusable=CALLED_REF)), "")

    assert str(caught.value) == (
        "Two workflows want one file, and not with the same text. Got "
        f"{CALLED!r}. A folder has room for one of them. Choose fewer, with `--repo OWNER/NAME`, "
        "`--service NAME` or `--role NAME`. What they call with `--reusable` needs a file for each."
    )
