"""
The causes outside of a trust policy, for a run that it lets in and that AWS refused.

Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.explain.diagnose import cause_of
from deploy_access.explain.finding import ProposedChange
from deploy_access.explain.role_lookup import is_bare, read_arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.explain.case import Case
    from deploy_access.explain.finding import Cause
    from deploy_access.github.run import Run
    from deploy_access.terraform.estate import Estate, Role

# https://github.com/aws-actions/configure-aws-credentials/issues/953
_REFUSED_NAME = "GitHubActions"
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html (`RoleName`)
_ROLE_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_BY_ERROR = {
    "AccessDenied": "Look for a policy of the organization that denies the run (SCP of the role's "
    "account, RCP), and for the policy of the endpoint for STS if the runner is in a VPC.",
    "Validation": "Compare `role-duration-seconds` with the role's `MaxSessionDuration`, and "
    "`role-session-name` with the characters that AWS takes.",
    "InvalidIdentityToken": "See that the account has the provider, with the run's audience among "
    "its client ids: `aws iam list-open-id-connect-providers`.",
    "ExpiredToken": "See that the token is fresh: it expires after minutes.",
    "IDPCommunicationError": "See that AWS can reach the issuer from the internet.",
    "RegionDisabled": "See that STS is active in the region: the account has to enable it.",
    "PackedPolicyTooLarge": "Give the session fewer or shorter policies and tags.",
}
"""The places to check by the beginning of AWS's answer."""


def find_outside(run: Run, role: Role, estate: Estate) -> Iterator[str]:
    """List the facts outside of the trust policy that speak against the run, as sentences."""
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


def outside_cause(case: Case, found: tuple[str, ...]) -> Cause:
    """
    Return the cause with the places to check.

    Args:
        case: The run that the policy lets in.
        found: What is known to speak against it, which comes first.
    """
    texts = (*found, *_disputed_claims(case), *_places(case))
    changes = [ProposedChange(side="account", text=text) for text in texts]
    time = case.run.time or "the event"
    return cause_of("outside-policy", *changes, error=case.run.error, time=time)


def _disputed_claims(case: Case) -> Iterator[str]:
    """Name the claims besides `sub` and `aud`, which AWS does not compare everywhere, users say."""
    result = case.nearest
    claims = {case.claim_of(check) for check in result.checks} if result else set[str]()
    other = ", ".join(f"`{claim}`" for claim in sorted(filter(None, claims - {"sub", "aud"})))
    if case.run.is_github and other:
        yield (
            f"Users report refusals with conditions on claims such as {other}: try a role that "
            "compares `aud` and `sub` alone."
        )


def _places(case: Case) -> Iterator[str]:
    """List what to look at, by AWS's answer; of an answer that is in no row, everything."""
    command = get_role(case.run, case.role)
    yield f"Compare with the policy that AWS has now, if the role is there: `{command}`."
    error = case.run.error or ""
    by_error = [text for start, text in _BY_ERROR.items() if error.startswith(start)]
    yield from by_error or _BY_ERROR.values()


def get_role(run: Run, role: Role) -> str:
    """Return the command that prints a role; a policy by itself has the name of its file."""
    asked = read_arn(run.role_arn or "").get("name")
    name = asked or "NAME" if is_bare(role) else role.name
    return f"aws iam get-role --role-name {name if _ROLE_NAME.fullmatch(name) else 'NAME'}"
