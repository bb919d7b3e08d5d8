"""Files that people have, and that say nothing about roles: what they are, and what to read."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from deploy_access.errors import InvalidValue, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Kind(NamedTuple):
    """
    A kind of file.

    Attributes:
        what: What it is, as the end of a sentence.
        why: Why nothing is read of it.
        fix: Which command makes what is read.
    """

    what: str
    why: str
    fix: str


_OF_AWS = (
    "Read what AWS has: `aws iam get-role --role-name ROLE`, or of all roles "
    "`aws iam get-account-authorization-details`."
)
_PULUMI = _Kind(
    "a file of Pulumi",
    "Pulumi keeps its resources in a form of its own.",
    f"{_OF_AWS}",
)
_KUBERNETES = _Kind(
    "a manifest of Kubernetes",
    "It names the roles that pods take, and AWS has what those may do.",
    _OF_AWS,
)
_CDK = _Kind(
    "a file of the CDK that has no resources",
    "The resources are in the templates that `cdk synth` writes.",
    "Run `cdk synth`, and name the folder `cdk.out`.",
)
_CDKTF = _Kind(
    "a file of CDKTF that has no resources",
    "The resources are in what is synthesized.",
    "Run `cdktf synth`, and name the folder `cdktf.out`.",
)
_VALUES = _Kind(
    "a file of values for variables",
    "The roles are in the `.tf` files that have these variables.",
    "Name the folder of these files; `terraform.tfvars` and `*.auto.tfvars` are read with them.",
)
_SERVERLESS = _Kind(
    "a service of the Serverless Framework",
    "The roles are in the template that it makes of this.",
    "Run `serverless package`, and name `.serverless/cloudformation-template-update-stack.json`.",
)
_WORKFLOW = _Kind(
    "a workflow of GitHub Actions",
    "It says which role a job asks for, and not what the role lets in.",
    "Name it with `deploy-access audit --workflows FILE`, beside the roles that it asks for.",
)
_TERRAGRUNT = _Kind(
    "a file of Terragrunt",
    "Only Terragrunt knows which module it is for, and with what.",
    "Let it show a plan: `terragrunt plan -out=plan`, `terragrunt show -json plan > plan.json`.",
)
_LOCK = _Kind(
    "the lock file of Terraform",
    "It has the versions of providers, and no resources.",
    "Name its folder.",
)
_ENCRYPTED = _Kind(
    "a state or a plan that OpenTofu has encrypted",
    "Only OpenTofu has the key.",
    "Let it print it: `tofu show -json > state.json`.",
)
_TRAIL = _Kind(
    "a log of CloudTrail",
    "It says which calls were made, and not who may make them.",
    "Ask `deploy-access explain --event FILE` why calls were denied.",
)
_TOKEN = _Kind(
    "a token",
    "It says who runs, and not which roles let the run in.",
    "Ask `deploy-access explain --token FILE` what it may do.",
)
_BASELINE = _Kind(
    "a baseline of `deploy-access audit`",
    "It says what was found before.",
    "Name it with `deploy-access audit --baseline FILE`, beside what is to be audited.",
)
_REPORT = _Kind(
    "a report of `deploy-access`",
    "It says what was found.",
    "Name what the report is about.",
)
_BY_NAME: tuple[tuple[re.Pattern[str], _Kind], ...] = (
    (re.compile(r"\.terraform\.lock\.hcl"), _LOCK),
    (re.compile(r".*\.hcl"), _TERRAGRUNT),
    (re.compile(r".*\.tfvars(?:\.json)?"), _VALUES),
    (re.compile(r"Pulumi(?:\..+)?\.ya?ml"), _PULUMI),
    (re.compile(r"cdk(?:\.context)?\.json"), _CDK),
    (re.compile(r"cdktf\.json"), _CDKTF),
)
# Keys at the top that only one kind of file has together.
_BY_KEYS: tuple[tuple[set[str], _Kind], ...] = (
    ({"apiVersion", "kind"}, _KUBERNETES),
    ({"jobs", "on"}, _WORKFLOW),
    ({"Records"}, _TRAIL),
    ({"Events"}, _TRAIL),
    ({"eventSource", "eventName"}, _TRAIL),
    ({"iss", "sub", "aud"}, _TOKEN),
    ({"kind", "format", "findings"}, _BASELINE),
    ({"format", "summary", "findings"}, _REPORT),
    ({"provider", "service"}, _SERVERLESS),
    ({"deployment", "version"}, _PULUMI),
    ({"checkpoint", "version"}, _PULUMI),
    ({"encrypted_data", "meta"}, _ENCRYPTED),
    ({"artifacts", "version"}, _CDK),
    ({"stacks", "version"}, _CDKTF),
)


def refuse_by_name(name: str) -> None:
    """
    Refuse a file whose name says that it has no roles.

    Raises:
        InvalidValue: It is one.
    """
    own = PurePath(name).name
    for pattern, kind in _BY_NAME:
        if pattern.fullmatch(own):
            raise InvalidValue(_problem(name, kind))


def refuse_by_keys(name: str, content: Mapping[str, object]) -> None:
    """
    Refuse a file whose keys say that it has no roles.

    Raises:
        InvalidValue: It is one.
    """
    for keys, kind in _BY_KEYS:
        if keys <= content.keys():
            raise InvalidValue(_problem(name, kind))


def refuse_yaml(name: str, content: Mapping[str, object]) -> NoReturn:
    """
    Refuse YAML that is no template.

    Raises:
        InvalidValue: Always.
    """
    refuse_by_keys(name, content)
    raise InvalidValue(
        Problem(
            what="The file is YAML, and no template of CloudFormation.",
            given=name,
            why="It has no `Resources` with types such as `AWS::IAM::Role`.",
            fix="Name a template, a folder of Terraform, a plan from `terraform show -json`, or "
            "what `aws iam get-role` prints.",
        )
    )


def _problem(name: str, kind: _Kind) -> Problem:
    return Problem(what=f"This is {kind.what}.", given=name, why=kind.why, fix=kind.fix)
