"""Checks of the arguments of an OIDC provider: audiences, thumbprints and its ARN."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from deploy_access.errors import Problem
from deploy_access.github.issuer import GITHUB_HOST
from deploy_access.iam.limits import check_many, is_reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# The limits of IAM: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
_THUMBPRINT = re.compile(r"[0-9a-fA-F]{40}")
_MOST_AUDIENCES = 100
_MOST_THUMBPRINTS = 5
_AUDIENCE = re.compile(r"[!#-\[\]-~]{1,255}")


def check_audiences(audiences: Sequence[str] | None) -> Iterator[Problem]:
    """Check the values of `aud` that a provider takes."""
    if audiences is None:
        return
    yield from check_many("audiences", audiences, empty=False)
    wrong = [a for a in audiences if not is_reference(a) and not _AUDIENCE.fullmatch(a)]
    if len(audiences) > _MOST_AUDIENCES or wrong:
        yield Problem(
            what=f"A provider takes up to {_MOST_AUDIENCES} audiences of 1 to 255 characters, "
            "without spaces, quotes and backslashes.",
            given=wrong or len(audiences),
            why="IAM refuses more, and longer ones.",
            fix="Keep those that your workflows ask for; the AWS action asks for one.",
        )


def check_thumbprints(thumbprints: Sequence[str] | Literal["read"] | None) -> Iterator[Problem]:
    """Check the thumbprints of certificates, or the word that has one read."""
    if thumbprints is None or thumbprints == "read":
        return
    yield from check_many("thumbprints", thumbprints, empty=True)
    if isinstance(thumbprints, str):
        return
    wrong = [t for t in thumbprints if not is_reference(t) and not _THUMBPRINT.fullmatch(t)]
    if len(thumbprints) > _MOST_THUMBPRINTS or wrong:
        yield Problem(
            what=f"A provider takes up to {_MOST_THUMBPRINTS} thumbprints of 40 hex digits.",
            given=wrong or len(thumbprints),
            why="IAM refuses any other.",
            fix="Leave them out: AWS trusts public issuers by its own list of authorities.",
        )


def not_a_provider_arn(arn: str) -> Problem:
    """Return the problem that *arn* is not the ARN of an OIDC provider."""
    return Problem(
        what="`arn` is that of an OIDC provider, as text.",
        given=arn,
        why="The issuer, and with it the condition keys of every role, are read from it.",
        fix=f"For example 'arn:aws:iam::111122223333:oidc-provider/{GITHUB_HOST}'.",
    )
