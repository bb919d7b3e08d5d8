"""
The policy that says who may assume a role.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.iam.policy import WEB_IDENTITY
from deploy_access.iam.statement import PolicyDocument, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from deploy_access.github.subject import Subject

_Required = tuple[tuple[str, tuple[str, ...]], ...]
_Group = tuple[_Required, _Required, str]


def trust_policy(
    *,
    provider_arn: str,
    condition_key_prefix: str,
    audiences: Sequence[str],
    subjects: Sequence[Subject],
) -> PolicyDocument:
    """
    Let *subjects* assume a role through the OIDC provider at *provider_arn*.

    Conditions of one statement must all match, so subjects that are compared differently, or
    require different claims, become statements of their own.
    """
    groups = sorted(_group(subjects).items())
    names = _names([group for group, _ in groups])
    return PolicyDocument(
        tuple(
            Statement(
                sid=name,
                actions=[WEB_IDENTITY],
                principals={"Federated": [provider_arn]},
                conditions=_conditions(condition_key_prefix, audiences, group, values),
            )
            for name, (group, values) in zip(names, groups, strict=True)
        )
    )


def _group(subjects: Iterable[Subject]) -> dict[_Group, list[str]]:
    groups: dict[_Group, list[str]] = {}
    for subject in subjects:
        required = tuple(sorted(subject.requires.items()))
        alike = tuple(sorted(subject.requires_like.items()))
        for operator, values in (
            ("StringEquals", subject.exact),
            ("StringLike", subject.patterns),
        ):
            if values:
                groups.setdefault((required, alike, operator), []).extend(values)
    return groups


def _conditions(
    prefix: str, audiences: Sequence[str], group: _Group, values: Sequence[str]
) -> Mapping[str, Mapping[str, Sequence[str]]]:
    required, alike, operator = group
    conditions: dict[str, dict[str, Sequence[str]]] = {"StringEquals": {f"{prefix}:aud": audiences}}
    for compared, claims in (("StringEquals", required), ("StringLike", alike)):
        for key, wanted in claims:
            conditions.setdefault(compared, {})[f"{prefix}:{key}"] = wanted
    conditions.setdefault(operator, {})[f"{prefix}:sub"] = values
    return conditions


def _names(groups: Sequence[_Group]) -> list[str]:
    """Name statements by what they compare; a number keeps equal names apart."""
    names: list[str] = []
    for required, alike, operator in groups:
        kind = "Exact" if operator == "StringEquals" else "Pattern"
        claims = "".join(key.title().replace("_", "") for key, _ in (*required, *alike))
        base = f"Trust{kind}{'Requiring' + claims if claims else ''}"
        taken = sum(1 for name in names if name.rstrip("0123456789") == base)
        names.append(base if not taken else f"{base}{taken + 1}")
    return names
