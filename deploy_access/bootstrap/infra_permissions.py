"""
The two roles with which a repository deploys the estate: what they may do, and who may apply.

Plan reads, and apply may assume the role that Terraform runs as, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.audit.subject_value_rules import takes_pull_request
from deploy_access.errors import Problem
from deploy_access.github.subject import Subject
from deploy_access.iam.statement import Statement
from deploy_access.terraform.type_actions import finds_of, reads_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deploy_access.bootstrap.terraform_state import TerraformState
    from deploy_access.terraform.type_actions import Place

# The name of the statement about each place that is named by an ARN.
_SIDS: dict[Place, str] = {
    "oidc-provider": "ReadOidcProviders",
    "policy": "ReadPolicies",
    "repository": "ReadRepositories",
    "role": "ReadRoles",
}


def read_resources(types: Sequence[str], *, iam_arn: str, ecr_arn: str) -> Iterator[Statement]:
    """
    Read the settings of resources of some types, for a plan: those of the whole account.

    No value of a secret or of a parameter, no object and no image.

    Args:
        types: Terraform's types.
        iam_arn: The beginning of the account's IAM ARNs: `arn:aws:iam::ACCOUNT`.
        ecr_arn: The same of ECR, in every region that has stacks: `arn:aws:ecr:*:ACCOUNT`.
    """
    for place, sid in _SIDS.items():
        arn = ecr_arn if place == "repository" else iam_arn
        actions = reads_of(types, place)
        if actions:
            yield Statement(sid=sid, actions=actions, resources=[f"{arn}:{place}/*"])
    # These actions have no resource of their own.
    finding = finds_of(types, "oidc-provider")
    if finding:
        yield Statement(sid="FindOidcProviders", actions=finding, resources=["*"])
    registry = reads_of(types, "registry")
    if registry:
        yield Statement(sid="ReadRegistry", actions=registry, resources=["*"])


def read_states(partition: str, state: TerraformState) -> Iterator[Statement]:
    """
    Read the states below a prefix, and find that there is none yet.

    https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required, which has
    the condition on `s3:prefix` too, and for the key
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html.
    """
    bucket = f"arn:{partition}:s3:::{state.bucket}"
    keys = f"{state.key_prefix}*"
    # S3 says that an object is missing, and not that it is forbidden, to a caller who may list it.
    yield Statement(
        sid="FindStates",
        actions=["s3:ListBucket"],
        resources=[bucket],
        conditions={"StringLike": {"s3:prefix": [keys]}},
    )
    yield Statement(sid="ReadStates", actions=["s3:GetObject"], resources=[f"{bucket}/{keys}"])
    if state.kms_key:
        yield Statement(sid="DecryptStates", actions=["kms:Decrypt"], resources=[state.kms_key])


def assume_terraform_role(arn: str) -> Statement:
    """
    Become the role that Terraform runs as.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html: that role trusts this
    one too. Without `sts:TagSession`, the session brings no tags that a policy may ask for.
    """
    return Statement(sid="AssumeTerraformRole", actions=["sts:AssumeRole"], resources=[arn])


def check_apply(keyword: str, subjects: Iterable[object]) -> Iterator[Problem]:
    """Check that no pull request may apply, accepted or not; what is no subject is passed over."""
    for subject in subjects:
        values = (*subject.exact, *subject.patterns) if isinstance(subject, Subject) else ()
        for value in filter(takes_pull_request, values):
            yield Problem(
                what=f"`{keyword}` lets no pull request in.",
                given=value,
                why="Its author could run as the role that Terraform runs as, before any review; "
                "no acceptance makes that safe.",
                fix='Trust an environment that has reviewers: `environment("prod")`.',
            )
