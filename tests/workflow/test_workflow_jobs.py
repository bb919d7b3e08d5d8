"""What jobs need around their steps: registries, runners, and turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rendering import plan
from workflow_files import parse

from deploy_access.workflow.steps import SetUpEmulation
from deploy_access.workflow.waiting import IS_OURS, STRANGERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from deploy_access.workflow.deployer_reader import DeployerEstate


def test_a_registry_of_another_account(rendered: Callable[..., dict[str, str]]) -> None:
    """A role that pushes to another account logs in there, with the account in quotes."""
    text = rendered()["cross/.github/workflows/push-cross.yml"]

    assert "registries: '012345678901'" in text
    assert "allowed-account-ids: '111122223333'" in text


def test_registries_of_two_places(rendered: Callable[..., dict[str, str]]) -> None:
    """A role that pushes to two registries logs in to each, in its account and its region."""
    text = rendered()["registries/.github/workflows/push-registries.yml"]
    document = parse(text)

    steps = document["jobs"]["push"]["steps"]
    assert [
        (step["id"], step.get("with"), step.get("env"))
        for step in steps
        if "amazon-ecr-login" in step.get("uses", "")
    ] == [
        ("login-1", {"registries": "444455556666"}, {"AWS_REGION": "us-east-1"}),
        ("login-2", None, None),
    ]
    assert [step["id"] for step in steps if "build-push-action" in step.get("uses", "")] == [
        "build-1",
        "build-2",
    ]


def test_a_job_asks_for_the_audience_of_its_role(
    rendered: Callable[..., dict[str, str]],
) -> None:
    """An audience that the action would not ask for is named, and the usual one is not."""
    audiences = {
        name: [
            step["with"].get("audience")
            for step in parse(rendered()[file])["jobs"]["push"]["steps"]
            if "configure-aws-credentials" in step.get("uses", "")
        ]
        for name in ("audience", "usual", "china")
        for file in [f"{name}/.github/workflows/push-{name}.yml"]
    }

    assert audiences == {
        "audience": ["https://deploys.acme.com"],
        "usual": [None],
        "china": ["sts.amazonaws.com.cn"],
    }


def test_runs_that_push_take_turns(rendered: Callable[..., dict[str, str]]) -> None:
    """No run that only pushes is cancelled; of those that deploy, the newest is enough."""
    text = rendered()["promote/.github/workflows/deploy-promote.yml"]
    jobs = parse(text)["jobs"]

    assert {name: job["concurrency"].get("queue") for name, job in jobs.items()} == {
        "build": "max",
        "deploy-dev": None,
        "deploy-stg": None,
        "deploy-prod": None,
    }


def test_each_kind_of_waiting_is_explained_once(rendered: Callable[..., dict[str, str]]) -> None:
    """The first job that pushes and the first that deploys say what happens to a later run."""
    text = rendered()["promote/.github/workflows/deploy-promote.yml"]

    assert text.count("# Runs take turns and none is cancelled") == 1
    assert text.count("# Of those that wait GitHub keeps the newest") == 1


def test_each_pull_request_has_a_group(rendered: Callable[..., dict[str, str]]) -> None:
    """A newer run of a pull request cancels its own older one, and no run of another."""
    text = rendered()["reads/.github/workflows/check-reads.yml"]

    assert parse(text)["jobs"]["check"]["concurrency"] == {
        "group": "check-reads-${{ github.event.pull_request.number }}",
        "cancel-in-progress": True,
    }


def test_strangers_are_left_out(rendered: Callable[..., dict[str, str]]) -> None:
    """A job on pull requests has a condition, with the reason above it; others have none."""
    files = rendered()
    text = files["pulls/.github/workflows/push-pulls.yml"]

    assert f"    # {STRANGERS}\n    if: {IS_OURS}\n" in text
    assert "head.repo.full_name == github.repository" in IS_OURS
    assert "user.login != 'dependabot[bot]'" in IS_OURS
    for name, other in files.items():
        for job in parse(other).get("jobs", {}).values() if "/workflows/" in name else ():
            assert ("if" in job) == ("pull_request" in parse(other)["on"])


def test_pull_requests_beside_pushes(rendered: Callable[..., dict[str, str]]) -> None:
    """A role that trusts both has two workflows, so that no push waits for a pull request."""
    files = rendered()
    names = ("push-pulls-too.yml", "push-pulls-too-pull-request.yml")
    push, pulls = (parse(files[f"pulls-too/.github/workflows/{name}"]) for name in names)

    assert (push["on"], pulls["on"]) == ({"push": {"branches": ["main"]}}, {"pull_request": None})
    assert push["jobs"]["push"]["concurrency"]["queue"] == "max"
    assert "queue" not in pulls["jobs"]["push"]["concurrency"]


def test_a_person_starts_no_pull_request(run: Callable[..., Result]) -> None:
    """To start by hand what trusts pull requests alone is wrong usage."""
    refused = run("--repo", "acme/reads", "--dispatch")

    assert refused.exit_code == 2
    assert "`--dispatch` does nothing here" in " ".join(refused.stderr.split())


def test_a_server_is_told_nothing_new(rendered: Callable[..., dict[str, str]]) -> None:
    """GitHub Enterprise Server gets no syntax of 2026; an enterprise on github.com does."""
    files = rendered()

    assert "queue:" not in files["server/.github/workflows/push-server.yml"]
    assert "queue: max" in files["enterprise/.github/workflows/push-enterprise.yml"]


@pytest.mark.parametrize(
    ("platforms", "runner", "emulated"),
    [
        pytest.param((), "ubuntu-24.04", (), id="none"),
        pytest.param(("linux/amd64",), "ubuntu-24.04", (), id="intel"),
        pytest.param(("linux/arm64",), "ubuntu-24.04-arm", (), id="arm"),
        pytest.param(("linux/arm64/v8",), "ubuntu-24.04-arm", (), id="arm with variant"),
        pytest.param(("linux/arm/v7",), "ubuntu-24.04", ("linux/arm/v7",), id="another"),
        pytest.param(
            ("linux/amd64", "linux/arm64"), "ubuntu-24.04", ("linux/arm64",), id="several"
        ),
    ],
)
def test_platforms(
    read: DeployerEstate, platforms: tuple[str, ...], runner: str, emulated: tuple[str, ...]
) -> None:
    """What the runner cannot run by itself is emulated, and nothing else."""
    (workflow,) = plan(read, "push", platforms=platforms)
    (job,) = workflow.jobs

    found = [step.platforms for step in job.steps if isinstance(step, SetUpEmulation)]
    assert (job.runner.labels, found) == ((runner,), [emulated] if emulated else [])
