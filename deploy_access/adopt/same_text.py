"""Whether two documents mean the same to Terraform's provider, which then sees no difference."""

from __future__ import annotations

import json
from typing import cast

from deploy_access.json_shape import as_object, is_container


def is_same_document(one: str, other: str) -> bool:
    """
    Whether two policies differ in the order of their parts alone, or not at all.

    The provider compares statements as a set, and one text like a list of it:
    https://github.com/hashicorp/awspolicyequivalence.
    """
    if one == other:
        return True
    try:
        return _plain(json.loads(one)) == _plain(json.loads(other))
    except ValueError:
        return False


def _plain(value: object, key: str = "") -> object:
    """Return a value in which order means nothing: a list sorted, a single text as a list."""
    if isinstance(value, dict):
        body = as_object(cast("object", value))
        return {name: _plain(one, name) for name, one in body.items()}
    if isinstance(value, list):
        items = [_plain(one) for one in cast("list[object]", value)]
        return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
    is_listed = key not in {"Version", "Id", "Sid", "Effect"} and not is_container(value)
    return [str(value).lower() if isinstance(value, bool) else value] if is_listed else value
