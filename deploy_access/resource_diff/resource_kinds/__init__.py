"""
The Terraform types that a review knows, one row each, by AWS service.

Each row has a sample in `tests/resource_diff`, with which the AWS provider itself judges it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.resource_diff.resource_kinds.compute import COMPUTE
from deploy_access.resource_diff.resource_kinds.containers import CONTAINERS
from deploy_access.resource_diff.resource_kinds.copies import COPIES
from deploy_access.resource_diff.resource_kinds.databases import DATABASES
from deploy_access.resource_diff.resource_kinds.identity import IDENTITY
from deploy_access.resource_diff.resource_kinds.kind import Kind
from deploy_access.resource_diff.resource_kinds.messages import MESSAGES
from deploy_access.resource_diff.resource_kinds.monitoring import MONITORING
from deploy_access.resource_diff.resource_kinds.nosql import NOSQL
from deploy_access.resource_diff.resource_kinds.storage import STORAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Mapping[str, Kind] = {
    **COMPUTE,
    **CONTAINERS,
    **COPIES,
    **DATABASES,
    **IDENTITY,
    **MESSAGES,
    **MONITORING,
    **NOSQL,
    **STORAGE,
}
_UNKNOWN = Kind()


def kind_of(resource_type: str) -> Kind:
    """Return the row of a Terraform type; of one without a row, only that `name` may name it."""
    return KINDS.get(resource_type, _UNKNOWN)
