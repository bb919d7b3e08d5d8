"""
The parser of one statement of a policy document.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.iam.arns import is_cut_off
from deploy_access.iam.elements import (
    PolicyProblem,
    Problems,
    read_elements,
    read_object,
    read_text,
    read_texts,
)
from deploy_access.iam.operators import read_operator
from deploy_access.iam.policy import Condition, Effect, PolicyStatement, Principal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.json_text import JsonPath

ELEMENTS = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)
_PRINCIPALS = ("AWS", "Federated", "Service", "CanonicalUser")
# Elements that exclude each other.
_PAIRS = (
    ("Principal", "NotPrincipal"),
    ("Action", "NotAction"),
    ("Resource", "NotResource"),
)
_EFFECTS: Mapping[str, Effect] = {"allow": "Allow", "deny": "Deny"}


def read_statement(
    found: object, index: int, path: JsonPath, problems: Problems
) -> PolicyStatement | None:
    """Read a statement; None when it neither allows nor denies."""
    elements = read_elements(read_object(found, path, problems), ELEMENTS, path, problems)
    _check_pairs(elements, path, problems)
    effect = _read_effect(elements.get("Effect"), (*path, "Effect"), problems)
    texts = _read_lists(elements, path, problems)
    principals = {
        name: _read_principals(elements[name], (*path, name), problems)
        for name in ("Principal", "NotPrincipal")
        if name in elements
    }
    conditions = _read_conditions(elements.get("Condition", {}), (*path, "Condition"), problems)
    sid = read_text(elements["Sid"], (*path, "Sid"), problems) if "Sid" in elements else None
    if effect is None:
        return None
    return PolicyStatement(
        index=index,
        sid=sid,
        effect=effect,
        principals=principals.get("Principal"),
        not_principals=principals.get("NotPrincipal"),
        actions=texts.get("Action"),
        not_actions=texts.get("NotAction"),
        resources=texts.get("Resource"),
        not_resources=texts.get("NotResource"),
        conditions=conditions,
    )


def _read_lists(
    elements: Mapping[str, object], path: JsonPath, problems: Problems
) -> dict[str, tuple[str, ...]]:
    """Read the actions and the resources of a statement."""
    found = {
        name: read_texts(elements[name], (*path, name), problems)
        for name in ("Action", "NotAction", "Resource", "NotResource")
        if name in elements
    }
    for name in ("Resource", "NotResource"):
        _check_resources(found.get(name, ()), (*path, name), problems)
    return found


def _check_pairs(elements: Mapping[str, object], path: JsonPath, problems: Problems) -> None:
    for name, opposite in _PAIRS:
        if opposite in elements and name in elements:
            what = f"A statement has `{name}` or `{opposite}`, not both; `{opposite}` counts here."
            problems.append(PolicyProblem(kind="conflict", path=(*path, opposite), what=what))
    if "Action" not in elements and "NotAction" not in elements:
        what = "A statement has `Action` or `NotAction`; without either it is about nothing."
        problems.append(PolicyProblem(kind="missing", path=(*path, "Action"), what=what))


def _read_effect(value: object, path: JsonPath, problems: Problems) -> Effect | None:
    effect = _EFFECTS.get(value.lower()) if isinstance(value, str) else None
    if effect is None:
        what = "A statement has the effect 'Allow' or 'Deny'; this one has none and is left out."
        kind = "missing" if value is None else "value"
        problems.append(PolicyProblem(kind=kind, path=path, what=what, given=value))
    elif effect != value:
        what = f"It is spelled {effect!r}: case matters in an effect."
        problems.append(PolicyProblem(kind="spelling", path=path, what=what, given=value))
    return effect


def _check_resources(resources: tuple[str, ...], path: JsonPath, problems: Problems) -> None:
    for text in filter(is_cut_off, resources):
        what = "An ARN has six parts, and IAM takes no policy with a resource that has fewer."
        problems.append(PolicyProblem(kind="value", path=path, what=what, given=text))


def _read_principals(value: object, path: JsonPath, problems: Problems) -> tuple[Principal, ...]:
    if value == "*":
        return (Principal(kind="*", value="*"),)
    found = read_object(value, path, problems)
    kinds = read_elements(found, _PRINCIPALS, path, problems)
    return tuple(
        Principal(kind=kind, value=text)
        for kind, texts in kinds.items()
        for text in read_texts(texts, (*path, kind), problems)
    )


def _read_conditions(value: object, path: JsonPath, problems: Problems) -> tuple[Condition, ...]:
    conditions: list[Condition] = []
    for operator, keys in read_object(value, path, problems).items():
        if read_operator(operator) is None:
            what = f"IAM has no condition operator {operator!r}."
            problems.append(
                PolicyProblem(kind="unknown", path=(*path, operator), what=what, given=operator)
            )
        conditions.extend(
            Condition(
                operator=operator,
                key=key,
                values=read_texts(values, (*path, operator, key), problems),
            )
            for key, values in read_object(keys, (*path, operator), problems).items()
        )
    return tuple(conditions)
