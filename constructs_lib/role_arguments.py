"""The checks of a role's arguments that go together: quotas, notes, who may assume it, accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lib.role_checks import (
    check_audience,
    check_partition_of,
    check_people,
    check_policies_of,
    check_subjects,
)
from deploy_access.audit.finding import check_accept
from deploy_access.iam import limits
from deploy_access.workflow.setting_checks import check_hints

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from constructs_lib.aws_target import AwsTarget
    from constructs_lib.oidc_provider import OidcProviderBase
    from deploy_access.acceptance import Acceptance
    from deploy_access.errors import Problem
    from deploy_access.github.subject import Subject
    from deploy_access.iam.people import TrustedRole
    from deploy_access.iam.statement import Statement


def check_quotas(trust_policy: int, managed_policies: int) -> Iterator[Problem]:
    """Check what the account is said to allow a role."""
    yield from limits.check_trust_policy_quota(trust_policy)
    yield from limits.check_managed_policies_quota(managed_policies)


def check_notes(
    accept: Mapping[str, str | Acceptance], workflow: Mapping[str, object] | None
) -> Iterator[Problem]:
    """Check what becomes metadata and no policy: accepted rules, and hints for the workflow."""
    yield from check_accept(accept)
    yield from check_hints(workflow)


def check_trusted(
    provider: OidcProviderBase,
    subjects: Sequence[Subject],
    audience: str | None,
    roles: Sequence[str | TrustedRole],
    users: Sequence[str],
) -> Iterator[Problem]:
    """Check who may assume a role: workflows through *provider*, and people beside them."""
    yield from check_subjects(subjects, provider.issuer)
    yield from check_people(roles, users)
    yield from check_audience(audience, provider.audiences)


def check_place(
    target: AwsTarget,
    boundary: str | None,
    managed_policies: Sequence[str],
    people: Sequence[Statement],
) -> Iterator[Problem]:
    """Check that what a role refers to by ARN is of its account and its partition."""
    yield from check_policies_of(target, boundary, managed_policies)
    yield from check_partition_of(target, people)
