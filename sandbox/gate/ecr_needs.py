"""
The permissions that calls of ECR need.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html,
https://docs.aws.amazon.com/AmazonECR/latest/userguide/supported-iam-actions-tagging.html,
https://docs.aws.amazon.com/AmazonECR/latest/userguide/using-service-linked-roles.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.iam.arns import Arn
from deploy_access.json_shape import as_object, objects

from .fault import not_judged
from .iam_needs import service_linked_role
from .need import ANY, Need

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .call import ApiCall
    from .lookup import Lookup
    from .need import CallTarget

# The tags of a repository would have to be read; a policy that asks for one is not judged.
_TAGS = ("ecr:ResourceTag/*",)
# The role that ECR makes for itself the first time, by the call that needs it.
_LINKED = {
    "CreatePullThroughCacheRule": ("pullthroughcache", "AWSServiceRoleForECRPullThroughCache"),
    "PutReplicationConfiguration": ("replication", "AWSServiceRoleForECRReplication"),
}


def registry(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action for the registry, which is no resource, and to let ECR make its role for it.
    """
    yield Need(action=call.action, resource=ANY)
    kind, role = _LINKED.get(call.operation, ("", ""))
    if role and not lookup.role(role):
        yield service_linked_role(f"{kind}.ecr.amazonaws.com", role, place)


def repository(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on the repository, which may be of another account.
    """
    del lookup
    name = call.parameters.get("repositoryName", "")
    arn = place.arn("ecr", f"repository/{name}", call.parameters.get("registryId"))
    yield Need(action=call.action, resource=arn, unknown=_TAGS)


def repositories(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on each of the repositories; a call that names none is about all.
    """
    del lookup
    for name in call.parameters.get("repositoryNames") or [ANY]:
        arn = place.arn("ecr", f"repository/{name}", call.parameters.get("registryId"))
        yield Need(action=call.action, resource=arn, unknown=_TAGS)


def repository_account(needs: Sequence[Need]) -> str | None:
    """
    Return the account of the repository that a call is about; None for the registry itself.
    """
    arn = Arn.parse(needs[0].resource)
    return arn.account if arn else None


def create_repository(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on the repository that is to be, and to tag it.
    """
    del lookup
    if as_object(call.parameters.get("encryptionConfiguration")).get("kmsKey"):
        raise not_judged("a repository with a KMS key of its own")
    arn = place.arn("ecr", f"repository/{call.parameters['repositoryName']}")
    yield Need(action=call.action, resource=arn, context=_tag_keys(call))
    if call.parameters.get("tags"):
        yield Need(action="ecr:TagResource", resource=arn, context=_tag_keys(call))


def tagged(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on the resource whose tags the call is about.
    """
    del place, lookup
    arn = call.parameters["resourceArn"]
    yield Need(action=call.action, resource=arn, context=_tag_keys(call), unknown=_TAGS)


def _tag_keys(call: ApiCall) -> dict[str, str | tuple[str, ...]]:
    given = objects(call.parameters.get("tags"))
    # ECR alone of the services here writes the names of a tag's fields with a capital.
    tags = {str(tag["Key"]): str(tag.get("Value") or "") for tag in given}
    names = (*tags, *(call.parameters.get("tagKeys") or ()))
    keys: dict[str, str | tuple[str, ...]] = {"aws:TagKeys": names} if names else {}
    return {**keys, **{f"aws:RequestTag/{key}": value for key, value in tags.items()}}
