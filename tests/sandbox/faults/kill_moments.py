"""
Moments of an apply at which Terraform is killed, and stacks to be killed in.
"""

from __future__ import annotations

import json
import os
import signal
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from sandbox_estates import PROD, Json, role, stack

from sandbox.terraform.run_record import read_run

if TYPE_CHECKING:
    from werkzeug.wrappers import Request, Response

    from sandbox.server.working_folder import WorkingFolder

BUCKET = "killed-states"
REGION = "eu-central-1"
# What a call to AWS, or to the backend of the states, is named by.
_STATE_CALLS = {"PUT": "write", "DELETE": "delete", "GET": "read", "HEAD": "read"}


@dataclass(frozen=True, kw_only=True)
class Kill:
    """
    A kill of the Terraform of one stack, when *call* has been answered and the answer is held back.

    Attributes:
        stack: The stack.
        call: The call that AWS has done; Terraform never learns of it.
        group: Whether its provider is killed with it; else that one may finish its calls.

    """

    stack: str
    call: str
    group: bool


@dataclass
class Killer:
    """
    An observer of the gate that kills at the moments it is given, and notes that it did.
    """

    folder: WorkingFolder
    kills: dict[tuple[str, str], Kill] = field(default_factory=dict[tuple[str, str], Kill])
    done: list[Kill] = field(default_factory=list[Kill])
    lock: Lock = field(default_factory=Lock)

    def __call__(self, request: Request, answer: Response) -> None:
        """
        Kill, when the request is one that is waited for.
        """
        if answer.status_code >= 300:
            return
        with self.lock:
            kill = self.kills.pop(read_moment(request), None)
        if kill is None:
            return
        found = read_run(self.folder.stack(kill.stack))
        assert found is not None
        pids = [found.process.pid]
        if kill.group:
            pids += attached_provider(found.process.pid)
        for pid in pids:
            if kill.group:
                os.killpg(os.getpgid(pid), signal.SIGKILL)
            else:
                os.kill(pid, signal.SIGKILL)
        self.done.append(kill)


def attached_provider(terraform: int) -> list[int]:
    """
    Return the provider that a Terraform was given to use, beside those that it starts itself.
    """
    environment = Path(f"/proc/{terraform}/environ").read_text("utf-8").split("\0")
    name = "TF_REATTACH_PROVIDERS="
    given = [one.removeprefix(name) for one in environment if one.startswith(name)]
    return [handle["Pid"] for text in given for handle in json.loads(text).values()]


def read_moment(request: Request) -> tuple[str, str]:
    """
    Return the stack of a request and its call: each thing of a stack has the stack's name.
    """
    body = request.get_data(as_text=True)
    target = request.headers.get("X-Amz-Target", "")
    if "AmazonEC2ContainerRegistry" in target:
        return str(json.loads(body).get("repositoryName", "")), target.rpartition(".")[2]
    if request.path.startswith(f"/{BUCKET}/"):
        name, _, kind = request.path.removeprefix(f"/{BUCKET}/").partition(".tfstate")
        return name, f"{_STATE_CALLS.get(request.method, '?')} {'lock' if kind else 'state'}"
    form = {name: values[0] for name, values in parse_qs(body).items()}
    named = form.get("RoleName") or form.get("PolicyName")
    at = form.get("Url") or form.get("PolicyArn") or form.get("OpenIDConnectProviderArn", "")
    return named or at.rpartition("/")[2].partition(".")[0], form.get("Action", "")


def backend(name: str) -> Json:
    """
    Return a backend in S3 with S3's own lock.
    """
    at = {"bucket": BUCKET, "key": f"{name}.tfstate", "region": REGION}
    return {"s3": {**at, "use_lockfile": True}}


def whole_stack(name: str) -> Json:
    """
    Return a stack with each kind of resource that the constructs make, all named after it.
    """
    document: Json = {"Version": "2012-10-17"}
    allow = {"Effect": "Allow", "Action": "ecr:PutImage", "Resource": "*"}
    policy = json.dumps({**document, "Statement": [allow]})
    pull = {
        "Effect": "Allow",
        "Action": "ecr:BatchGetImage",
        "Principal": {"AWS": f"arn:aws:iam::{PROD}:root"},
    }
    selection = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 5}
    rules = [{"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}]
    tags = {"stack": name}
    bodies: Json = {
        "aws_iam_openid_connect_provider": {
            "url": f"https://{name}.example",
            "client_id_list": ["sts.amazonaws.com"],
            "tags": tags,
        },
        "aws_iam_role_policy": {
            "name": name,
            "role": "${aws_iam_role.Role.name}",
            "policy": policy,
        },
        "aws_iam_policy": {"name": name, "policy": policy, "tags": tags},
        "aws_iam_role_policy_attachment": {
            "role": "${aws_iam_role.Role.name}",
            "policy_arn": "${aws_iam_policy.Main.arn}",
        },
        "aws_ecr_repository": {"name": name, "tags": tags},
        "aws_ecr_lifecycle_policy": {
            "repository": "${aws_ecr_repository.Main.name}",
            "policy": json.dumps({"rules": rules}),
        },
        "aws_ecr_repository_policy": {
            "repository": "${aws_ecr_repository.Main.name}",
            "policy": json.dumps({**document, "Statement": [pull]}),
        },
    }
    resource = {**role(name, tags=tags), **{kind: {"Main": body} for kind, body in bodies.items()}}
    return stack(name, backend=backend(name), resource=resource)


def two_accounts(name: str) -> Json:
    """
    Return a stack of two accounts: Terraform starts a provider of its own, as its child.
    """
    other = {"region": REGION, "alias": "prod", "assume_role": [_assume(PROD)]}
    first = role(name, tags={"stack": name})
    second = role(name, provider="aws.prod", tags={"stack": name})["aws_iam_role"]["Role"]
    roles = {**first["aws_iam_role"], "Elsewhere": second}
    written = stack(name, backend=backend(name), resource={"aws_iam_role": roles})
    return {**written, "provider": {"aws": [*written["provider"]["aws"], other]}}


def _assume(account: str) -> Json:
    return {"role_arn": f"arn:aws:iam::{account}:role/terraform"}
