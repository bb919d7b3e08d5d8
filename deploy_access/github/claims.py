"""
The claims of GitHub's tokens that AWS has condition keys for, and what a policy compares them with.

Source: the Service Authorization Reference of `sts:AssumeRoleWithWebIdentity`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypedDict, cast, get_type_hints

from deploy_access.errors import Problem
from deploy_access.github.name_rules import check_policy_text
from deploy_access.iam.references import has_wildcard

Values = str | Sequence[str]
"""One value, or several of which any matches."""


class Claims(TypedDict, total=False):
    """
    The claims beside `sub` and `aud` that AWS can test.

    Whether AWS honours them in every account is in dispute (two field reports of 2026 say no), so
    they are an addition to `sub`, never a replacement.
    """

    actor: Values
    actor_id: Values
    enterprise_id: Values
    environment: Values
    job_workflow_ref: Values
    ref: Values
    repository: Values
    repository_id: Values
    repository_owner_id: Values
    workflow: Values


CLAIMS = tuple(sorted(get_type_hints(Claims)))
"""The names of `Claims`: every condition key that AWS has for GitHub alone."""
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
CONDITION_KEYS = frozenset({*CLAIMS, "amr", "aud", "email", "oaud", "sub"})
"""The claims of GitHub's tokens that AWS has condition keys for, those of any issuer included."""


def check_claim(key: str, given: object, *, pattern: bool) -> Iterator[Problem]:
    """Check what a claim is compared with: a text or some, each exact or each a pattern."""
    if key not in CLAIMS:
        yield Problem(
            what=f"AWS has no condition key for the claim {key!r}.",
            given=given,
            why="A condition on an unknown key never matches, so the role could not be assumed.",
            fix=f"Use one of {', '.join(CLAIMS)}.",
        )
    method = "requiring_pattern" if pattern else "requiring"
    values = _listed(given)
    if not values:
        yield Problem(
            what=f"`{method}({key}=...)` names at least one value.",
            given=given,
            why="A comparison with nothing never holds, so nobody could assume the role.",
            fix="Name a value, or leave the claim out.",
        )
    for value in values:
        yield from _check_value(f"{method}({key}=...)", value, pattern=pattern)


def _listed(given: object) -> Sequence[object]:
    if isinstance(given, str | bytes) or not isinstance(given, Sequence):
        return [given]
    return cast("Sequence[object]", given)


def _check_value(where: str, value: object, *, pattern: bool) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(
            what=f"`{where}` takes text.",
            given=value,
            why="Claims are compared as text, also those that hold a number.",
            fix=f"Write '{value}' in quotes.",
        )
        return
    yield from check_policy_text(where, value)
    if pattern and value[:1] in {"*", "?"}:
        yield Problem(
            what=f"`{where}` needs literal text before the first wildcard.",
            given=value,
            why="Without it whoever is kept out can choose a value that matches.",
            fix="Begin it with what is yours, for example 'refs/heads/release/*'.",
        )
    elif pattern and value and not has_wildcard(value):
        yield Problem(
            what=f"`{where}` takes a pattern.",
            given=value,
            why="Without `*` or `?` it means one exact value, and should read like one.",
            fix="Use `requiring`.",
        )
    elif not pattern and has_wildcard(value):
        yield Problem(
            what=f"`{where}` takes one exact value.",
            given=value,
            why="It is compared with `StringEquals`, where a wildcard matches nothing.",
            fix="Write the value as the token carries it, or use `requiring_pattern`.",
        )
