"""`deploy-access guard`: what it refuses, what it copies, and what it writes beside the copies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cdktf_out import PROD, s3_backend, stack, write_out
from click.testing import CliRunner

from deploy_access.cli import main

if TYPE_CHECKING:
    from click.testing import Result

PAGE = (Path(__file__).parents[2] / "docs/infra.md").read_text("utf-8")
ROLE = f"arn:aws:iam::{PROD}:role/terraform"
WEB = stack(role_arn=ROLE, backend=s3_backend("web"))
NO_ROLE: Any = {"assume_role": {"for_each": [], "content": {"role_arn": "-"}}}


def guard(out: Path, *options: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["guard", str(out), *options])


def files_of(folder: Path) -> set[str]:
    """List the files of a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_sound_stacks_pass(tmp_path: Path) -> None:
    """What was checked is named, and nothing is written."""
    out = write_out(tmp_path / "out", {"api": WEB, "web": WEB})

    done = guard(out)

    assert (done.exit_code, done.stdout, done.stderr) == (0, "Checked: api, web.\n", "")
    assert {one.name for one in tmp_path.iterdir()} == {"out"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        pytest.param({"module": {"m": {"source": "./x"}}}, "top-level `module`", id="module"),
        pytest.param({"data": {"external": {"X": {}}}}, "data.external.X", id="external"),
        pytest.param({"data": {"http": {"X": {}}}}, "data.http.X", id="http"),
        pytest.param({"ephemeral": {"a": {"b": {}}}}, "`ephemeral`", id="ephemeral"),
        pytest.param({"provider": {"tls": {}}}, "'tls'", id="provider"),
        pytest.param({"terraform": {"cloud": {}}}, "`cloud`", id="cloud"),
        pytest.param(
            {"resource": {"aws_iam_role": {"R": {"provisioner": "x"}}}},
            "`provisioner`",
            id="provisioner",
        ),
        pytest.param(
            {"provider": {"aws": {"endpoints": [{"sts": "https://example.invalid"}]}}},
            "`endpoints`",
            id="endpoints",
        ),
    ],
)
def test_what_leads_out_is_refused(tmp_path: Path, more: dict[str, Any], said: str) -> None:
    """A refusal names the stack and what is wrong, and nothing is copied."""
    out = write_out(tmp_path / "out", {"api": WEB, "web": {**WEB, **more}})

    done = guard(out, "--copy", str(tmp_path / "copy"))

    assert (done.exit_code, done.stdout) == (10, "")
    assert done.stderr.startswith("refused: ")
    assert said in done.stderr
    assert "'web'" in done.stderr
    assert "'api'" not in done.stderr
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize(
    "name", ["plan_override.tf.json", "x.tf", "x.auto.tfvars.json", "terraform.tfvars", "x.tofu"]
)
def test_a_file_beside_a_stack_is_refused(tmp_path: Path, name: str) -> None:
    """Terraform would load it, and it is not checked."""
    out = write_out(tmp_path / "out", {"web": WEB})
    (out / "stacks/web" / name).write_text("{}", "utf-8")

    done = guard(out)

    assert done.exit_code == 10
    assert f"Terraform would load {name!r} with stack 'web'." in done.stderr


def test_a_key_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    """Terraform reads both, and only the last one could be checked."""
    out = write_out(tmp_path / "out", {"web": WEB})
    file = out / "stacks/web/cdk.tf.json"
    file.write_text(file.read_text("utf-8").replace("{", '{"provider": {"tls": {}}, ', 1), "utf-8")

    done = guard(out)

    assert done.exit_code == 10
    assert "'provider' is there twice" in done.stderr


def test_only_what_is_checked_is_copied(tmp_path: Path) -> None:
    """The stack, its lock file and its assets; above all no program of a provider."""
    used: dict[str, Any] = {
        **WEB,
        "resource": {"aws_lambda_function": {"F": {"filename": "assets/a/code.zip"}}},
    }
    out = write_out(tmp_path / "out", {"web": used})
    rest = (
        *(".terraform/providers/registry.terraform.io/hashicorp/aws/5.1.0/linux_amd64/evil",),
        *("terraform.d/plugins/evil", ".terraform/environment", "terraform.tfstate", "assets/b"),
    )
    for name in (".terraform.lock.hcl", "assets/a/code.zip", *rest):
        (out / "stacks/web" / name).parent.mkdir(parents=True, exist_ok=True)
        (out / "stacks/web" / name).write_text("x", "utf-8")

    done = guard(out, "--copy", str(tmp_path / "copy"))

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"Checked: web, and copied to {tmp_path / 'copy'}.\n"
    kept = ("cdk.tf.json", ".terraform.lock.hcl", "assets/a/code.zip")
    assert files_of(tmp_path / "copy") == {f"stacks/web/{name}" for name in kept}


def test_a_folder_that_is_there_is_not_copied_to(tmp_path: Path) -> None:
    """What lies in it would be run beside what was checked."""
    out = write_out(tmp_path / "out", {"web": WEB})
    (tmp_path / "copy").mkdir()

    done = guard(out, "--copy", str(tmp_path / "copy"))

    assert done.exit_code == 1
    assert done.stderr.startswith("fatal: The folder to copy to is there already.")


@pytest.mark.parametrize(
    ("provider", "written"),
    [
        pytest.param(
            {"region": "eu-central-1", "assume_role": [{"role_arn": ROLE}]},
            {"provider": {"aws": {"dynamic": NO_ROLE}}},
            id="one",
        ),
        pytest.param(
            [
                {"region": "eu-central-1", "assume_role": {"role_arn": ROLE}},
                {"alias": "us", "region": "us-east-1", "assume_role": {"role_arn": ROLE}},
                {"alias": "own", "region": "us-west-1"},
            ],
            {"provider": {"aws": [{"dynamic": NO_ROLE}, {"alias": "us", "dynamic": NO_ROLE}]}},
            id="several",
        ),
        pytest.param({"region": "eu-central-1"}, None, id="no role"),
    ],
)
def test_no_role_is_assumed(tmp_path: Path, provider: object, written: object) -> None:
    """Each provider that assumes a role is overridden, by its alias; the stack stays as it is."""
    document: dict[str, Any] = {**WEB, "provider": {"aws": provider}}
    out = write_out(tmp_path / "out", {"web": document})

    done = guard(out, "--copy", str(tmp_path / "copy"), "--no-assume-role")

    assert done.exit_code == 0
    copy = tmp_path / "copy/stacks/web"
    assert json.loads((copy / "cdk.tf.json").read_text("utf-8")) == document
    override = copy / "plan_override.tf.json"
    assert (json.loads(override.read_text("utf-8")) if override.exists() else None) == written


def test_an_override_needs_a_copy(tmp_path: Path) -> None:
    """Nothing is written into what was synthesized."""
    out = write_out(tmp_path / "out", {"web": WEB})

    assert guard(out, "--no-assume-role").exit_code == 2


def test_githubs_side_is_skipped(tmp_path: Path) -> None:
    """A stack of GitHub's provider alone is no plan of AWS: it is named, and not copied."""
    side: dict[str, Any] = {
        "terraform": {"required_providers": {"github": {"source": "integrations/github"}}},
        "resource": {"github_repository_environment": {"E": {}}},
    }
    out = write_out(tmp_path / "out", {"github-acme": side, "web": WEB})

    done = guard(out, "--copy", str(tmp_path / "copy"))

    assert done.exit_code == 0
    assert done.stdout.splitlines()[1:] == [
        "Skipped: github-acme, GitHub's side (provider integrations/github)."
    ]
    assert files_of(tmp_path / "copy") == {"stacks/web/cdk.tf.json"}


def test_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page shows a refusal as it is printed."""
    monkeypatch.chdir(tmp_path)
    write_out(tmp_path / "synthesized/head", {"web-dev": {**WEB, "data": {"external": {"Ip": {}}}}})
    words = ["guard", "synthesized/head", "--copy", "checked/head", "--no-assume-role"]

    done = CliRunner().invoke(main, words)

    shown = " ".join(["$ deploy-access", *words])
    assert f"```console\n{shown}\n{done.output}```" in PAGE
