"""What is handed from the job that reviews to the jobs that apply."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from cdktf_out import stack, write_out
from github_server import call

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from fake_github import FakeGitHub

ASSET = "assets/Code/AB12/archive.zip"
DIRECTORY = "assets/Module"
FUNCTION = {"filename": ASSET, "source_code_hash": f'${{filebase64sha256("{ASSET}")}}'}
WEB = {
    **stack(),
    "resource": {"aws_lambda_function": {"Code": FUNCTION}},
    "module": {"m": {"source": f"./{DIRECTORY}"}},
}
SYNTHESIZED = {
    "manifest.json",
    "stacks/api/cdk.tf.json",
    "stacks/web/cdk.tf.json",
    "stacks/web/.terraform.lock.hcl",
    f"stacks/web/{ASSET}",
    f"stacks/web/{DIRECTORY}/main.tf",
    f"stacks/web/{DIRECTORY}/files/a",
}
REST = (
    *("stacks/web/assets/unused", "stacks/web/plan", "stacks/web/.terraform/environment"),
    *("stacks/web/prod.txt", "stacks/gone/cdk.tf.json", "stacks/web/terraform.tfstate"),
)


def write(out: Path, name: str) -> None:
    """Write a file unless it is there."""
    (out / name).parent.mkdir(parents=True, exist_ok=True)
    if not (out / name).exists():
        (out / name).write_text(name, "utf-8")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Write a `cdktf.out` with more in it than was synthesized."""
    found = write_out(tmp_path / "cdktf.out", {"api": stack(), "web": WEB})
    for name in (*SYNTHESIZED, *REST):
        write(found, name)
    return found


def carried(github: FakeGitHub, out: Path) -> subprocess.CompletedProcess[str]:
    """Run the step."""
    return call(github, "carry", out.parent, OUT=str(out), FOLDER=str(out.parent / "to" / "head"))


def test_what_is_reviewed_is_handed_over(github: FakeGitHub, out: Path) -> None:
    """The manifest, its stacks, lock files and the assets that they name; and nothing else."""
    run = carried(github, out)

    assert (run.returncode, run.stdout) == (0, "7 files.\n"), run.stderr
    target = out.parent / "to" / "head"
    copies = [path for path in target.rglob("*") if path.is_file()]
    assert {str(path.relative_to(target)) for path in copies} == SYNTHESIZED
    for path in copies:
        assert path.read_bytes() == (out / path.relative_to(target)).read_bytes()


@pytest.mark.parametrize(
    "name", ["override.tf", "main.tf.json", "terraform.tfvars", "x.auto.tfvars.json", "x.tofu"]
)
def test_what_terraform_would_load_besides_is_refused(
    github: FakeGitHub, out: Path, name: str
) -> None:
    """Left out in silence, it would be applied on one machine and not on another."""
    write(out, f"stacks/web/{name}")

    run = carried(github, out)

    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith(f"fatal: Terraform would load {name!r} with stack 'web'.")
    assert not (out.parent / "to").exists()


def test_a_link_out_of_the_folder_is_refused(github: FakeGitHub, out: Path) -> None:
    """A link would hand over a file of the runner."""
    lock = out / "stacks" / "web" / ".terraform.lock.hcl"
    lock.unlink()
    lock.symlink_to("/etc/hostname")

    run = carried(github, out)

    said = "'stacks/web/.terraform.lock.hcl' is a link out of its folder, so it is not handed over."
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith(f"fatal: {said}")


def test_a_folder_without_stacks_is_refused(github: FakeGitHub, tmp_path: Path) -> None:
    """Without a manifest, nothing says which stacks there are."""
    (tmp_path / "cdktf.out").mkdir()
    (tmp_path / "cdktf.out" / "manifest.json").write_text(json.dumps({"stacks": None}), "utf-8")

    run = carried(github, tmp_path / "cdktf.out")

    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith("fatal: The manifest does not list any stacks.")
