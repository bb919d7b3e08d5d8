"""
The issuer of the tokens: the `iss` claim, and the name of the OIDC provider in IAM.

Sources: https://docs.github.com/actions/reference/security/oidc,
https://docs.github.com/enterprise-server/admin/configuring-settings (GHES),
https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.argument_types import check_arguments, check_fields
from deploy_access.errors import Problem, reject

if TYPE_CHECKING:
    from collections.abc import Iterator

GITHUB_HOST = "token.actions.githubusercontent.com"
"""The issuer of github.com, without `https://`."""
RETIRED_HOST = f"vs{GITHUB_HOST}"
"""The issuer of the beta of 2021, which signs no tokens any more."""
_URL = re.compile(r"https://[a-z0-9.-]+(/[A-Za-z0-9._~/-]*[A-Za-z0-9._~-])?")
_SLUG = re.compile(r"[A-Za-z0-9-]+")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_SERVER = "/_services/token"
_DATA_RESIDENCY = re.compile(r"token\.actions\.[a-z0-9-]+\.ghe\.com(/.+)?")
_ON_GITHUB = re.compile(rf"{re.escape(GITHUB_HOST)}(/.+)?|{_DATA_RESIDENCY.pattern}|.+{_SERVER}")
URL_LENGTH = 255
"""The longest URL of an OIDC provider, in characters (botocore, `OpenIDConnectProviderUrlType`)."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """
    Who signs the tokens.

    Attributes:
        url: The `iss` claim: `https://`, no port, no query, no slash at the end.

    Raises:
        InvalidValue: IAM would refuse the URL, or no token carries it any more.
    """

    url: str

    def __post_init__(self) -> None:
        check_fields(self)
        reject(_check_url(self.url))

    @classmethod
    @check_arguments
    def github(cls, enterprise: str | None = None) -> Issuer:
        """
        GitHub Actions on github.com.

        Args:
            enterprise: The enterprise's slug, where the enterprise put it into its issuer.
        """
        return cls(f"https://{GITHUB_HOST}{_slug(enterprise)}")

    @classmethod
    @check_arguments
    def ghe(cls, subdomain: str, enterprise: str | None = None) -> Issuer:
        """
        GitHub Enterprise Cloud with data residency, at `SUBDOMAIN.ghe.com`.

        Args:
            subdomain: The part before `.ghe.com`.
            enterprise: The enterprise's slug, where the enterprise put it into its issuer.
        """
        reject(_check_word("subdomain", subdomain, _SLUG))
        return cls(f"https://token.actions.{subdomain}.ghe.com{_slug(enterprise)}")

    @classmethod
    @check_arguments
    def ghes(cls, host: str) -> Issuer:
        """GitHub Enterprise Server at *host*, which AWS must be able to reach."""
        reject(_check_word("host", host, _HOST))
        return cls(f"https://{host}{_SERVER}")

    @property
    def condition_key_prefix(self) -> str:
        """What the provider's condition keys begin with: the URL without `https://`."""
        return self.url.removeprefix("https://")

    @property
    def host(self) -> str:
        """The host, which has owners and repositories of its own."""
        return self.condition_key_prefix.partition("/")[0]

    @property
    def is_github(self) -> bool:
        """Whether its subjects are GitHub's."""
        return _ON_GITHUB.fullmatch(self.condition_key_prefix) is not None

    @property
    def is_server(self) -> bool:
        """Whether it is GitHub Enterprise Server, which has no immutable subjects."""
        return self.condition_key_prefix.endswith(_SERVER)

    @property
    def is_data_residency(self) -> bool:
        """Whether it is at ghe.com, of which GitHub does not say whether it has immutable ones."""
        return _DATA_RESIDENCY.fullmatch(self.condition_key_prefix) is not None


def _slug(enterprise: str | None) -> str:
    if enterprise is None:
        return ""
    reject(_check_word("enterprise", enterprise, _SLUG))
    return f"/{enterprise}"


def _check_word(name: str, value: str, allowed: re.Pattern[str]) -> Iterator[Problem]:
    if not allowed.fullmatch(value):
        yield Problem(
            what=f"`{name}` is part of the issuer's URL.",
            given=value,
            why="Any other text makes a URL that no token carries as `iss`.",
            fix="Use it as the address line of the browser shows it, in lower case.",
        )


def _check_url(url: str) -> Iterator[Problem]:
    if RETIRED_HOST in url:
        yield Problem(
            what="This issuer was GitHub's in the beta of 2021.",
            given=url,
            why="GitHub signs no token with it any more, so the role can never be assumed.",
            fix=f"Use Issuer.github(), which is 'https://{GITHUB_HOST}'.",
        )
    elif not _URL.fullmatch(url) or len(url) > URL_LENGTH:
        yield Problem(
            what=f"The issuer is an `https://` URL of at most {URL_LENGTH} characters, without "
            "port, query and a slash at the end.",
            given=url,
            why="IAM refuses it, or compares it with `iss` letter by letter and never matches.",
            fix="Copy `issuer` from its `/.well-known/openid-configuration`.",
        )
