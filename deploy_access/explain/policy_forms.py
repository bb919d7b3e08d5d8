"""An element of a trust policy as text to paste: JSON, and HCL for a policy from Terraform."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from deploy_access.iam.policy import WEB_IDENTITY
from deploy_access.json_shape import as_list, as_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.explain.policy_change import PolicyChange
    from deploy_access.terraform.estate import Role

_INDENT = 2


def element_forms(change: PolicyChange, role: Role) -> tuple[tuple[str, str], ...]:
    """Return the whole `Condition`, or the whole statement, of a change."""
    condition = change.statement.get("Condition")
    if change.is_of_condition and change.number is not None:
        shown: object = condition
        text = f'"Condition": {_json(shown)}'
        hcl = f"Condition = {_hcl(shown)}"
    else:
        shown = change.statement
        text, hcl = _json(shown), _hcl(shown)
    forms = [("JSON", text)]
    if is_of_terraform(role):
        forms += [("jsonencode", hcl), ("HCL", "\n".join(_blocks(change)))]
    return tuple(forms)


def is_of_terraform(role: Role) -> bool:
    """Whether a role was read from Terraform that people write, and not from constructs."""
    return role.where.address.startswith(("aws_iam_role.", "module.")) and not role.construct


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=_INDENT)


def _hcl(value: object, depth: int = 0) -> str:
    if isinstance(value, dict):
        inner = " " * _INDENT * (depth + 1)
        lines = [
            f"{inner}{_name(key)} = {_hcl(one, depth + 1)}"
            for key, one in cast("dict[str, object]", value).items()
        ]
        return "\n".join(["{", *lines, " " * _INDENT * depth + "}"])
    if isinstance(value, list):
        listed = cast("list[object]", value)
        return f"[{', '.join(_hcl(one, depth) for one in listed)}]"
    return json.dumps(value, ensure_ascii=False)


def _name(key: str) -> str:
    return key if key.isidentifier() else json.dumps(key)


def _blocks(change: PolicyChange) -> Iterator[str]:
    """Write the blocks of a `data "aws_iam_policy_document"`."""
    conditions = list(_conditions(as_object(change.statement.get("Condition"))))
    if change.is_of_condition and change.number is not None:
        yield from conditions
        return
    principal = as_object(change.statement.get("Principal"))
    yield "statement {"
    yield f'  actions = ["{WEB_IDENTITY}"]'
    for kind, values in principal.items():
        yield "  principals {"
        yield f'    type        = "{kind}"'
        yield f"    identifiers = {json.dumps(as_list(values), ensure_ascii=False)}"
        yield "  }"
    yield from (f"  {line}" for line in conditions)
    yield "}"


def _conditions(conditions: Mapping[str, object]) -> Iterator[str]:
    for operator, keys in conditions.items():
        for key, values in as_object(keys).items():
            yield "condition {"
            yield f'  test     = "{operator}"'
            yield f'  variable = "{key}"'
            yield f"  values   = {json.dumps(as_list(values), ensure_ascii=False)}"
            yield "}"
