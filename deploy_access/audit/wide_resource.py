"""
Resources of a statement that stand for more than one thing.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html,
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html (ARNs)
"""

from __future__ import annotations

import re

from deploy_access.iam.arns import Arn
from deploy_access.iam.references import PolicyVariable, Reference, split_text

# In S3 the first part of the resource is a bucket, and its objects are `BUCKET/*`.
_ANY_BUCKET = re.compile(r"\*(/\*)?")
_ANY_OF_A_KIND = re.compile(r"([a-z-]+[/:])?\*(/\*)?")
_SERVICE_WITHOUT_CLUSTER = re.compile(r"service/[^/]+")
_NAME_WITH_WILDCARD = re.compile(r"(role/(?P<literal>[^*?]*))?[*?].*", re.DOTALL)


def is_everything(resource: str) -> bool:
    """Whether a resource is `*`, the only one of an action that takes no resource."""
    return bool(resource) and not resource.strip("*")


def lacks_cluster(resource: str) -> bool:
    """Whether a service of ECS is named without its cluster, which no ARN is any more."""
    arn = Arn.parse(resource)
    if arn is None or arn.service != "ecs" or arn.resource == "service/*":
        return False
    return _SERVICE_WITHOUT_CLUSTER.fullmatch(known_text(arn.resource)) is not None


def is_any_of_a_kind(resource: str) -> bool:
    """Whether a resource is everything there is, or everything of a service or of a type."""
    if is_everything(resource):
        return True
    arn = Arn.parse(resource)
    if arn is None:
        return False
    if arn.service == "s3":
        return not (arn.region or arn.account) and _ANY_BUCKET.fullmatch(arn.resource) is not None
    return _ANY_OF_A_KIND.fullmatch(arn.resource) is not None


def beginning_of_roles(resource: str) -> str | None:
    """Return how the names of the roles begin that a pattern means; None when it means one."""
    if is_everything(resource):
        return ""
    arn = Arn.parse(resource)
    if arn is None or arn.service != "iam" or arn.region:
        return None
    found = _NAME_WITH_WILDCARD.fullmatch(known_text(arn.resource))
    return arn.resource[slice(*found.span("literal"))] if found else None


def known_text(resource: str) -> str:
    """
    Blank out what Terraform or IAM fill in: a `?` in it is no wildcard, nor its `:` a separator.

    It may be several segments of an ARN, so it becomes as many `/` as it is long.
    """
    return "".join(
        piece if isinstance(piece, str) else "/" * _length(piece) for piece in split_text(resource)
    )


def _length(piece: Reference | PolicyVariable) -> int:
    return len(piece.text) if isinstance(piece, Reference) else len(f"${{{piece.name}}}")
