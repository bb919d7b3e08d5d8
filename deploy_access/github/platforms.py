"""
The platforms beside GitHub whose `sub` is known, and the condition keys that AWS has for issuers.

Sources: the page of each platform; for the keys the list of `sts:AssumeRoleWithWebIdentity` in
https://docs.aws.amazon.com/service-authorization/latest/reference/list_sts.html, read 2026-11. None
of them but `sub` and `aud` was tried against AWS.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from deploy_access.github.claims import CONDITION_KEYS
from deploy_access.github.run import is_github

Holds = Literal["owner", "repository", "ref type", "ref", "environment", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectPart:
    """
    A part of a `sub`.

    Attributes:
        key: The name of its value, which stands before it where the platform writes keys.
        holds: What the value says.
        form: A regular expression for a whole value.
        is_optional: Whether there are tokens without it.
    """

    key: str
    holds: Holds
    form: str
    is_optional: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """
    A platform that runs jobs, and what its tokens say.

    Attributes:
        name: Its name.
        host: A regular expression for the URL of a provider, without `https://`. The group `owner`
            is the organization that alone has this issuer.
        is_keyed: Whether each value of `sub` has its key before it.
        separator: The text between keys and values.
        parts: The parts that `sub` may have.
        owner: The platform's word for an owner of repositories.
        repository: Its word for a repository.
        runs: The runs of a repository, in words.
        narrow: A narrow `sub`, with words in place of values.
        id_claims: The claims that AWS has a key for and that name an owner or a repository.
        keys: The other claims that AWS has a key for, beside those of every issuer.
        are_untried: Whether one list of AWS alone has these keys, so that nothing rests on them.
    """

    name: str
    host: str
    is_keyed: bool
    separator: str
    parts: tuple[SubjectPart, ...]
    owner: str
    repository: str
    runs: str
    narrow: str
    id_claims: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    are_untried: bool = False

    @property
    def required(self) -> tuple[str, ...]:
        """List the keys of the parts that every `sub` has."""
        return tuple(part.key for part in self.parts if not part.is_optional)

    def form(self, key: str) -> str:
        """Return the regular expression for the value of a part."""
        return next(part.form for part in self.parts if part.key == key)


_UUID = r"[0-9A-Fa-f-]+"
_IN_BRACES = rf"\{{{_UUID}\}}"
_FULL_REF = r"refs/\S+"
# https://docs.gitlab.com/ci/secrets/id_token_authentication/#token-payload; a project chooses which
# of its claims follow the first one (`ci_id_token_sub_claim_components` of the projects API).
_GITLAB_CLAIMS = (
    *("ci_config_ref_uri", "ci_config_sha", "deployment_action", "deployment_tier", "job_source"),
    *("namespace_id", "namespace_path", "pipeline_source", "project_visibility", "ref_path"),
    *("runner_environment", "runner_id", "sha", "user_access_level", "user_email", "user_id"),
    "user_login",
)
_GITLAB = Platform(
    name="GitLab",
    host=r"(.+\.)?gitlab[a-z0-9-]*(\..+)?",
    is_keyed=True,
    separator=":",
    parts=(
        SubjectPart(
            key="project_path",
            holds="repository",
            form=r"[\w.-]+(/[\w.-]+)*/[\w.-]+(?<!\.git)",
        ),
        SubjectPart(key="project_id", holds="repository", form=r"\d+"),
        SubjectPart(key="ref_type", holds="ref type", form="branch|tag"),
        SubjectPart(key="ref", holds="ref", form=r"(?!refs/(heads|tags)/)[^\s:]+"),
        SubjectPart(key="environment", holds="environment", form=r"[^:]*[^\s:]"),
        SubjectPart(key="ref_protected", holds="other", form="true|false"),
        SubjectPart(key="environment_protected", holds="other", form="true|false"),
        *(SubjectPart(key=claim, holds="other", form=r"[^\s:]+") for claim in _GITLAB_CLAIMS),
    ),
    owner="group",
    repository="project",
    runs="every branch, tag and merge request",
    narrow="project_path:GROUP/PROJECT:ref_type:branch:ref:BRANCH",
)
PLATFORMS = (
    # https://docs.gitlab.com/ci/cloud_services/aws/: AWS has more keys for gitlab.com alone.
    replace(
        _GITLAB,
        host=r"gitlab\.com",
        id_claims=frozenset({"namespace_id", "project_id"}),
        keys=frozenset(
            {
                *("pipeline_source", "ref_protected", "runner_environment"),
                *("user_access_level", "user_email", "user_id", "user_login"),
            }
        ),
        are_untried=True,
    ),
    _GITLAB,
    # https://support.atlassian.com/bitbucket-cloud/docs/integrate-pipelines-with-resource-servers-using-oidc/
    # The environment is there where the step has a `deployment`; a step has a new UUID in each run.
    Platform(
        name="Bitbucket",
        host=r"api\.bitbucket\.org/2\.0/workspaces/(?P<owner>[^/]+)/pipelines-config/identity/oidc",
        is_keyed=False,
        separator=":",
        parts=(
            SubjectPart(key="repository", holds="repository", form=_IN_BRACES, is_optional=False),
            SubjectPart(key="environment", holds="environment", form=_IN_BRACES),
            SubjectPart(key="step", holds="other", form=_IN_BRACES, is_optional=False),
        ),
        owner="workspace",
        repository="repository",
        runs="every branch, pull request and deployment environment",
        narrow="{REPOSITORY_UUID}:{ENVIRONMENT_UUID}:*",
    ),
    # https://circleci.com/docs/openid-connect-tokens/#format-of-the-openid-connect-id-token: the
    # last two parts are in `$CIRCLE_OIDC_TOKEN_V2` only.
    Platform(
        name="CircleCI",
        host=r"oidc\.circleci\.com/org/(?P<owner>[^/]+)",
        is_keyed=True,
        separator="/",
        parts=(
            SubjectPart(key="org", holds="owner", form=_UUID, is_optional=False),
            SubjectPart(key="project", holds="repository", form=_UUID, is_optional=False),
            SubjectPart(key="user", holds="other", form=_UUID, is_optional=False),
            SubjectPart(key="vcs-origin", holds="other", form=r"[^\s/]+(/[^\s/]+)+"),
            SubjectPart(key="vcs-ref", holds="ref", form=_FULL_REF),
        ),
        owner="organization",
        repository="project",
        runs="every branch and pull request",
        narrow="org/ORGANIZATION/project/PROJECT/user/*/vcs-origin/REPOSITORY/vcs-ref/refs/heads/"
        "BRANCH",
        id_claims=frozenset({"oidc.circleci.com/project-id"}),
    ),
)
"""Every platform, the first that matches counts; there is no rule about another issuer's `sub`."""
_OF_EVERY_ISSUER = frozenset({"amr", "aud", "email", "oaud", "sub"})


@lru_cache(maxsize=256)  # one provider stands in the policies of thousands of roles
def platform_of(provider: str, subject: str = "") -> Platform | None:
    """
    Return the platform of an issuer, or None.

    Args:
        provider: The URL of the issuer without `https://`.
        subject: A `sub` of it: GitLab runs at any host, and only its `sub` begins so.
    """
    for platform in PLATFORMS:
        if re.fullmatch(platform.host, provider, re.IGNORECASE):
            return platform
    is_gitlab = subject.startswith("project_path:") and not is_github(f"https://{provider}")
    return _GITLAB if is_gitlab else None


def owner_of(platform: Platform, provider: str) -> str | None:
    """Return the organization that alone has this issuer; None where many share it."""
    found = re.fullmatch(platform.host, provider, re.IGNORECASE)
    return found.groupdict().get("owner") if found else None


@lru_cache(maxsize=64)  # asked for each condition of a policy
def known_keys(provider: str, subject: str = "") -> frozenset[str] | None:
    """Return the claims that AWS lists a condition key for; None where that is not known."""
    if is_github(f"https://{provider}"):
        return CONDITION_KEYS
    platform = platform_of(provider, subject)
    return None if platform is None else _OF_EVERY_ISSUER | platform.id_claims | platform.keys


def is_listed(claim: str, provider: str, subject: str = "") -> bool:
    """Whether AWS lists a condition key for a claim; true where its issuer is not known here."""
    known = known_keys(provider, subject)
    return known is None or claim.casefold() in known


def untried_keys(provider: str, subject: str = "") -> frozenset[str]:
    """Return the claims of an issuer of which it is not known whether AWS compares them."""
    platform = platform_of(provider, subject)
    return platform.id_claims | platform.keys if platform and platform.are_untried else frozenset()
