"""Promotion: what was tested is copied by its digest, by roles that may, and nothing is built."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from rendering import plan
from workflow_files import parse

from deploy_access.errors import InvalidValue
from deploy_access.workflow.calls import calls_of
from deploy_access.workflow.options import Options
from deploy_access.workflow.plan import plan_workflows
from deploy_access.workflow.steps import Build, Copy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from deploy_access.workflow.deployer_reader import DeployerEstate
    from deploy_access.workflow.job import Job

DEV = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/copying-dev"
PROD = "444455556666.dkr.ecr.eu-central-1.amazonaws.com/copying-prod"


def jobs(read: DeployerEstate, **options: Any) -> dict[str, Job]:
    """Return the jobs by their ids."""
    (workflow,) = plan(read, "copying", **options)
    return {job.id: job for job in workflow.jobs}


def test_one_job_builds_and_the_next_one_copies(read: DeployerEstate) -> None:
    """The first environment builds, and hands its digest on; the second one copies."""
    kinds = {
        name: [type(step) for step in job.steps if isinstance(step, Build | Copy)]
        for name, job in jobs(read).items()
    }

    assert kinds == {"deploy-dev": [Build], "deploy-prod": [Copy]}


def test_the_digest_is_that_of_the_job_before(run: Callable[..., Result]) -> None:
    """The image that is copied is named by the digest, and what is deployed is the copy."""
    document = parse(run("--repo", "acme/copying").stdout)["jobs"]
    dev, prod = document["deploy-dev"], document["deploy-prod"]
    (copy,) = [step for step in prod["steps"] if "run" in step]
    (render,) = [step for step in prod["steps"] if step.get("id") == "render"]

    assert dev["outputs"] == {"digest": "${{ steps.build.outputs.digest }}"}
    assert prod["needs"] == "deploy-dev"
    assert copy["env"]["SOURCE"] == f"{DEV}@${{{{ needs.deploy-dev.outputs.digest }}}}"
    assert copy["env"]["TARGET"].startswith(f"{PROD}:${{{{ github.sha }}}}")
    assert render["with"]["image"] == f"{PROD}@${{{{ steps.{copy['id']}.outputs.digest }}}}"


def test_it_logs_in_to_both_registries(run: Callable[..., Result]) -> None:
    """One session reads from the one account and writes to the other."""
    prod = parse(run("--repo", "acme/copying").stdout)["jobs"]["deploy-prod"]

    logins = [step for step in prod["steps"] if "amazon-ecr-login" in step.get("uses", "")]
    assert [step.get("with") for step in logins] == [None, {"registries": "111122223333"}]


def test_calls(read: DeployerEstate) -> None:
    """It pulls from the one repository, and pushes to the other."""
    calls = calls_of(jobs(read)["deploy-prod"])

    ecr = [(c.operation, c.resource.rpartition("/")[2]) for c in calls if c.service == "ecr"]
    assert ecr[2:4] == [("BatchGetImage", "copying-dev"), ("GetDownloadUrlForLayer", "copying-dev")]
    assert {operation for operation, name in ecr[4:] if name == "copying-prod"} == {
        *("BatchCheckLayerAvailability", "BatchGetImage", "CompleteLayerUpload"),
        *("InitiateLayerUpload", "PutImage", "UploadLayerPart"),
    }
    assert all(call.need == "required" for call in calls if call.service == "ecr")


@pytest.mark.parametrize("action", ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"])
def test_a_role_that_may_not_pull(
    kinds: Path, run: Callable[..., Result], tmp_path: Path, action: str
) -> None:
    """Where the other repository's policy does not let it in, the workflow is refused."""
    out = tmp_path / "out"
    for name in ("dev", "prod"):
        path = f"stacks/copying-{name}/cdk.tf.json"
        (out / path).parent.mkdir(parents=True)
        text = (kinds / path).read_text("utf-8")
        (out / path).write_text(_without(text, action) if name == "dev" else text, "utf-8")
    (out / "manifest.json").write_text(_manifest(kinds), "utf-8")

    refused = run("--repo", "acme/copying", out=out)

    assert refused.exit_code == 10
    assert f"copying-prod-deploy may not call {action}" in refused.stderr


def _without(text: str, action: str) -> str:
    """Take an action out of the policy of the repository."""
    stack = json.loads(text)
    for policy in stack["resource"]["aws_ecr_repository_policy"].values():
        policy["policy"] = policy["policy"].replace(f'"{action}"', '"ecr:DescribeImages"')
    return json.dumps(stack)


def _manifest(kinds: Path) -> str:
    manifest = json.loads((kinds / "manifest.json").read_text("utf-8"))
    own = {name: one for name, one in manifest["stacks"].items() if name.startswith("copying-")}
    return json.dumps({**manifest, "stacks": own})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"environments": ("prod",)}, "and its workflow has none before", id="alone"),
        pytest.param({"roles": ("copying-prod-deploy",)}, "has none before", id="one role"),
        pytest.param(
            {"reusable": f"acme/ci/.github/workflows/x.yml@{'1' * 40}"},
            "which no called workflow does.*share one repository of images: then one job builds",
            id="called",
        ),
    ],
)
def test_what_cannot_be_copied(read: DeployerEstate, options: dict[str, Any], message: str) -> None:
    """Nothing is built in secret where nothing can be copied."""
    with pytest.raises(InvalidValue, match=message):
        plan(read, "copying", **options)


def test_the_first_environment_builds(read: DeployerEstate) -> None:
    """The environment that nothing comes before builds, whatever is said of it."""
    (job,) = jobs(read, environments=("dev",)).values()

    assert any(isinstance(step, Build) for step in job.steps)


def test_refs_apart(read: DeployerEstate) -> None:
    """An environment that another ref deploys has no job before it, so it is refused."""
    with pytest.raises(InvalidValue, match="and its workflow has none before"):
        plan(read, "apart", promote=True)


def test_several_images(read: DeployerEstate) -> None:
    """Of several repositories it is not clear which one is copied."""
    own = [one for one in read.deployers if one.name.startswith("copying-")]
    twice = [replace(one, images=(*one.images, *one.images)) for one in own]

    with pytest.raises(InvalidValue, match="which one is not clear"):
        plan_workflows(twice, Options())


def test_the_option_where_nothing_is_copied(run: Callable[..., Result]) -> None:
    """One job that pushes has nothing to copy."""
    refused = run("--repo", "acme/push", "--promote")

    assert refused.exit_code == 2
    assert "`--promote` does nothing here" in " ".join(refused.stderr.split())
