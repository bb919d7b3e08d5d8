"""
A `sub` of a template of the repository's own.

Source: https://docs.github.com/actions/reference/security/oidc (`include_claim_keys`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.subject import encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_CONTEXT = "context"
_REPOSITORY = "repo"


def custom_subject(keys: Iterable[str], default: str, claims: Mapping[str, str]) -> str:
    """
    Join the claims that *keys* name, as GitHub does: `key:value`, a `:` in a value as `%3A`.

    Args:
        keys: In the order of `include_claim_keys`.
        default: The `sub` of the default template, whose end `context` is.
        claims: What is known of the run.

    Raises:
        InvalidValue: Nothing says what one of them is.
    """
    return ":".join(_part(key, default, claims) for key in keys)


def _part(key: str, default: str, claims: Mapping[str, str]) -> str:
    _, repository, context = default.split(":", 2)
    if key == _CONTEXT:
        return context
    if key == _REPOSITORY:
        return f"{key}:{repository}"
    if key not in claims:
        raise InvalidValue(_unknown(key, claims))
    return f"{key}:{encode(claims[key])}"


def _unknown(key: str, claims: Mapping[str, str]) -> Problem:
    known = ", ".join(("repo", _CONTEXT, *claims))
    return Problem(
        what="No flag says what this claim of the run is.",
        given=key,
        why=f"Known are: {known}.",
        fix="Give the flag that says it, or the run as a token: `--token`.",
    )
