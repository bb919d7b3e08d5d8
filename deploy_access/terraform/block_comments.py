"""
The comments of Terraform's JSON: `//` in the body of a block, and nowhere else.

Inside of an argument's value, such as a map of tags or what goes into a module, it is a key like
any other. Only a provider's schema tells a nested block from such a value, so what lies deeper than
the body counts as a value: a difference in it is shown.

Source: https://developer.hashicorp.com/terraform/language/syntax/json#comment-properties
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMENT = "//"
"""The key that is a comment; CDKTF fills it with its version and the paths of constructs."""
LABELS: Mapping[str, int] = {
    **dict.fromkeys(("action", "data", "ephemeral", "resource"), 2),
    **dict.fromkeys(("check", "module", "output", "provider", "variable"), 1),
    **dict.fromkeys(("import", "locals", "moved", "removed", "terraform"), 0),
}
"""How many labels stand before the body of a block."""


def without_comment(body: Mapping[str, object]) -> dict[str, object]:
    """Return the body of a block, or the blocks below a label, without the comment."""
    return {key: child for key, child in body.items() if key != COMMENT}


def without_comments(document: Mapping[str, object]) -> dict[str, object]:
    """Copy a file down to the bodies of its blocks, without their comments."""
    return {
        kind: _bodies(value, LABELS[kind]) if kind in LABELS else value
        for kind, value in document.items()
        if kind != COMMENT
    }


def _bodies(value: object, labels: int) -> object:
    if isinstance(value, dict):
        found = without_comment(cast("dict[str, object]", value))
        if not labels:
            return found
        return {label: _bodies(child, labels - 1) for label, child in found.items()}
    if isinstance(value, list):
        return [_bodies(each, labels) for each in cast("list[object]", value)]
    return value
