"""
The rules of a lifecycle policy, as `ecr.lifecycle` says them.

Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from deploy_access.audit.refusal_rules import check_selection
from deploy_access.json_shape import as_object, as_text, objects, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.adopt.existing import Existing

    Object = Mapping[str, object]

_COUNT_TYPES = {"imageCountMoreThan", "sinceImagePushed", "sinceImagePulled"}
_KEYS = {"tagStatus", "tagPrefixList", "tagPatternList", "countType", "countUnit", "countNumber"}


def read_rules(lifecycle: Existing) -> list[dict[str, object]] | None:
    """Return the rules as entries of the file; None where a rule has no key for what it says."""
    try:
        parsed = as_object(json.loads(lifecycle.text("policy")))
    except ValueError:
        return None
    found = [_rule(rule) for rule in objects(parsed.get("rules"))]
    return None if not found or None in found else [rule for rule in found if rule is not None]


def _rule(rule: Object) -> dict[str, object] | None:
    selection, action = as_object(rule.get("selection")), as_object(rule.get("action"))
    count, kind = selection.get("countNumber"), as_text(selection.get("countType"))
    is_known = (
        not {*selection} - _KEYS
        and not rule.get("description")
        and action == {"type": "expire"}
        and kind in _COUNT_TYPES
    )
    if not is_known or not isinstance(count, int):
        return None
    images: dict[str, object] = {"status": as_text(selection.get("tagStatus")) or "any"}
    for key, ours in (("tagPrefixList", "prefixes"), ("tagPatternList", "patterns")):
        named = texts(selection.get(key))
        if named:
            images[ours] = named
    return {
        "images": images,
        "count_type": kind,
        "count": count,
        "priority": rule.get("rulePriority"),
    }


def takes_tagged(lifecycle: Existing) -> bool:
    """Whether a rule may take images that are deployed, so that it has to be accepted."""
    parsed = as_object(json.loads(lifecycle.text("policy")))
    return any(
        found.severity != "note"
        for rule in objects(parsed.get("rules"))
        for found in check_selection(as_object(rule.get("selection")), archives=False)
    )
