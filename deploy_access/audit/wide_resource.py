"""
The resources of a statement that match more than one resource of AWS.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html,
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html (ARNs)
"""

from __future__ import annotations

import re

from deploy_access.iam.arns import Arn
from deploy_access.iam.references import PolicyVariable, Reference, has_wildcard, split_text

_SERVICE_WITHOUT_CLUSTER = re.compile(r"service/[^/*?]+")
_NAME_WITH_WILDCARD = re.compile(r"role/(?P<name>[^*?]*[*?].*)|[*?].*", re.DOTALL)


def is_everything(resource: str) -> bool:
    """Whether a resource is `*`, the only one of an action that takes no resource."""
    return bool(resource) and not resource.strip("*")


def lacks_cluster(resource: str) -> bool:
    """
    Whether an ECS service is named without its cluster, in a form that no ARN has any more.

    A wildcard may stand for the cluster too: `service/web*` is also `service/web-prod/api`.
    """
    arn = Arn.parse(resource)
    if arn is None or arn.service != "ecs":
        return False
    return _SERVICE_WITHOUT_CLUSTER.fullmatch(known_text(arn.resource)) is not None


def pattern_of_roles(resource: str) -> str | None:
    """Return the pattern of role names; empty for all roles, None for the ARN of one role."""
    if is_everything(resource):
        return ""
    arn = Arn.parse(resource)
    if arn is None or arn.service != "iam" or arn.region:
        return None
    found = _NAME_WITH_WILDCARD.fullmatch(known_text(arn.resource))
    if found is None:
        return None
    pattern = arn.resource[slice(*found.span("name"))]
    return pattern if pattern.strip("*?") else ""


def describe_roles(pattern: str) -> str:
    """Say which roles a pattern of names means, as a clause."""
    literal = pattern.rstrip("*")
    begins = literal != pattern and not has_wildcard(literal)
    return f"whose name begins with {literal!r}" if begins else f"whose name matches {pattern!r}"


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
