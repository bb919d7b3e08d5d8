"""The attributes of a resource that differ, each by its full name."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_list, as_object
from deploy_access.resource_diff.argument_values import is_policy, parsed, same_policy, same_scalar
from deploy_access.resource_diff.model import AttributeChange
from deploy_access.terraform.block_comments import without_comment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

UNKNOWN = "(known after apply)"
SENSITIVE = "(sensitive)"
POLICY = "(policy)"
# A report shows several values in one line, and a list of a thousand ids must not fill it.
_LONGEST = 300
_INDEX = re.compile(r"\[\d+\]")
# Names of arguments that the documentation of the AWS provider marks as sensitive.
_SECRET = re.compile(
    r"(^|[._])(\w*password|secret_string|secret_binary|private_key|auth_token|secret_key"
    r"|client_secret|plaintext|master_user_secret|oauth_token)($|[._])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeDifference:
    """
    An attribute whose value differs.

    Attributes:
        name: Its name, for example `encryption_configuration[0].kms_key`.
        before: The value before, or None when it was not set.
        after: The value after, or None when it is not set.
    """

    name: str
    before: object
    after: object

    @property
    def path(self) -> str:
        """The name without the numbers of blocks."""
        return _INDEX.sub("", self.name)

    def shown(self) -> AttributeChange:
        """Return the difference for a report, without values that are secrets by their name."""
        if _SECRET.search(self.name):
            before, after = (None if v is None else SENSITIVE for v in (self.before, self.after))
        else:
            before, after = show(self.before), show(self.after)
        return AttributeChange(name=self.name, before=before, after=after)


def differences(
    before: Mapping[str, object], after: Mapping[str, object]
) -> list[AttributeDifference]:
    """List the differences of the bodies of two blocks; null counts as not set."""
    return list(_objects("", without_comment(before), without_comment(after)))


def show(value: object) -> str | None:
    """Return a value as one line of JSON; a policy as `(policy)`, since its access is compared."""
    if value is None:
        return None
    if is_policy(value):
        return POLICY
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _objects(
    name: str, before: Mapping[str, object], after: Mapping[str, object]
) -> Iterator[AttributeDifference]:
    for key in sorted({*before, *after}):
        yield from _compare(f"{name}.{key}" if name else key, before.get(key), after.get(key))


def _compare(name: str, before: object, after: object) -> Iterator[AttributeDifference]:
    if same_scalar(before, after):
        return
    old, new = _opened(before), _opened(after)
    olds, news = _as_blocks(old), _as_blocks(new)
    if is_policy(old) and is_policy(new):
        if not same_policy(old, new):
            yield AttributeDifference(name=name, before=old, after=new)
    elif _is_object(old) and _is_object(new):
        yield from _objects(name, as_object(old), as_object(new))
    elif olds and news:
        yield from _blocks(name, olds, news)
    elif old != new:
        yield AttributeDifference(
            name=name,
            before=old if is_policy(old) else before,
            after=new if is_policy(new) else after,
        )


def _opened(value: object) -> object:
    found = parsed(value)
    return value if found is None else found


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _as_blocks(value: object) -> list[object]:
    """Return the blocks, of which Terraform's JSON may have one without a list; none for others."""
    found = as_list(value)
    return found if all(isinstance(each, dict) for each in found) else []


def _blocks(name: str, before: list[object], after: list[object]) -> Iterator[AttributeDifference]:
    for index, (old, new) in enumerate(zip_longest(before, after)):
        yield from _compare(f"{name}[{index}]", old, new)
