"""
A moto with the gate before it, and roles made in it by hand: no Terraform needed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

from sandbox_estates import ISSUER, NONPROD, PROD, Json, trust_policy

from deploy_access.github.repository import GithubRepo
from sandbox.attempts.job import DeployJob
from sandbox.attempts.web_session import sign_in_with
from sandbox.gate.github_run import GithubRun
from sandbox.server.aws_session import AwsError, AwsSession, sign_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sandbox.gate import Gate
    from sandbox.gate.token_issuer import TokenIssuer

REGION = "eu-central-1"
WEB = GithubRepo("acme/web", owner_id=123456, repo_id=456789)
MAIN = GithubRun(repo=WEB)
CONTAINER = {"name": "app", "image": "scratch", "memory": 128}
ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def allow(*actions: str, on: str | list[str] = "*", when: Json | None = None) -> Json:
    """Return a statement that allows *actions*; *when* is its condition."""
    found: Json = {"Effect": "Allow", "Action": list(actions), "Resource": on}
    return {**found, "Condition": when} if when else found


def document(*statements: Json) -> str:
    """Return a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@dataclass(kw_only=True)
class World:
    """The servers, and what is made in them."""

    moto: str
    issuer: TokenIssuer
    gate: Gate = field(init=False)
    sessions: dict[str, AwsSession] = field(default_factory=dict[str, AwsSession])
    numbers: Iterator[int] = field(default_factory=count)

    def session(self, account: str) -> AwsSession:
        """Return the sandbox's own way into an account, past the gate."""
        if account not in self.sessions:
            self.sessions[account] = sign_in(self.moto, account, REGION)
        return self.sessions[account]

    def fresh(self, name: str) -> str:
        """Make a name that no role has."""
        return f"{name}-{next(self.numbers)}"

    @cached_property
    def iam(self) -> Any:
        """The IAM of the account in which the roles are."""
        return self.session(NONPROD).client("iam")

    def make_providers(self) -> None:
        """Make the OIDC provider of GitHub in both accounts."""
        for account in (NONPROD, PROD):
            self.session(account).client("iam").create_open_id_connect_provider(
                Url=f"https://{ISSUER}", ClientIDList=["sts.amazonaws.com"]
            )

    def role(
        self, name: str, *statements: Json, trust: str | None = None, path: str = "/", **more: Any
    ) -> str:
        """Make a role with one inline policy that trusts the main branch, and return its ARN."""
        policy = trust or trust_policy(NONPROD, MAIN.subject)
        made = self.iam.create_role(
            RoleName=name, Path=path, AssumeRolePolicyDocument=policy, **more
        )
        if statements:
            self.iam.put_role_policy(
                RoleName=name, PolicyName="work", PolicyDocument=document(*statements)
            )
        return made["Role"]["Arn"]

    def policy(self, name: str, *statements: Json) -> str:
        """Make a managed policy and return its ARN."""
        made = self.iam.create_policy(PolicyName=name, PolicyDocument=document(*statements))
        return made["Policy"]["Arn"]

    def enter(self, role_arn: str, run: GithubRun = MAIN, **more: Any) -> AwsSession:
        """Sign in through the gate."""
        lifetime = more.pop("lifetime", 300)
        job = DeployJob(run=run, role_arn=role_arn, region=REGION, **more)
        token = self.issuer.token(run, audience=job.audience, lifetime=lifetime)
        return sign_in_with(token, job, self.gate.endpoint)


def refusal(call: Callable[..., Any], **parameters: Any) -> tuple[int, str, str]:
    """Make a call that is to be refused, and return AWS's status, code and words."""
    try:
        answer = call(**parameters)
    except AwsError as error:
        found: Any = error.response
        status = found["ResponseMetadata"]["HTTPStatusCode"]
        return status, found["Error"]["Code"], found["Error"]["Message"]
    raise AssertionError(f"It was not refused: {answer}")


def denied(
    role: str, action: str, resource: str, why: str = "no identity-based policy allows"
) -> tuple[int, str, str]:
    """Return what AWS answers in JSON 1.1 to a session that may not."""
    user = f"arn:aws:sts::{NONPROD}:assumed-role/{role}/GitHubActions"
    text = f"User: {user} is not authorized to perform: {action} on resource: {resource}"
    return 400, "AccessDeniedException", f"{text} because {why} the {action} action"


def make_infrastructure(world: World) -> None:
    """Make a cluster with two services, and repositories in both accounts, once."""
    ecs = world.session(NONPROD).client("ecs")
    if ecs.describe_clusters(clusters=["dev"])["clusters"]:
        return
    ecs.create_cluster(clusterName="dev")
    for family in ("web", "other"):
        ecs.register_task_definition(family=family, containerDefinitions=[CONTAINER])
    for service in ("web", "other"):
        ecs.create_service(cluster="dev", serviceName=service, taskDefinition="web", desiredCount=0)
    for account in (NONPROD, PROD):
        ecr = world.session(account).client("ecr")
        for name in ("web", "other"):
            ecr.create_repository(repositoryName=name)
