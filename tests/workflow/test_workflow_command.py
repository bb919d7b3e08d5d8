"""`deploy-access workflow` as a person runs it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML
from workflow_estate import CALLED_REF

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result


def test_prints_what_it_writes(run: Callable[..., Result], tmp_path: Path) -> None:
    """Printed and written texts are the same, and so is a second run."""
    printed = run("--repo", "acme/promote")
    written = run("--repo", "acme/promote", "--write", str(tmp_path))

    text = (tmp_path / "workflows/deploy-promote.yml").read_text("utf-8")
    assert (printed.exit_code, printed.stdout, written.stdout) == (0, text, "")


def test_check_is_silent_about_what_is_up_to_date(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    """What was written a moment ago is as it should be."""
    run("--repo", "acme/reading", "--composite", "--write", str(tmp_path))

    checked = run("--repo", "acme/reading", "--composite", "--check", str(tmp_path))

    assert (checked.exit_code, checked.output) == (0, "")
    assert (tmp_path / "actions/deploy-to-ecs/action.yml").exists()


def test_check_shows_what_differs(run: Callable[..., Result], tmp_path: Path) -> None:
    """A file that somebody has changed is shown as a diff, with exit code 10."""
    run("--repo", "acme/push", "--write", str(tmp_path))
    file = tmp_path / "workflows/push-push.yml"
    file.write_text(file.read_text("utf-8").replace("      - main", "      - develop"), "utf-8")

    checked = run("--repo", "acme/push", "--check", str(tmp_path))

    assert checked.exit_code == 10
    assert "-      - develop\n+      - main\n" in checked.output


def test_check_misses_a_file(run: Callable[..., Result], tmp_path: Path) -> None:
    """A file that nobody has committed differs from what it should be."""
    assert run("--repo", "acme/push", "--check", str(tmp_path)).exit_code == 10


def test_writes_only_what_changed(run: Callable[..., Result], tmp_path: Path) -> None:
    """A second run leaves the file alone, and nothing else is in its folder."""
    run("--repo", "acme/push", "--write", str(tmp_path))
    again = run("--repo", "acme/push", "--write", str(tmp_path))

    assert "Wrote" not in again.output
    assert [path.name for path in (tmp_path / "workflows").iterdir()] == ["push-push.yml"]


def test_refuses_in_the_words_of_explain(run: Callable[..., Result], tmp_path: Path) -> None:
    """A job that AWS would not let in is explained, and nothing is written."""
    refused = run("--repo", "acme/push", "--branch", "develop", "--write", str(tmp_path))

    assert refused.exit_code == 10
    assert "Job `push` of push-push.yml could not assume its role." in refused.output
    assert "denied[other-branch]: push-deploy does not let this run in" in refused.output
    assert list(tmp_path.iterdir()) == []


def test_names_the_called_workflow_that_a_role_wants(run: Callable[..., Result]) -> None:
    """A role that trusts a called workflow is no use without it; the message says how."""
    refused = run("--repo", "acme/called")

    assert refused.exit_code == 10
    assert f"--reusable {CALLED_REF}" in refused.output


def test_sets_variables_from_outputs(run: Callable[..., Result], kinds: Path) -> None:
    """What synthesis does not know is a variable, and the commands say where it comes from."""
    shown = run("--repo", "acme/unknown")

    folder = f"-chdir={kinds}/stacks/unknown-prod"
    assert (
        "gh variable set AWS_ROLE_ARN --repo acme/unknown --env prod --body "
        f'"$(terraform {folder} output -raw role_arn)"' in shown.stderr
    )
    assert "role-to-assume: ${{ vars.AWS_ROLE_ARN }}" in shown.stdout
    assert "secrets." not in shown.stdout


def test_writes_the_file_of_codedeploy(run: Callable[..., Result], tmp_path: Path) -> None:
    """With the container's port CodeDeploy's file is written, and the workflow names it."""
    run("--repo", "acme/shifting", "--container-port", "8080", "--write", str(tmp_path))

    workflow = (tmp_path / "workflows/deploy-shifting.yml").read_text("utf-8")
    yaml: Any = YAML(typ="safe")
    appspec = yaml.load((tmp_path / "appspec.yaml").read_text("utf-8"))
    (service,) = appspec["Resources"]
    assert "codedeploy-appspec: .github/appspec.yaml" in workflow
    assert service["TargetService"]["Properties"]["LoadBalancerInfo"] == {
        "ContainerName": "web",
        "ContainerPort": 8080,
    }


def test_header_repeats_the_options(run: Callable[..., Result]) -> None:
    """The first line of a file is the command that makes it, quoted for a shell."""
    shown = run("--repo", "acme/migrating", "--migration", "a b", "--dispatch", "--subnet", "x")

    first = shown.stdout.splitlines()[0]
    assert first == (
        "# Made by `deploy-access workflow --repo acme/migrating --dispatch --migration 'a b' "
        "--subnet x`."
    )


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["--write", "a", "--check", "a"], id="write and check"),
        pytest.param(["--composite", "--reusable", CALLED_REF], id="composite and reusable"),
        pytest.param(["--reusable", "acme/ci"], id="no file"),
        pytest.param(["--reusable", CALLED_REF.replace("refs/heads/", "")], id="short ref"),
        pytest.param(["--repo", "acme"], id="no repository"),
        pytest.param(["--session", "899"], id="short session"),
    ],
)
def test_wrong_usage(run: Callable[..., Result], words: list[str]) -> None:
    """Options that exclude each other or are no such thing are wrong usage."""
    assert run(*words).exit_code == 2


def test_no_stacks(run: Callable[..., Result], tmp_path: Path) -> None:
    """Without synthesized stacks the tool fails, and says what to run."""
    failed = run(out=tmp_path)

    assert failed.exit_code == 1
    assert "fatal:" in failed.output


HOSTILE = [
    pytest.param('it\'s "quoted": #1', id="quotes"),
    pytest.param("prod $(touch x) `id`; rm -rf /", id="shell"),
    pytest.param("- &x !!y z", id="yaml"),
    pytest.param(" prod ", id="spaces"),
    pytest.param("}} prod {{", id="braces"),
]


def renamed(kinds: Path, folder: Path, name: str) -> Path:
    """Copy the stacks with the environment *name* in place of `production`, as GitHub has it."""
    shutil.copytree(kinds, folder / "out")
    path = folder / "out/stacks/deploy/cdk.tf.json"
    stack = json.loads(path.read_text("utf-8"))
    for role in stack["resource"]["aws_iam_role"].values():
        claim = name.replace(":", "%3A")
        trust = json.loads(role["assume_role_policy"])
        keys = trust["Statement"][0]["Condition"]["StringEquals"]
        key = next(key for key in keys if key.endswith(":sub"))
        keys[key] = keys[key].replace("production", claim)
        role["assume_role_policy"] = json.dumps(trust)
    path.write_text(json.dumps(stack), "utf-8")
    return folder / "out"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names(run: Callable[..., Result], kinds: Path, tmp_path: Path, name: str) -> None:
    """The name of an environment stays the name of an environment, in YAML and in a shell."""
    out = renamed(kinds, tmp_path, name)

    shown = run("--repo", "acme/deploy", "--variables", out=out)

    yaml: Any = YAML(typ="safe")
    job = yaml.load(shown.stdout)["jobs"]["deploy"]
    assert job["environment"] == name
    assert set(job) == {
        *("concurrency", "environment", "name", "permissions", "runs-on", "steps"),
        "timeout-minutes",
    }


@pytest.mark.parametrize("name", ["${{ github.token }}", "a\nruns-on: x", "$${{ 1 }}"])
def test_names_that_github_would_evaluate(
    run: Callable[..., Result], kinds: Path, tmp_path: Path, name: str
) -> None:
    """A name that GitHub would evaluate, or that ends a line, never gets into a workflow."""
    refused = run("--repo", "acme/deploy", out=renamed(kinds, tmp_path, name))

    assert refused.exit_code != 0
    assert refused.stdout == ""
