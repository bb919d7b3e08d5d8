"""How AWS, a report and Terraform's `import` name a resource."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.resource_diff.resource_kinds import kind_of

if TYPE_CHECKING:
    from deploy_access.resource_diff.instances import Resource

_ATTRIBUTE = re.compile(r"\{(\w+)\}")
_OPTIONAL = {"path"}


def identity(resource: Resource) -> tuple[str, ...] | None:
    """Return the names that make it one thing in AWS, or None when they are not known."""
    names = kind_of(resource.type).named_by
    found = [resource.text(name) or ("" if name in _OPTIONAL else None) for name in names]
    texts = tuple(text for text in found if text is not None)
    return texts if texts and len(texts) == len(found) else None


def is_named_by(resource: Resource, argument: str, other: Resource) -> bool:
    """
    Whether an argument of a resource names another one: by a reference, or by its name in AWS.

    Things of two services may have one name, such as a bucket and a queue.
    """
    name = resource.text(argument)
    written = f"{resource.body.get(argument)} {name}"
    if re.search(rf"(?<![\w.]){re.escape(other.block.address)}(?![\w-])", written):
        return True
    is_of_service = _service(resource) == _service(other)
    return name is not None and is_of_service and identity(other) == (name,)


def _service(resource: Resource) -> list[str]:
    return resource.type.split("_")[:2]


def display_name(resource: Resource) -> str:
    """Return the path of its construct, or its name in AWS, or its address."""
    found = identity(resource) or ()
    return resource.path or "/".join(part for part in found if part) or resource.address


def import_id(resource: Resource) -> str:
    """
    Return the id by which Terraform imports it.

    An attribute that only AWS knows stands there as its name in capitals, for example `ARN`.
    """
    return _ATTRIBUTE.sub(
        lambda found: _attribute(resource, found[1]), kind_of(resource.type).import_id
    )


def _attribute(resource: Resource, name: str) -> str:
    found = resource.text(name) or resource.computed(name)
    return name.upper() if found is None or "${" in found else found
