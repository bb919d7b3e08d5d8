"""
A small estate whose account was bootstrapped for real, with the two roles that deploy it.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gate_world import MAIN
from sandbox_estates import ISSUER, NONPROD, Json, role, stack, trust_policy, write_out

from deploy_access.bootstrap.infra_permissions import (
    assume_terraform_role,
    read_resources,
    read_states,
)
from deploy_access.bootstrap.plan import BootstrapOptions, plan_bootstrap
from deploy_access.bootstrap.stack import render_stack
from deploy_access.bootstrap.terraform_state import TerraformState
from deploy_access.iam.statement import PolicyDocument
from deploy_access.terraform.reader import read_estate
from deploy_access.terraform.stacks import read_stacks
from deploy_access.terraform.type_actions import LIBRARY_TYPES
from sandbox.attempts.job import DeployJob
from sandbox.attempts.web_session import sign_in_with
from sandbox.gate.github_run import GithubRun

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from pathlib import Path

    from deploy_access.iam.statement import Statement
    from sandbox import Sandbox
    from sandbox.gate.judge import Judgement
    from sandbox.gate.token_issuer import TokenIssuer
    from sandbox.server.aws_session import AwsSession
    from sandbox.terraform.command import Terraform

REGION = "eu-central-1"
STATE = TerraformState(bucket="judged-state", key_prefix="ours/")
IAM = f"arn:aws:iam::{NONPROD}"
ECR = f"arn:aws:ecr:{REGION}:{NONPROD}"
TERRAFORM = f"{IAM}:role/terraform"
PLAN, APPLY = f"{IAM}:role/infra-plan", f"{IAM}:role/infra-apply"
PULL_REQUEST = GithubRun(repo=MAIN.repo, ref="refs/pull/1/merge")
REVIEWED = replace(MAIN, environment="dev")
SERVICE = {
    **role("web-dev", assume_role_policy=trust_policy(NONPROD, MAIN.subject)),
    "aws_ecr_repository": {"Images": {"name": "web"}},
}
# Terraform lists the workspaces of every backend, which are beside the states of this one, and goes
# on without them when it may not: https://github.com/hashicorp/terraform/pull/34511
WORKSPACES = ("s3:ListBucket", "env:/")
READS = (
    *read_resources(LIBRARY_TYPES, iam_arn=IAM, ecr_arn=f"arn:aws:ecr:*:{NONPROD}"),
    *read_states("aws", STATE),
)


def document(*statements: Statement) -> str:
    """Return the statements as the policy that a role has inline."""
    return PolicyDocument(statements).to_json()


def judged_stack(name: str, resources: Json, **more: Any) -> Json:
    """Return a stack that Terraform deploys as its own role, with its state beside the others."""
    assumed = {"role_arn": TERRAFORM}
    backend = {
        "bucket": STATE.bucket,
        "key": f"{STATE.key_prefix}{name}.tfstate",
        "region": REGION,
        "encrypt": True,
        "use_lockfile": True,
        "assume_role": assumed,
    }
    provider = {"assume_role": [assumed]}
    return stack(name, backend={"s3": backend}, provider=provider, resource=resources, **more)


def account_stack() -> Json:
    """Return the stack of the account: GitHub's OIDC provider, and the two roles."""
    providers = {"Github": {"url": f"https://{ISSUER}", "client_id_list": ["sts.amazonaws.com"]}}
    plans = trust_policy(NONPROD, PULL_REQUEST.subject, MAIN.subject)
    applies = trust_policy(NONPROD, REVIEWED.subject)
    applying = document(assume_terraform_role(TERRAFORM))
    return judged_stack(
        "account-dev",
        {
            "aws_iam_openid_connect_provider": providers,
            "aws_iam_role": {
                "Plan": {"name": "infra-plan", "assume_role_policy": plans},
                "Apply": {"name": "infra-apply", "assume_role_policy": applies},
            },
            "aws_iam_role_policy": {
                "Plan": {"role": "${aws_iam_role.Plan.name}", "policy": document(*READS)},
                "Apply": {"role": "${aws_iam_role.Apply.name}", "policy": applying},
            },
        },
    )


def write_judged(folder: Path, services: dict[str, Json]) -> Path:
    """Write the estate: the bootstrap of its account, the account, and the stacks of services."""
    written = {name: judged_stack(name, resources) for name, resources in services.items()}
    stacks = {"account-dev": account_stack(), **written}
    out = write_out(folder, stacks)
    # It finds the role that applies in the stacks, and trusts that one.
    plan = plan_bootstrap("dev", read_stacks(out), BootstrapOptions(), read_estate(out))
    return write_out(folder, {"bootstrap": json.loads(render_stack(plan)), **stacks})


@dataclass(frozen=True, kw_only=True)
class JudgedEstate:
    """
    The estate, deployed as far as a person deploys it: its bootstrap, and its account.
    """

    sandbox: Sandbox
    issuer: TokenIssuer

    def enter(self, role: str, run: GithubRun) -> AwsSession:
        """Sign in as a run of a workflow."""
        job = DeployJob(run=run, role_arn=role, region=REGION)
        token = self.issuer.token(run, audience=job.audience, lifetime=900)
        return sign_in_with(token, job, self.sandbox.gate.endpoint)

    def terraform(self, session: AwsSession) -> Terraform:
        """Return Terraform with the keys of a session."""
        return replace(self.sandbox.terraform, keys={NONPROD: session.keys})

    @property
    def planner(self) -> Terraform:
        """Terraform as a pull request has it."""
        return self.terraform(self.enter(PLAN, PULL_REQUEST))

    @property
    def deployer(self) -> Terraform:
        """Terraform as a reviewed deployment has it."""
        return self.terraform(self.enter(APPLY, REVIEWED))

    def write(self, name: str, content: Json) -> None:
        """Put another content into a stack, as a change of its source would."""
        path = self.sandbox.folder.stack(name) / "cdk.tf.json"
        path.write_text(json.dumps(content), encoding="utf-8")

    @contextmanager
    def judged(self) -> Generator[list[Judgement]]:
        """Collect what the gate judges meanwhile."""
        found: list[Judgement] = []
        start = len(self.sandbox.gate.judgements)
        yield found
        found += self.sandbox.gate.judgements[start:]


def allowed_actions(policies: Iterable[str]) -> set[str]:
    """Name the actions that policies allow."""
    found: set[str] = set()
    for text in policies:
        for statement in json.loads(text)["Statement"]:
            actions = statement["Action"] if statement["Effect"] == "Allow" else ()
            found |= {actions} if isinstance(actions, str) else set(actions)
    return found


def actions_of(judgements: Iterable[Judgement], role: str) -> set[str]:
    """Name the actions that sessions of a role needed."""
    return {one.need.action for one in judgements if one.session.role_arn == role}
