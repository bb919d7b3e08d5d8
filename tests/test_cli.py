"""The command: what it prints, what it writes, and its exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from cdktf_out import PROD, TOOLS, s3_backend, stack, write_out
from click.testing import CliRunner, Result

from deploy_access.cli import main

ROLE = f"arn:aws:iam::{PROD}:role/terraform"
ACCOUNT = stack(role_arn=ROLE, backend=s3_backend("account-prod"))


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, arguments)


def bootstrap(*arguments: str) -> Result:
    """Bootstrap the account `prod` of the stacks in `cdktf.out`."""
    return run("bootstrap", "prod", *arguments)


def test_help_names_the_commands() -> None:
    """Whoever asks for help learns what there is."""
    result = run("--help")

    assert (result.exit_code, "bootstrap" in result.stdout) == (0, True)


def test_version() -> None:
    """The version is that of the installed distribution."""
    result = run("--version")

    assert result.stdout.split()[-1] == version("deploy-access")


def test_bootstrap_writes_and_says_what_comes_next(here: Path) -> None:
    """The file lies where it is said, and the next two commands can be copied."""
    write_out(here / "cdktf.out", {"account-prod": ACCOUNT})

    result = bootstrap("--trusted", f"arn:aws:iam::{TOOLS}:role/ci")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        f"Wrote bootstrap/prod/bootstrap.tf.json, for account {PROD}:\n"
        "  the state bucket acme-state in eu-central-1\n"
        f"  the role {ROLE}, which may be assumed by arn:aws:iam::{TOOLS}:role/ci\n"
        "Note: The role may write roles, so it can give itself more; `--permissions-boundary` "
        "takes away most of that.\n"
        f"Next, as an administrator of account {PROD}:\n"
        "  terraform -chdir=bootstrap/prod init\n"
        "  terraform -chdir=bootstrap/prod apply\n"
    )
    written = json.loads((here / "bootstrap/prod/bootstrap.tf.json").read_text("utf-8"))
    assert written["resource"]["aws_s3_bucket"]["state"]["bucket"] == "acme-state"


def test_bootstrap_says_who_may_assume_the_role_by_default(here: Path) -> None:
    """Without `--trusted` the whole account is trusted, and the output says so."""
    write_out(here / "cdktf.out", {"account-prod": ACCOUNT})

    result = bootstrap()

    assert f"which may be assumed by arn:aws:iam::{PROD}:root\n" in result.stdout
    assert "`--trusted` names who may" in result.stdout


def test_bootstrap_says_who_makes_the_first_deploy(here: Path) -> None:
    """Where a role in the stacks applies, a person deploys once, and the role from then on."""
    apply = "arn:aws:iam::444455556666:role/infra-apply"
    write_out(here / "cdktf.out", {"account-prod": {**ACCOUNT, "resource": applying(ROLE)}})

    alone = bootstrap()
    named = bootstrap("--force", "--trusted", f"arn:aws:iam::{PROD}:role/admin")

    assert f"which may be assumed by {apply}, once it is there\n" in alone.stdout
    assert f"Note: Only {apply} may assume the role" in alone.stdout
    assert alone.stdout.endswith(
        "Then once, as the person that `--trusted` names:\n"
        "  npx cdktf deploy account-prod\n"
        f"From then on {apply} applies.\n"
    )
    assert "Note: Only" not in named.stdout
    assert f"Then once, as arn:aws:iam::{PROD}:role/admin:\n" in named.stdout


def applying(role: str) -> dict[str, object]:
    """Write the resources of a role that may become another one, and nothing else."""
    trust = {"Effect": "Allow", "Principal": {"Federated": "*"}, "Action": "sts:AssumeRole"}
    allow = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role}
    made = {
        "name": "infra-apply",
        "path": "/",
        "assume_role_policy": json.dumps({"Version": "2012-10-17", "Statement": trust}),
        "inline_policy": [
            {"name": "p", "policy": json.dumps({"Version": "2012-10-17", "Statement": allow})}
        ],
    }
    return {"aws_iam_role": {"Apply": made}}


def test_bootstrap_takes_its_folders(here: Path) -> None:
    """Other folders than the usual ones can be named."""
    write_out(here / "elsewhere", {"account-prod": ACCOUNT})

    result = bootstrap("--out", "elsewhere", "--write", "infra/first")

    assert result.exit_code == 0
    assert "terraform -chdir=infra/first init" in result.stdout
    assert (here / "infra/first/bootstrap.tf.json").exists()


def test_bootstrap_again_changes_nothing(here: Path) -> None:
    """The same stacks give the same file, which is left as it is."""
    write_out(here / "cdktf.out", {"account-prod": ACCOUNT})
    bootstrap()

    result = bootstrap()

    assert result.exit_code == 0
    assert result.stdout.startswith("Unchanged: bootstrap/prod/bootstrap.tf.json")


def test_bootstrap_does_not_overwrite(here: Path) -> None:
    """A file that somebody changed is kept, unless it is said that it may go."""
    write_out(here / "cdktf.out", {"account-prod": ACCOUNT})
    path = here / "bootstrap/prod/bootstrap.tf.json"
    path.parent.mkdir(parents=True)
    path.write_text("{}", "utf-8")

    refused = bootstrap()

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == (
        "fatal: bootstrap/prod/bootstrap.tf.json is there and different. "
        "Compare them, then say `--force`.\n"
    )
    assert path.read_text("utf-8") == "{}"


def test_bootstrap_overwrites_by_force(here: Path) -> None:
    """With `--force` the file is written anew."""
    write_out(here / "cdktf.out", {"account-prod": ACCOUNT})
    bootstrap()

    result = bootstrap("--permissions-boundary", f"arn:aws:iam::{PROD}:policy/b", "--force")

    assert result.exit_code == 0
    assert "KeepBoundary" in (here / "bootstrap/prod/bootstrap.tf.json").read_text("utf-8")


def test_bootstrap_does_not_wait_for_a_pipe(here: Path) -> None:
    """A named pipe where the file is to be written is refused, and nothing waits."""
    write_out(here / "cdktf.out", {"account-prod": ACCOUNT})
    (here / "bootstrap" / "prod").mkdir(parents=True)
    os.mkfifo(here / "bootstrap" / "prod" / "bootstrap.tf.json")

    result = bootstrap()

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("fatal: There is a named pipe where a file belongs.")


def test_nothing_to_bootstrap(here: Path) -> None:
    """Without a role to assume and a state in S3 nothing is made and nothing is written."""
    write_out(here / "cdktf.out", {"account-prod": stack()})

    result = bootstrap()

    assert result.exit_code == 0
    assert result.stdout == (
        f"There is nothing to bootstrap in account {PROD}.\n"
        "Note: Its state is not kept in S3, so there is no bucket to make.\n"
    )
    assert not (here / "bootstrap").exists()


def test_no_output_is_fatal() -> None:
    """Without synthesized stacks the command says how to make them."""
    result = bootstrap()

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("fatal: There is no synthesized output.")
    assert "Run `python main.py` or `cdktf synth`" in result.stderr


def test_an_unknown_account_is_fatal(here: Path) -> None:
    """The nearest account is named."""
    write_out(here / "cdktf.out", {"account-prod": ACCOUNT})

    result = run("bootstrap", "prd")

    assert result.exit_code == 1
    assert result.stderr.startswith("fatal: There is no stack 'account-prd'.")
    assert result.stderr.endswith("Did you mean 'prod'?\n")


def test_a_file_that_cannot_be_written_is_fatal(here: Path) -> None:
    """What the operating system refuses is one line, and no traceback."""
    write_out(here / "cdktf.out", {"account-prod": ACCOUNT})
    (here / "bootstrap").write_text("", "utf-8")

    result = bootstrap()

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert result.stderr.startswith("fatal: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("bootstrap",),
        ("bootstrap", "prod", "--trusted", "*"),
        ("bootstrap", "prod", "--permissions-boundary", "boundary"),
        ("bootstrap", "prod", "--colour"),
        ("deploy",),
    ],
    ids=["no account", "bad principal", "bad boundary", "unknown option", "unknown command"],
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    """Wrong usage has an exit code of its own and writes nothing."""
    result = run(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Usage: " in result.stderr


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("audti", "Did you mean 'audit'?"),
        ("wave", "Did you mean 'waves'?"),
        (
            "xyz",
            (
                "Known here: adopt, audit, bootstrap, changes, explain, guard, init, review, "
                "sandbox, synth, waves, workflow."
            ),
        ),
    ],
)
def test_an_unknown_command(name: str, hint: str) -> None:
    """A slip of the finger gets the command that was meant, anything else all of them."""
    assert run(name).stderr.splitlines()[-1] == f"Error: No such command {name!r}. {hint}"


def test_the_installed_command(here: Path) -> None:
    """The command on the path is this one."""
    write_out(here / "cdktf.out", {"account-prod": ACCOUNT})
    command = Path(sys.executable).with_name("deploy-access")

    found = subprocess.run(
        [str(command), "bootstrap", "prod"], check=False, capture_output=True, text=True
    )

    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.startswith("Wrote bootstrap/prod/bootstrap.tf.json")
