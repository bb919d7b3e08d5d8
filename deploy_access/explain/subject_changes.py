"""What to change where a `sub` is not what the policy wants."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.explain.causes import SUBJECT_CAUSES, WORKFLOW_CHANGES
from deploy_access.explain.finding import Cause, Change
from deploy_access.explain.parts import parse_subject
from deploy_access.explain.snippets import quoted, subject_forms
from deploy_access.subject import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator

_ANOTHERS = {"other-owner", "other-repository", "other-ids"}
_NAMED = {"environment-in-policy", "other-environment", "other-branch", "other-tag"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """
    A `sub` and what a condition wants instead.

    Attributes:
        key: The condition key.
        operator: The operator.
        held: What the token carries.
        wanted: The nearest value of the policy.
        is_listed: Whether the condition has other values too.
    """

    key: str
    operator: str
    held: str
    wanted: str
    is_listed: bool = False

    def fields(self) -> dict[str, str]:
        """List what the sentences are filled with."""
        found = {"operator": self.operator}
        for side, text in (("held", self.held), ("wanted", self.wanted)):
            parts = parse_subject(text)
            found[f"{side}_context"] = (parts and parts.context_text) or text
            found[f"{side}_value"] = (parts and parts.value) or text
            found[f"{side}_repository"] = parts.repository if parts else text
        return found


def subject_cause(cause: str, difference: Difference) -> Cause:
    """Write the cause, and every change that mends it."""
    return Cause(
        id=cause,
        text=SUBJECT_CAUSES[cause].format(**difference.fields()),
        changes=(*_in_policy(cause, difference), *_in_workflow(cause, difference)),
    )


def _in_policy(cause: str, difference: Difference) -> Iterator[Change]:
    values = [difference.held]
    other = _immutable_form(difference)
    if cause == "immutable-subject-in-policy" and other:
        values.append(other)
    forms = subject_forms(difference.key, *values)
    if difference.is_listed and cause != "bad-ref":
        added = ", ".join(json.dumps(value, ensure_ascii=False) for value in values)
        forms = (("JSON", added), *forms[1:])
    yield Change(side="policy", text=_policy_text(cause, difference), forms=forms)
    if cause == "wildcard-under-equals":
        text = json.dumps({"StringLike": {difference.key: difference.wanted}}, ensure_ascii=False)
        yield Change(
            side="policy",
            text="Or, if the pattern is meant as one:",
            forms=(("JSON", text[1:-1]),),
        )


def _policy_text(cause: str, difference: Difference) -> str:
    if cause == "pull-request":
        return "If the role only reads, trust pull requests; whoever opens one gets in:"
    if cause in _ANOTHERS:
        return "If this repository is meant, trust it by its own value:"
    if cause == "bad-ref":
        return f"In the policy, change {difference.wanted!r} to:"
    if cause == "immutable-subject-in-policy":
        return "While the repository has the legacy form, trust both:"
    if difference.is_listed:
        return "In the policy, add to the values of the condition on `sub`:"
    return "In the policy, make the condition on `sub`:"


def _immutable_form(difference: Difference) -> str | None:
    """Write the token's `sub` with the ids that the policy has."""
    token, policy = parse_subject(difference.held), parse_subject(difference.wanted)
    if token is None or policy is None or not policy.owner_id or not policy.repo_id:
        return None
    if has_wildcard(policy.owner_id + policy.repo_id):
        return None
    repository = f"{token.owner}@{policy.owner_id}/{token.name}@{policy.repo_id}"
    return f"repo:{repository}:{token.context_text}"


def _in_workflow(cause: str, difference: Difference) -> Iterator[Change]:
    if cause not in WORKFLOW_CHANGES:
        return
    policy = parse_subject(difference.wanted)
    if policy is None or (cause in _NAMED and has_wildcard(policy.value)):
        return
    forms: tuple[tuple[str, str], ...] = ()
    if cause in {"environment-in-policy", "other-environment"}:
        forms = (("YAML", f"environment: {_yaml(policy.value.replace('%3A', ':'))}"),)
    text = WORKFLOW_CHANGES[cause].format(**difference.fields())
    yield Change(side="workflow", text=f"{text[:-1]}:" if forms else text, forms=forms)


def _yaml(text: str) -> str:
    plain = text.replace("-", "").replace("_", "").isalnum() and not text[0].isdigit()
    return text if plain else quoted(text)
