"""
The file beside a stack that has Terraform work with the session that it is given.

A synthesized stack assumes the role that may change everything. A plan reads only, so it needs a
session that may read only, and no role after that.

`assume_role` is a block, which an override cannot take away: an empty list in its place is ignored,
and so is an empty ARN. A `dynamic` block of no elements replaces it.
https://developer.hashicorp.com/terraform/language/files/override#merging-behavior
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from deploy_access.json_shape import objects
from deploy_access.terraform.known_providers import AWS

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "plan_override.tf.json"
"""Its name; Terraform takes a file with this ending for an override."""
# The content is never used, but the provider's schema asks for it.
_NO_ROLE: dict[str, object] = {"assume_role": {"for_each": [], "content": {"role_arn": "-"}}}


def session_override(document: Mapping[str, object]) -> str | None:
    """
    Return the override of a stack, as JSON; None where its providers assume no role.

    Args:
        document: The stack's file.
    """
    bodies = (body for one in objects(document.get("provider")) for body in objects(one.get(AWS)))
    found = [
        {**{key: body[key] for key in ("alias",) if key in body}, "dynamic": _NO_ROLE}
        for body in bodies
        if body.get("assume_role")
    ]
    if not found:
        return None
    return json.dumps({"provider": {AWS: found[0] if len(found) == 1 else found}})
