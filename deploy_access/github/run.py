"""A workflow run, as far as AWS looks at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue
from deploy_access.github.issuer import GITHUB_HOST, Issuer
from deploy_access.iam.arns import Arn

if TYPE_CHECKING:
    from collections.abc import Mapping

AUDIENCE = "sts.amazonaws.com"
"""What `configure-aws-credentials` asks for unless it is told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """
    What a workflow run shows when it asks for a role.

    Attributes:
        name: What the run is called in the output.
        subject: Its `sub`.
        audience: Its `aud`, or None when nobody has said.
        provider: The issuer without `https://`, which is what condition keys begin with.
        provider_arn: The OIDC provider in IAM, or None when nobody has said.
        ids_unknown: Whether the immutable form of `sub` is as likely as the one in *subject*.
        claims: The other claims that are known.
        absent: Claims that the token does not have, for certain.
        complete: Whether the token has no claims but these.
        described: Whether somebody described it instead of having seen it.
        role_arn: The role that it asked for, or None.
        error: AWS's answer when that was a refusal.
        time: When it asked, as the event says it; the last time of those that it was seen; or None.
        first_time: The first time of those, where there are several; or None.
        duration: How long a session it asked for, in seconds, or None.
        times: How often it was seen.
        notes: What a reader should know, in sentences.
    """

    name: str
    subject: str
    audience: str | None
    provider: str = GITHUB_HOST
    provider_arn: str | None = None
    ids_unknown: bool = False
    claims: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    absent: tuple[str, ...] = ()
    complete: bool = False
    described: bool = False
    role_arn: str | None = None
    error: str | None = None
    time: str | None = None
    first_time: str | None = None
    duration: int | None = None
    times: int = 1
    notes: tuple[str, ...] = ()

    @property
    def is_github(self) -> bool:
        """Whether GitHub issued the token."""
        return is_github(f"https://{self.provider}")

    @property
    def is_server(self) -> bool:
        """Whether GitHub Enterprise Server did, whose `sub` never has ids."""
        return is_server(self.provider)


def is_github(issuer: str) -> bool:
    """Whether the URL of an issuer, which may be anything, is one of GitHub's."""
    known = _issuer(issuer)
    return known is not None and known.is_github


def is_server(provider: str) -> bool:
    """Whether the issuer of a provider, which may be any, is GitHub Enterprise Server."""
    known = _issuer(f"https://{provider}")
    return known is not None and known.is_server


def is_data_residency(provider: str) -> bool:
    """Whether the issuer of a provider, which may be any, is at ghe.com."""
    known = _issuer(f"https://{provider}")
    return known is not None and known.is_data_residency


@lru_cache(maxsize=256)  # each of thousands of conditions is held against the one of the run
def _issuer(url: str) -> Issuer | None:
    try:
        return Issuer(url)
    except InvalidValue:
        return None


def parse_provider(arn: str) -> Mapping[str, str]:
    """Take the ARN of an OIDC provider apart: `start`, `account`, `host`; or nothing."""
    found = Arn.parse(arn)
    if found is None or not found.is_iam("oidc-provider"):
        return {}
    host = found.resource_id
    return {"start": arn.removesuffix(host), "account": found.account, "host": host}
