"""
Why AWS refuses a run that the trust policy lets in.

Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html and
https://github.com/aws-actions/configure-aws-credentials/issues/953
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.explain.finding import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.claims.run import Run
    from deploy_access.explain.case import Case
    from deploy_access.reading.estate import Estate, Role

_REFUSED_NAME = "GitHubActions"


def find_outside(run: Run, role: Role, estate: Estate) -> Iterator[str]:
    """Name what was read and speaks against the run, in sentences."""
    if role.name == _REFUSED_NAME:
        yield f"Users report that AWS refuses a role named `{_REFUSED_NAME}`: rename it."
    seconds = role.max_session_duration
    if seconds is not None and run.duration is not None and run.duration > seconds:
        yield f"The run asks for {run.duration} s, the role gives {seconds} s at most."
    providers = [one for one in estate.providers if one.account == role.account]
    same = [one for one in providers if one.url == run.provider]
    if providers and not same:
        yield f"The account's OIDC providers that were read are not of {run.provider!r}."
    audiences = {audience for one in same for audience in one.audiences}
    if same and run.audience and audiences and run.audience not in audiences:
        known = ", ".join(sorted(audiences))
        yield f"The provider takes the audiences {known}, and not {run.audience!r}."


def disputed_claims(case: Case) -> Iterator[str]:
    """Name the claims beside `sub` and `aud`: users say AWS does not compare them everywhere."""
    result = case.nearest
    claims = {case.claim_of(check) for check in result.checks} if result else set[str]()
    other = ", ".join(f"`{claim}`" for claim in sorted(filter(None, claims - {"sub", "aud"})))
    if case.run.is_github and other:
        yield f"Users report refusals with conditions on claims such as {other}: try without."


def outside_changes(role: Role, found: tuple[str, ...]) -> Iterator[Change]:
    """List what to look at, what was found first."""
    for text in found:
        yield Change(side="account", text=text)
    command = f"aws iam get-role --role-name {role.name}"
    for text in (
        f"Compare with the policy that AWS has now: `{command}`.",
        "Look for a policy of the organization (SCP, RCP) that denies the run.",
        "See that the account has the provider: `aws iam list-open-id-connect-providers`.",
        "See that the token is fresh: it expires after minutes.",
    ):
        yield Change(side="account", text=text)
