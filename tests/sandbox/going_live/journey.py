"""
A person who follows the page, and the machines of GitHub that do their part.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cdktf_cli import CDKTF, PROJECT, find_node, why_not
from going_live_page import read_steps
from machine import Machine
from sandbox_estates import ISSUER, NONPROD, trust_policy

from deploy_access.github.repository import GithubRepo
from sandbox.attempts.job import DeployJob
from sandbox.attempts.web_session import sign_in_with
from sandbox.gate.github_run import GithubRun

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox import Sandbox
    from sandbox.gate.token_issuer import TokenIssuer
    from sandbox.server.aws_session import AwsSession, SessionKeys

REGION = "eu-central-1"
ADMIN = f"arn:aws:iam::{NONPROD}:role/admin"
MAIN = GithubRun(repo=GithubRepo("acme/infra", owner_id=123456, repo_id=456788))
PULL_REQUEST = GithubRun(repo=MAIN.repo, ref="refs/pull/1/merge")
IN_ENVIRONMENT = GithubRun(repo=MAIN.repo, environment="dev")
WEB = GithubRun(repo=GithubRepo("acme/web", owner_id=123456, repo_id=456789))
# What the repository of the stacks takes from this one and its workflows or the page name.
COPIED = (".github", ".gitignore", "Makefile", "cdktf.json", "environments.toml", "main.py")
GIT = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    **{
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Ann"), ("EMAIL", "ann@example.com"))
    },
}
# `make` of the copy: the tests run in what `make setup` has installed.
MAKE = 'if [ "$1" = synth ]; then exec python main.py; fi'
# A person reads the plan and answers yes.
YES = 'case "$*" in *" apply" | *" destroy "*) set -- "$@" -auto-approve ;; esac'


def find_node_folder() -> Path:
    """
    Return the folder of a Node that starts `cdktf`.
    """
    node = find_node()
    assert node is not None, why_not()
    return node.parent


def variables(keys: SessionKeys) -> dict[str, str]:
    """
    Return keys as the variables that every SDK reads.
    """
    return {
        "AWS_ACCESS_KEY_ID": keys.access_key,
        "AWS_SECRET_ACCESS_KEY": keys.secret_key,
        "AWS_SESSION_TOKEN": keys.token or "",
    }


@dataclass(frozen=True, kw_only=True)
class Journey:
    """
    A desk with a copy of this repository, an AWS with an empty account, and a GitHub of folders.
    """

    box: Sandbox
    issuer: TokenIssuer
    root: Path

    @property
    def infra(self) -> Path:
        """The repository of the stacks, on the desk."""
        return self.root / "desk" / "infra"

    def client(self, service: str) -> Any:
        """Look into the account past everything."""
        return self.box.session(NONPROD).client(service)

    def enter(self, role: str, run: GithubRun) -> AwsSession:
        """Sign in as a run of a workflow."""
        job = DeployJob(run=run, role_arn=role, region=REGION)
        token = self.issuer.token(run, audience=job.audience)
        return sign_in_with(token, job, self.box.gate.endpoint)

    def prepare(self) -> None:
        """
        Make what is there before: an administrator, this repository, and an empty one on GitHub.
        """
        self.infra.mkdir(parents=True)
        for name in COPIED:
            copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy2
            copy(PROJECT / name, self.infra / name)
        self.do(
            "git init --quiet --initial-branch main && git add --all && git commit --quiet -m Copy",
            "git init --quiet --bare ../../origin.git && git remote add origin ../../origin.git",
        )

    def administrator(self) -> AwsSession:
        """
        Return the session of a person in the role `admin`, whose calls the gate judges like all.
        """
        iam = self.client("iam")
        # A session of a role begins with a sign-in, for which the account has no provider yet.
        made = iam.create_open_id_connect_provider(
            Url=f"https://{ISSUER}", ClientIDList=["sts.amazonaws.com"]
        )["OpenIDConnectProviderArn"]
        iam.create_role(
            RoleName="admin", AssumeRolePolicyDocument=trust_policy(NONPROD, MAIN.subject)
        )
        anything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [anything]})
        iam.put_role_policy(RoleName="admin", PolicyName="admin", PolicyDocument=policy)
        person = self.enter(ADMIN, MAIN)
        iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=made)
        return person

    def desk(self, npx: AwsSession | None = None) -> Machine:
        """
        Return the desk, with the programs that the page starts; `npx` has keys of its own.
        """
        machine = self.machine("desk")
        terraform = self.box.environment()["TERRAFORM_BINARY_NAME"]
        machine.program("terraform", YES, f'exec {terraform} "$@"')
        keys = variables(npx.keys).items() if npx else ()
        machine.program(
            "npx",
            *(f"export {name}={value}" for name, value in keys),
            f'export PATH="{find_node_folder()}:$PATH"',
            "shift",
            f'exec {CDKTF} "$@" --auto-approve --skip-provider-lock',
        )
        return machine

    def do(self, *commands: str, npx: AwsSession | None = None) -> str:
        """
        Type commands in the repository of the stacks, and return what they say.
        """
        done = self.desk(npx).run("\n".join(["cd infra", *commands]))
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def follow(self, step: int, npx: AwsSession | None = None) -> None:
        """
        Do what a step of the page says.
        """
        for block in read_steps()[step]:
            if block.language == "toml":
                self.write(block.text)
            self.do(*block.run_here, npx=npx)

    def write(self, text: str) -> None:
        """
        Write `environments.toml` anew, or add tables to it.
        """
        path = self.infra / "environments.toml"
        before = "" if text.startswith("schema") else path.read_text("utf-8")
        path.write_text(before + text, "utf-8")

    def commit(self, name: str) -> str:
        """
        Return the commit of a branch.
        """
        return self.do(f"git rev-parse {name}").strip()

    def merge(self) -> None:
        """
        Merge what is checked out, as a person does on GitHub.
        """
        self.do("git push --quiet origin HEAD:main")

    def machine(self, name: str) -> Machine:
        """
        Return a new machine, to which the gate is all of AWS.
        """
        (self.root / name).mkdir(exist_ok=True)
        aws = {**self.box.environment(), "AWS_ENDPOINT_URL": self.box.gate.endpoint, "CI": "1"}
        machine = Machine(folder=self.root / name, env={**aws, **GIT})
        machine.program("make", MAKE)
        return machine
