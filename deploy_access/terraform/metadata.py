"""The metadata that the constructs write into a resource: `"//".deploy_access`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.acceptance import read_acceptance
from deploy_access.errors import InvalidValue, Problem
from deploy_access.json_shape import as_object, as_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.acceptance import Acceptance
    from deploy_access.terraform.blocks import Block

# It grows only when an older version would misread what a newer one writes.
FORMAT = 1


def construct_of(block: Block) -> str:
    """Return the construct that wrote a resource; empty for any other."""
    return as_text(_metadata(block).get("construct")) or ""


def acceptances(block: Block) -> Mapping[str, Acceptance | Problem]:
    """
    Return the rules that a resource accepts, each with its reason; a problem accepts nothing.

    Raises:
        InvalidValue: A later version wrote the metadata.
    """
    metadata = _metadata(block)
    written = metadata.get("format", FORMAT)
    if isinstance(written, int) and written > FORMAT:
        raise InvalidValue(
            Problem(
                what=f"The metadata of {block.address!r} is of a later format.",
                given=written,
                why=f"This version reads format {FORMAT}.",
                fix="Upgrade `deploy-access`.",
            )
        )
    given = as_object(metadata.get("accept"))
    return {rule: read_acceptance(one) for rule, one in given.items()}


def _metadata(block: Block) -> Mapping[str, object]:
    return as_object(as_object(block.body.get("//")).get("deploy_access"))
