"""Reading a policy document by itself, with the keys that it has twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from deploy_access.errors import InvalidValue, Problem
from deploy_access.json_text import parse_text

if TYPE_CHECKING:
    from deploy_access.json_text import JsonPath


class JsonObject(dict[str, Any]):
    """
    A JSON object, with what a dictionary cannot hold.

    Attributes:
        repeated: The way to each key in it that an object has more than once; the last one counts.

    """

    repeated: tuple[JsonPath, ...] = ()


def read_json(text: str | bytes) -> object:
    """
    Read a JSON text; an object remembers the keys that are repeated in it.

    Raises:
        InvalidValue: It is no JSON.

    """
    try:
        found = parse_text(text)
    except (ValueError, RecursionError) as error:
        raise InvalidValue(
            Problem(
                what="The document is no JSON.",
                given=text[:40],
                why=f"It cannot be read: {error}.",
                fix="Give the policy as IAM has it, for example from `aws iam get-role`.",
            )
        ) from error
    if not found.repeated or not isinstance(found.content, dict):
        return found.content
    whole = JsonObject(cast("dict[str, object]", found.content))
    whole.repeated = found.repeated
    return whole
