"""The conditions and values of a trust policy that no token of any form can meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.github.claims import CONDITION_KEYS
from deploy_access.github.oidc_trust import is_other_key
from deploy_access.github.subject_claim import is_key, parse_subject
from deploy_access.iam.operators import read_operator
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Sequence


def is_met_by_none(
    operator: str, key: str, values: Sequence[str], *, provider: str, is_github: bool
) -> bool:
    """
    Whether no token of the provider meets a condition.

    Args:
        operator: As the policy spells it.
        key: As the policy spells it.
        values: The values, of which one is enough.
        provider: What the provider's keys begin with.
        is_github: Whether GitHub is the issuer, whose claims are known.
    """
    known = read_operator(operator)
    if known is None:
        return True
    if not known.needs_value:
        return False
    if is_other_key(key):
        return False
    prefix, _, claim = key.casefold().rpartition(":")
    if prefix != provider.casefold() or (is_github and claim not in CONDITION_KEYS):
        return True
    if not known.is_textual:
        return False
    is_subject = claim == "sub" and is_github
    return all(
        is_dead(value, is_pattern=known.is_pattern, is_subject=is_subject) for value in values
    )


def is_dead(value: str, *, is_pattern: bool, is_subject: bool) -> bool:
    """Whether no token has such a value, or one that such a pattern matches."""
    if has_wildcard(value) and not is_pattern:
        return True
    if not is_subject:
        return False
    parts = parse_subject(value)
    if parts is not None:
        return parts.is_malformed
    key = value.partition(":")[0]
    return not has_wildcard(value) and (key == "repo" or not is_key(key))
