"""The conditions and values of a trust policy that no token of any form can meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.github.oidc_trust import is_other_key
from deploy_access.github.platform_subject import problem_of
from deploy_access.github.platforms import is_listed
from deploy_access.github.run import is_github, is_server
from deploy_access.github.subject_claim import parse_subject
from deploy_access.github.subject_fault import find_fault
from deploy_access.iam.operators import read_operator
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Sequence


def is_met_by_none(
    operator: str,
    key: str,
    values: Sequence[str],
    *,
    provider: str,
    subject: str = "",
) -> bool:
    """
    Whether no token of the provider meets a condition.

    Args:
        operator: As the policy spells it.
        key: As the policy spells it.
        values: The values, of which one is enough.
        provider: What the provider's keys begin with.
        subject: A `sub` of the provider, which may show whose it is.
    """
    known = read_operator(operator)
    if known is None:
        return True
    if not known.needs_value:
        return False
    if is_other_key(key):
        return False
    prefix, _, claim = key.casefold().rpartition(":")
    if prefix != provider.casefold() or not is_listed(claim, provider, subject):
        return True
    if not known.is_textual:
        return False
    return all(
        is_dead(value, claim=claim, is_pattern=known.is_pattern, provider=provider)
        for value in values
    )


def is_dead(value: str, *, claim: str, is_pattern: bool, provider: str) -> bool:
    """
    Whether no token has such a value, or one that such a pattern matches.

    Args:
        value: The value of a condition.
        claim: The claim that it is compared with.
        is_pattern: Whether `*` and `?` are wildcards in it.
        provider: The issuer without `https://`.
    """
    if has_wildcard(value) and not is_pattern:
        return True
    if claim != "sub":
        return False
    if not is_github(f"https://{provider}"):
        return bool(problem_of(provider, value))
    parts = parse_subject(value)
    has_no_ids = parts is not None and parts.is_immutable and is_server(provider)
    return has_no_ids or find_fault(value) is not None
