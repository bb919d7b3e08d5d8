"""
What a plan would change, as a record that another plan is held against.

A plan is approved, and some time later another identity makes its own plan and applies that. Both
have to say the same. The file that `terraform plan -out` writes is no record: it holds secrets, and
it would be applied with the backend and the session of the plan that was approved.

Values that Terraform marks as sensitive are left out, so that a record may be kept where logs are.

Source: https://developer.hashicorp.com/terraform/internals/json-format#change-representation
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from deploy_access.errors import InvalidValue, Problem
from deploy_access.json_shape import as_list, as_object, as_text, objects
from deploy_access.resource_diff.attribute_diff import SENSITIVE, differences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.json_file import JsonFile

    Object = Mapping[str, object]

FORMAT = 1
_NOTHING = (["no-op"], ["read"])
_NONE = "no change"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDifference:
    """
    A resource or an output of which two plans say different things.

    Attributes:
        address: Its address; `output.NAME` of an output.
        approved: What was approved, for example `update`, or `no change`.
        planned: What is planned now.
        attributes: The names of what differs before or after the change, where both change it.
    """

    address: str
    approved: str
    planned: str
    attributes: tuple[str, ...] = ()


def record_of(plan: Object) -> dict[str, object]:
    """Return the record of a plan, without the values that are sensitive."""
    return {"format": FORMAT, "changes": {key: _change(one) for key, one in _changing(plan)}}


def _changing(plan: Object) -> Iterator[tuple[str, Object]]:
    """List what the plan changes; what is only read is no change."""
    for entry in objects(plan.get("resource_changes")):
        if entry.get("mode") != "data" and _is_change(entry):
            deposed = as_text(entry.get("deposed"))
            address = as_text(entry.get("address")) or ""
            yield f"{address} (deposed {deposed})" if deposed else address, entry
    for name, change in as_object(plan.get("output_changes")).items():
        if as_object(change).get("actions") not in _NOTHING:
            yield f"output.{name}", {"change": change}


def _is_change(entry: Object) -> bool:
    change = as_object(entry.get("change"))
    moves = entry.get("previous_address") not in (None, entry.get("address"))
    return change.get("actions") not in _NOTHING or moves or bool(change.get("importing"))


def _change(entry: Object) -> dict[str, object]:
    change = as_object(entry.get("change"))
    found: dict[str, object] = {
        "actions": as_list(change.get("actions")),
        "before": _masked(change.get("before"), change.get("before_sensitive")),
        "after": _masked(change.get("after"), change.get("after_sensitive")),
        "after_unknown": change.get("after_unknown"),
    }
    kept = {"importing": change.get("importing"), "moved_from": entry.get("previous_address")}
    return found | {key: value for key, value in kept.items() if value}


def _masked(value: object, marks: object) -> object:
    """Return a value with the parts left out that are marked; `true` marks all of it."""
    if marks is True:
        return SENSITIVE
    if isinstance(value, dict):
        parts = cast("dict[str, object]", value).items()
        return {key: _masked(part, as_object(marks).get(key)) for key, part in parts}
    if isinstance(value, list):
        items, own = cast("list[object]", value), as_list(marks)
        own = [*own, *[None] * len(items)]
        return [_masked(item, mark) for item, mark in zip(items, own, strict=False)]
    return value


def compare_records(approved: Object, planned: Object) -> list[RecordDifference]:
    """List what a plan does otherwise than the approved one, by address."""
    old, new = as_object(approved.get("changes")), as_object(planned.get("changes"))
    return [
        RecordDifference(
            address=address,
            approved=_actions(old.get(address)),
            planned=_actions(new.get(address)),
            attributes=_attributes(as_object(old.get(address)), as_object(new.get(address))),
        )
        for address in sorted({*old, *new})
        if old.get(address) != new.get(address)
    ]


def _actions(change: object) -> str:
    found = [as_text(one) or "" for one in as_list(as_object(change).get("actions"))]
    return " and ".join(found) or _NONE


def _attributes(old: Object, new: Object) -> tuple[str, ...]:
    """Name what differs; nothing where only one of the plans changes the resource."""
    if not (old and new):
        return ()
    named = dict.fromkeys(
        one.name
        for side in ("before", "after")
        for one in differences(as_object(old.get(side)), as_object(new.get(side)))
    )
    # What differs in its spelling alone, such as the order in a policy, is not told apart above.
    others = (key for key in sorted({*old, *new}) if old.get(key) != new.get(key))
    return tuple(named or (key for key in others if key != "actions"))


def read_record(file: JsonFile) -> Object:
    """
    Take a record as it was written.

    Raises:
        InvalidValue: It is none, or one of a later format.
    """
    content = file.content
    if content.get("format") != FORMAT or not isinstance(content.get("changes"), dict):
        raise InvalidValue(
            Problem(
                what="The file is no record of an approved plan.",
                given=file.name,
                why=f"A record has `format` {FORMAT} and `changes` at its top.",
                fix="Write one: `deploy-access changes PLAN --record FILE`.",
            )
        )
    return content
