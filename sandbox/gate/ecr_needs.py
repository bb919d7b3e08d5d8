"""
The permissions that calls of ECR need.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.gate.need import ANY, Need

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.gate.call import ApiCall
    from sandbox.gate.lookup import Lookup
    from sandbox.gate.need import CallTarget

# The tags of a repository would have to be read; a policy that asks for one is not judged.
_TAGS = ("ecr:ResourceTag/*",)


def registry(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action for the registry, which is no resource.
    """
    del place, lookup
    yield Need(action=call.action, resource=ANY)


def repository(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on the repository, which may be of another account.
    """
    del lookup
    name = call.parameters.get("repositoryName", "")
    arn = place.arn("ecr", f"repository/{name}", call.parameters.get("registryId"))
    yield Need(action=call.action, resource=arn, unknown=_TAGS)
