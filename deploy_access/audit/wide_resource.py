"""
The resources of a statement that match more than one resource of AWS.

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
    """Whether an ECS service is named without its cluster, in a form that no ARN has any more."""
    arn = Arn.parse(resource)
    if arn is None or arn.service != "ecs" or arn.resource == "service/*":
        return False
    return _SERVICE_WITHOUT_CLUSTER.fullmatch(known_text(arn.resource)) is not None


def is_any_of_a_kind(resource: str) -> bool:
    """Whether a resource matches everything, or everything of a service or of a type."""
    if is_everything(resource):
        return True
    arn = Arn.parse(resource)
    if arn is None:
        return False
    if arn.service == "s3":
        return not (arn.region or arn.account) and _ANY_BUCKET.fullmatch(arn.resource) is not None
    return _ANY_OF_A_KIND.fullmatch(arn.resource) is not None


def beginning_of_roles(resource: str) -> str | None:
    """Return the literal beginning of a pattern of role names; None for the ARN of one role."""
    if is_everything(resource):
        return ""
    arn = Arn.parse(resource)
    if arn is None or arn.service != "iam" or arn.region:
        return None
    found = _NAME_WITH_WILDCARD.fullmatch(known_text(arn.resource))
    return arn.resource[slice(*found.span("literal"))] if found else None


def known_text(resource: str) -> str:
    """
    Return a resource with each reference and variable blanked out by `/`, in its length.

    A `?` inside of one is no wildcard, and its `:` no separator. It may stand for several segments
    of an ARN, as a row of `/` does.
    """
    return "".join(
        piece if isinstance(piece, str) else "/" * _length(piece) for piece in split_text(resource)
    )


def _length(piece: Reference | PolicyVariable) -> int:
    return len(piece.text) if isinstance(piece, Reference) else len(f"${{{piece.name}}}")
